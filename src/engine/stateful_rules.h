// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/arena.h"
#include "engine/match.h"
#include "engine/process_relations.h"
#include "engine/rule_compiler.h"
#include "engine/rule_conditions.h"
#include "engine/statement_runner.h"
#include "event/event.h"

namespace vedette::engine {

struct StatefulOptions {
  SequenceLimits sequence;
  std::uint64_t hash_seed = 0;  ///< a secret of the process
};

/// The rules that one event does not decide, and their state over one stream. Which events may
/// move which rules on is found on any worker, without state (RuleMatcher); Process() takes those
/// events, in event order, on one thread.
class StatefulRules {
 public:
  /// `fields`: the table that the rules were compiled with. What is read beyond that is added.
  StatefulRules(event::FieldTable& fields, const StatefulOptions& options);
  ~StatefulRules();
  StatefulRules(StatefulRules&&) noexcept;
  StatefulRules& operator=(StatefulRules&&) noexcept;

  /// `rule` outlives this. False when the rules together ask for more than there is (64 endpoint
  /// relations). Before the first event.
  bool Add(const CompiledRule& rule);
  void Start();
  std::size_t size() const;
  const rules::Rule& rule(std::size_t i) const;
  /// Some rule follows processes in a way that only whole events serve: every event must come to
  /// Process, whatever it matches.
  bool wants_every_event() const;
  /// Some rule follows processes: the facts of every process event, and of every event that a
  /// relation's query may match, must come to Process or Observe.
  bool wants_facts() const;
  /// For workers; const from Start() on.
  const ProcessRelations& relations() const;
  /// What Process() reads of an event, besides its time: slots of the table.
  const std::vector<event::FieldId>& slots() const;

  struct Found {
    std::uint32_t rule = 0;
    Match match;
  };
  /// The next event in event order, for the rules and items that it may take part in.
  /// `facts`: of the event, if they are known already; only if wants_facts().
  void Process(const event::Event& event, std::uint32_t source, std::span<const StageHit> hits,
               base::Arena& scratch, std::vector<Found>& out, const ProcessFacts* facts = nullptr);
  /// The next event in event order, of which nothing but facts matters.
  void Observe(const ProcessFacts& facts);
  /// Whether Process() would do anything with these hits: some item is a first one, or awaited.
  /// What it is certain to pass over needs not even be read.
  bool AwaitsAny(std::span<const StageHit> hits) const;
  /// The input ends.
  void Finish(std::vector<Found>& out);
  SequenceCounters counters(std::size_t rule) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
