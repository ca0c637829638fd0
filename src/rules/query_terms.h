// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "eql/ast.h"
#include "eql/checker.h"
#include "event/schema.h"

/// What lint knows of a condition: a tree of `and` and `or` over terms, negation pushed down to
/// them. Elasticsearch and Endpoint EQL only, whose leaves are true or false and never null, so
/// that `not` is classical (reference 7 and 8).
namespace vedette::rules {

/// The values that one leaf accepts of its field.
struct ValueSet {
  enum class Kind : std::uint8_t {
    kOpaque,    ///< not a constant test of one field: nothing is concluded from it
    kItems,     ///< one of `items`
    kRange,     ///< numbers from `low` to `high`
    kAny,       ///< any value at all: `field != null`
    kConstant,  ///< no field in it; `constant` is its value
  };
  struct Item {
    std::variant<std::string, double, bool> value;
    bool pattern = false;  ///< text with `*` or `?`
    base::Span span;
  };

  Kind kind = Kind::kOpaque;
  std::vector<Item> items;
  bool insensitive = false;  ///< letters compare without case
  double low = 0, high = 0;
  bool low_open = false, high_open = false;
  bool constant = false;
};

/// A leaf or its negation.
struct Term {
  ValueSet values;
  std::string field;      ///< dotted; empty when opaque without one field
  bool optional = false;  ///< written `?field`
  bool single = false;    ///< the schema says that events hold one value of it
  bool positive = true;  ///< false: holds when the leaf does not, thus for events without the field
  const eql::Expr* expr = nullptr;
};

struct Formula {
  enum class Kind : std::uint8_t { kAnd, kOr, kTerm };
  Kind kind = Kind::kTerm;
  std::vector<Formula> children;
  Term term;
  const eql::Expr* expr = nullptr;  ///< what it was made of
  bool negated = false;             ///< an odd number of `not` stands above `expr`
};

/// The formula of a checked condition. `options` and `dialect` serve to evaluate what holds no
/// field. Depth is the parser's bound.
Formula MakeFormula(const eql::Expr& condition, eql::Dialect dialect,
                    const eql::CheckOptions& options, const event::Schema& schema);

/// Relations between terms of the same field. Each is sound, not complete: `true` is proved,
/// `false` only means that it was not. Cost: items x items; `budget` is lowered by that and at zero
/// everything answers false.
class TermRelations {
 public:
  explicit TermRelations(std::size_t budget) : budget_(budget) {}
  /// No event satisfies both.
  bool Exclude(const Term& a, const Term& b);
  /// Every event that satisfies `inner` satisfies `outer`.
  bool Implies(const Term& inner, const Term& outer);
  /// Every value that fits `inner_item` fits `outer_item`; the sets say how letters compare.
  bool ItemCovers(const ValueSet& outer, const ValueSet::Item& outer_item, const ValueSet& inner,
                  const ValueSet::Item& inner_item);

 private:
  bool Subset(const ValueSet& inner, const ValueSet& outer);
  bool Disjoint(const ValueSet& a, const ValueSet& b);
  bool Spend();
  std::size_t budget_;
};

/// The same term with the opposite sign.
Term Negated(const Term& term);

}  // namespace vedette::rules
