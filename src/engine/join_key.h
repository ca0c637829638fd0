// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <span>
#include <string>
#include <vector>

#include "base/arena.h"
#include "engine/pending_table.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::engine {

/// The key under which an event takes part in one item; values lie in the event or in `scratch`.
struct JoinKey {
  KeyHash hash;
  std::span<const event::Value> values;
};

/// Order of results that end with the same event: null first, then by kind, numbers by value, texts
/// by bytes.
std::weak_ordering CompareKeyValues(const event::Value& a, const event::Value& b);

/// Reads the join keys of one item (reference 10.3 and 10.7). Values are compared exactly and
/// typed; numbers and dates by value; in Endgame EQL without regard to case unless the switch says
/// so. Immutable; any thread.
class JoinKeyReader {
 public:
  /// Past this an event with several multi-valued key fields yields no further combinations.
  static constexpr std::size_t kMaxCombinations = 1024;

  /// The expressions belong to a checked query and outlive this. `seed` is a secret of the process.
  JoinKeyReader(std::span<const eql::ExprPtr> global, std::span<const eql::ExprPtr> own,
                eql::Dialect dialect, const eql::CheckOptions& options, std::uint64_t seed);

  /// Appends the event's keys without duplicates, in the order of their values: several when a
  /// field has several values, none when a part that is not optional has none (ES, EP). Returns
  /// false if combinations were left out.
  bool Read(const event::Event& event, base::Arena& scratch, std::vector<JoinKey>& out) const;
  std::size_t parts() const { return parts_.size(); }

 private:
  struct Part {
    const eql::Expr* expr;
    bool optional;
    eql::Expression expression;
  };
  bool ValuesOf(const Part& part, const event::Event& event, base::Arena& scratch,
                std::vector<event::Value>& values) const;
  JoinKey MakeKey(std::span<const event::Value> values, base::Arena& scratch) const;
  void Encode(const event::Value& value, const eql::Expr& expr, base::Arena& scratch,
              std::string& out) const;

  eql::Dialect dialect_;
  bool fold_case_;
  std::uint64_t seed_;
  std::vector<Part> parts_;
};

}  // namespace vedette::engine
