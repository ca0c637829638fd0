// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "engine/match.h"
#include "engine/process_relations.h"
#include "engine/retained_events.h"
#include "engine/sequence_machine.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::engine {

struct StatementOptions {
  SequenceLimits sequence;
  std::size_t max_samples_per_key = 1;
  /// For a sample that runs on a stream: the time its events lie in; unset, results come at Finish.
  std::optional<base::Duration> sample_window;
  /// Partials kept a stage for keyless sequences that refer to earlier events (reference 14.2).
  std::uint32_t alias_ring = 32;
  /// Secret of the process that hashes of join keys are seeded with.
  std::uint64_t hash_seed = 0;
};

/// Fields of `query` that later items read through an alias; RetainedEvents must keep them.
std::vector<event::FieldId> AliasFields(const eql::Query& query);

/// Slots that a StatementRunner reads of an event whose items are decided: join keys, and all that
/// items read which ask for more than the event.
std::vector<event::FieldId> StateFields(const eql::Query& query, event::FieldTable& fields,
                                        const eql::CheckOptions& options);

/// One checked statement (event query, sequence, sample, join) over a stream of events in event
/// order. Pipes are not its business (pipes.h). One thread.
class StatementRunner {
 public:
  /// `query` passed Check() with the same table and options and outlives this, as do `events` and
  /// `relations`. `relations` knows the query's process relations and observes every event before
  /// Process(); null when it has none.
  StatementRunner(const eql::Query& query, event::FieldTable& fields,
                  const eql::CheckOptions& check, const StatementOptions& options,
                  RetainedEvents& events, const ProcessRelations* relations);
  ~StatementRunner();
  StatementRunner(StatementRunner&&) noexcept;

  /// Results may come with the mere passing of time (a missing item at the end).
  bool decides_by_clock() const;

  /// `events.Begin(event, …)` was called. Appends results that are decided now. `items`: those that
  /// the event may take part in, as RuleMatcher found them; the others are not looked at.
  void Process(const event::Event& event, base::Arena& scratch, std::vector<Match>& out,
               std::uint64_t items);
  /// The same, every item being asked here.
  void Process(const event::Event& event, base::Arena& scratch, std::vector<Match>& out);
  /// Whether Process(…, items) can do anything now. False is certain.
  bool Awaits(std::uint64_t items) const;
  /// The clock of the stream went on without an event of interest.
  void AdvanceTo(base::Timestamp time, std::vector<Match>& out);
  /// The input ends.
  void Finish(std::vector<Match>& out);
  SequenceCounters counters() const;
  /// Moves of a sequence's partials, for explanations; others have none.
  void Observe(SequenceObserver observer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A query by itself, with everything a StatementRunner needs: events in, results out.
class QueryRunner {
 public:
  /// `query` passed Check() with `fields` and `check`. kInvalidArgument when the query asks for
  /// more than the engine has (64 endpoint relations).
  static base::Result<QueryRunner> Build(eql::Query query, event::FieldTable& fields,
                                         const eql::CheckOptions& check,
                                         const StatementOptions& options = {});
  ~QueryRunner();
  QueryRunner(QueryRunner&&) noexcept;
  /// Events in event order. `source` comes back in the retained events.
  void Process(const event::Event& event, base::Arena& scratch, std::vector<Match>& out,
               std::uint32_t source = 0);
  void Finish(std::vector<Match>& out);
  /// The query has process relations: every event must be shown to it.
  bool follows_processes() const;
  bool decides_by_clock() const;
  SequenceCounters counters() const;
  /// As of StatementRunner.
  void Observe(SequenceObserver observer);
  /// The process relations of the query that hold for the event last processed.
  const std::unordered_set<const eql::Relation*>& holding() const;
  const eql::Query& query() const;
  /// Outlives the matches only as long as this runner.
  const RetainedEvents& events() const;

 private:
  struct Impl;
  explicit QueryRunner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
