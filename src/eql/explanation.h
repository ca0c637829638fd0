// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::eql {

enum class Verdict : std::uint8_t { kFalse, kTrue, kNull };
/// "false", "true" or "null".
std::string_view VerdictName(Verdict verdict);

/// A field, or an expression over fields, and what it was for the event.
struct SeenValue {
  std::string name;
  std::string json;  ///< one JSON value; texts past 4 KiB are cut and end with `…`
  bool missing() const { return json == "null"; }
};

/// One node of a condition over one event.
struct Explanation {
  enum class Kind : std::uint8_t {
    kAnd,
    kOr,
    kNot,   ///< also `e == false` of a boolean expression
    kTest,  ///< `e == true` of a boolean expression
    kLeaf,
  };
  Kind kind = Kind::kLeaf;
  Verdict verdict = Verdict::kFalse;
  std::uint32_t distance = 0;   ///< leaves that would have to turn out otherwise
  std::string text;             ///< the condition as the printer writes it
  std::string hint;             ///< why a leaf may surprise, empty for most
  std::vector<SeenValue> seen;  ///< of leaves
  std::vector<Explanation> parts;
};

/// How far an event is from being matched. Less is nearer.
struct Nearness {
  bool other_category = false;
  std::uint32_t distance = 0;  ///< leaves that would have to turn out otherwise; 0: none
  std::uint32_t untried = 0;   ///< parts of the topmost `and` from the first that fails on
  auto operator<=>(const Nearness&) const = default;
  bool matches() const { return !other_category && distance == 0; }
};

/// An event query over one event, told in full.
struct EventExplanation {
  bool matches = false;
  std::string category;  ///< that the query asks for, empty for `any`
  bool of_category = true;
  SeenValue category_seen;               ///< what the event has in its place
  std::optional<Explanation> condition;  ///< none: `where true` without a tree
};

/// One sentence, without a full stop, on what fails first; among alternatives that of the nearest.
/// Empty when the event matches.
std::string FirstReason(const EventExplanation& explanation);

/// Tells why an event query did or did not match, with the semantics of Interpreter: each node is
/// asked of the same evaluation. Slow: O(nodes x depth) per event, meant for a person's question.
/// Threads as Interpreter.
class ConditionExplainer {
 public:
  /// `query` must have passed Check() with the same table and options and outlive this. Unfolded
  /// queries keep the words of their author.
  ConditionExplainer(const EventQuery& query, Dialect dialect, event::FieldTable& fields,
                     const CheckOptions& options);
  ~ConditionExplainer();
  ConditionExplainer(ConditionExplainer&&) noexcept;

  Nearness Measure(const event::Event& event, base::Arena& scratch,
                   const Surroundings& around = {}) const;
  EventExplanation Explain(const event::Event& event, base::Arena& scratch,
                           const Surroundings& around = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::eql
