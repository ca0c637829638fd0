// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::engine {

/// TEST SIDE ONLY. One value of a join key: null before booleans before numbers before texts.
struct DefinedKeyPart {
  int rank = 0;
  double number = 0;  ///< the keys of random events are small numbers
  std::string text;
  bool operator==(const DefinedKeyPart&) const = default;
  std::partial_ordering operator<=>(const DefinedKeyPart&) const = default;
};
using DefinedKey = std::vector<DefinedKeyPart>;

DefinedKeyPart KeyPartOf(const event::Value& value, bool fold_case);
/// The key that a result of the engine reports as a JSON array.
DefinedKey KeyFromJson(std::string_view json, bool fold_case);
std::string Describe(const DefinedKey& key);

/// TEST SIDE ONLY. The keys of an event for one item (reference 10.3 and 10.7).
class DefinedKeyReader {
 public:
  DefinedKeyReader(std::span<const eql::ExprPtr> global, std::span<const eql::ExprPtr> own,
                   eql::Dialect dialect, const eql::CheckOptions& options);
  /// Ascending, without duplicates; none when a part that is not optional has no value.
  std::vector<DefinedKey> KeysOf(const event::Event& event, base::Arena& scratch) const;
  bool empty() const { return parts_.empty(); }

 private:
  struct Part {
    const eql::Expr* expr;
    eql::Expression expression;
  };
  std::vector<DefinedKeyPart> ValuesOf(const Part& part, const event::Event& event,
                                       base::Arena& scratch) const;
  std::vector<Part> parts_;
  bool endgame_;
  bool fold_case_;
};

}  // namespace vedette::engine
