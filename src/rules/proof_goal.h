// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eql/ast.h"
#include "event/schema.h"

/// What the prover wants to be true or false of the events that it makes up.
namespace vedette::rules {

/// A field of one of the events. Members of elements that `_arraysearch` looks at are written
/// `array#2.member`.
struct Variable {
  std::uint32_t event = 0;
  std::string path;
  auto operator<=>(const Variable&) const = default;
};

/// What names in an expression refer to: the event, and the array elements bound around it.
struct Scope {
  std::uint32_t event = 0;
  /// `$entry` or the array's own path -> `array#2`.
  std::vector<std::pair<std::string, std::string>> elements;
};
using ScopePtr = std::shared_ptr<const Scope>;

/// The field that `field` means in `scope`; names that the schema calls aliases give their target.
Variable Resolve(const eql::Field& field, const Scope& scope);
/// Adds every variable that `expr` reads (not inside `_arraysearch` bodies or relations).
void AddVariables(const eql::Expr& expr, const Scope& scope, std::set<Variable>& out);

/// A condition in negation normal form: all of, any of, or one leaf with the truth it must have.
/// Leaves are those of reference 7.3; `!=` and `not in` stand for their positive twins with the
/// opposite truth.
struct Goal {
  enum class Kind : std::uint8_t { kTrue, kFalse, kAll, kAny, kLeaf };
  Kind kind = Kind::kTrue;
  std::vector<Goal> parts;
  const eql::Expr* leaf = nullptr;
  bool positive = true;
  ScopePtr scope;
};

/// `expr` must outlive the goal.
Goal MakeGoal(const eql::Expr& expr, bool positive, const ScopePtr& scope, eql::Dialect dialect);
Goal Not(const Goal& goal);
Goal AllOf(std::vector<Goal> parts);
Goal AnyOf(std::vector<Goal> parts);

/// `leaf` as written says the opposite of its positive form (`!=`, `not in`).
bool IsNegativeForm(const eql::Expr& leaf);

/// Leaves with a meaning of their own to the solver.
/// The operand when `leaf` is a test for null, else null.
const eql::Expr* NullTested(const eql::Expr& leaf);
/// The call when `leaf` searches an array.
const eql::Call* ArraySearch(const eql::Expr& leaf);

/// Expressions that no person wrote: "the category is …", "the keys are equal". Owns them.
class Expressions {
 public:
  /// `path` of event number `event`, readable from any scope.
  static eql::ExprPtr FieldOf(std::uint32_t event, std::string_view path);
  const eql::Expr& Equal(eql::ExprPtr left, eql::ExprPtr right);
  const eql::Expr& IsText(std::uint32_t event, std::string_view path, std::string text);
  const eql::Expr& IsNull(std::uint32_t event, std::string_view path);
  const eql::Expr& Keep(eql::ExprPtr expr);

 private:
  std::deque<eql::ExprPtr> owned_;
};

}  // namespace vedette::rules
