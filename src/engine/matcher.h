// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/arena.h"
#include "engine/condition_set.h"
#include "event/event.h"
#include "event/raw_event.h"

namespace vedette::engine {

/// Which conditions an event is subject to at all (by its index); see Matcher::AddOrigin.
using OriginId = std::uint32_t;

struct MatcherOptions {
  /// Bound on what is remembered of values, all fields together.
  std::size_t memo_bytes = 24 * 1024 * 1024;
  /// Bound on classes, residual sets and programs; past it they are forgotten and built anew.
  std::size_t residual_bytes = 38 * 1024 * 1024;
  /// Secret of the process that hashes are seeded with.
  std::uint64_t seed = 0;
};

/// What a matcher did. Sums since it was made.
struct MatcherCounters {
  std::uint64_t events = 0;
  std::uint64_t signature_misses = 0;  ///< combinations of low fields' values not remembered
  std::uint64_t sets_built = 0;        ///< residual sets
  std::uint64_t value_lookups = 0;
  std::uint64_t value_misses = 0;  ///< values classified anew
  std::uint64_t candidates = 0;    ///< conditions that the index could not exclude
  std::uint64_t asked = 0;         ///< questions to the evaluator about an event
  std::uint64_t flushes = 0;       ///< how often everything was forgotten for want of room
  std::uint64_t bytes = 0;         ///< now, all of the above
};

/// What one condition took part in.
struct ConditionCost {
  std::uint64_t candidates = 0;  ///< events for which its residual program ran
  std::uint64_t hits = 0;
  std::uint64_t unindexed = 0;  ///< of the candidates, those that only the lack of an index made
};

/// What the matcher learned of a field's values.
struct FieldCounters {
  std::uint64_t lookups = 0;  ///< values asked for, elements of lists included
  std::uint64_t misses = 0;   ///< of these, not remembered: classified anew
};

/// Decides all conditions of a set about one event after the other, in time that follows the event
/// and not their number.
///
/// The way of an event: the values of the fields that discriminate choose a state; in it the values
/// of the fields that repeat choose a residual set, that is what is left of every condition once
/// these values are known; the classes of the remaining fields choose candidates by their
/// witnesses; what is left of a candidate runs as a flat program. Everything is found by hashes of
/// the values' bytes and built when it is first needed. docs/explanation/matching.md.
///
/// One per thread. Steady state allocates nothing. Answers never depend on what is remembered.
class Matcher {
 public:
  /// Both outlive this; `set` is lowered, and the table of `projector` has every field that the set
  /// reads.
  Matcher(const ConditionSet& set, const event::Projector& projector,
          const MatcherOptions& options = {});
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  /// Events of this origin are subject to condition i if `eligible[i]`. Equal origins may be added
  /// again. O(conditions).
  OriginId AddOrigin(const std::vector<bool>& eligible);

  /// Sets `hits` to the ascending ids of the conditions that hold.
  void Match(const event::RawEvent& event, OriginId origin, std::vector<ConditionId>& hits);
  /// The same for an event whose slots were laid by the projector.
  void Match(const event::Event& event, OriginId origin, std::vector<ConditionId>& hits);

  MatcherCounters counters() const;
  /// By number of the field in the set.
  std::vector<FieldCounters> field_counters() const;
  const std::vector<ConditionCost>& costs() const;
  /// Candidates that a question to the evaluator was asked for, by predicate.
  const std::vector<std::uint64_t>& asked() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
