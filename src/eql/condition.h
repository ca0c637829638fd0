// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::eql {

/// Kleene's three values.
enum class Truth : std::uint8_t { kFalse, kTrue, kNull };
Truth Not(Truth t);

/// If `comparison` is `e == true`, `e != false`, … with a boolean expression e (not a field, not a
/// literal): e, and whether the comparison means e itself or its negation (reference 7.3, step 2).
struct BooleanTest {
  const ExprPtr* operand;
  bool positive;
};
std::optional<BooleanTest> AsBooleanTest(const Comparison& comparison);

/// The slots that an expression reads from its own event, ascending, without duplicates. Fields
/// read through an alias are not among them.
std::vector<event::FieldId> FieldsOf(const Expr& expr);

/// A part of a condition, prepared once and asked by itself: what the engine does not decide from
/// tables. Same answers as Interpreter. Any thread may ask, each with its own arena.
class Condition {
 public:
  /// `expr` belongs to a checked query and outlives this.
  Condition(const Expr& expr, Dialect dialect, const CheckOptions& options);
  ~Condition();
  Condition(Condition&&) noexcept;
  Condition& operator=(Condition&&) noexcept;
  Truth Decide(const event::Event& event, base::Arena& scratch) const;
  /// Null whatever the event holds.
  bool always_null() const;
  /// Of a regular expression's leaf: Regex::RequiredTexts; of any other: empty.
  std::vector<std::string> required_texts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::eql
