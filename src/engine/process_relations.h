// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "engine/keyed_hash.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::engine {

struct ProcessRelationOptions {
  /// Processes remembered over all hosts; past it the ones heard of longest ago go.
  std::size_t max_processes = 1'000'000;
  /// Processes are known by a hash of what names them; a secret of the process.
  std::uint64_t hash_seed = 0;
};

/// What process relations need to know of an event: found by any worker, small enough to travel
/// without the event.
struct ProcessFacts {
  std::optional<Hash128> process;
  std::optional<Hash128> parent;
  bool process_event = false;
  std::uint64_t marks = 0;  ///< endpoint relations whose inner query the event matches
};

/// The relations in a checked query, those inside others first: the order of ProcessRelations.
std::vector<const eql::Relation*> RelationsOf(const eql::Query& query);

/// Truth of `child of`, `descendant of` and `event of`, from what the stream itself has shown.
/// Endgame: reference 12.3, sets per occurrence, processes leave when they end. Endpoint: reference
/// 14.3, an ancestor that ever matched counts, also after its death. Events in event order; one
/// thread. Cost per event: one evaluation per inner query, plus the depth of the process tree.
class ProcessRelations {
 public:
  explicit ProcessRelations(const ProcessRelationOptions& options = {});
  ~ProcessRelations();
  ProcessRelations(ProcessRelations&&) noexcept;
  ProcessRelations& operator=(ProcessRelations&&) noexcept;

  /// Takes the relations of a checked query, which outlives this. False: more than 64 endpoint
  /// relations together.
  bool Add(const eql::Query& query, event::FieldTable& fields, const eql::CheckOptions& options);
  bool empty() const;

  /// Takes the event in; afterwards holding() is about it.
  void Observe(const event::Event& event, base::Arena& scratch);
  /// Endpoint relations that do not stand in one another: the facts of an event are all they need.
  bool takes_facts() const;
  /// The slots that KeysOf reads.
  std::vector<event::FieldId> key_slots() const;
  /// Process and parent of an event; the rest of the facts is the caller's. Const: any thread.
  ProcessFacts KeysOf(const event::Event& event) const;
  /// Observe() by facts. Only if takes_facts().
  void Observe(const ProcessFacts& facts);
  /// The same without holding(): for events that no rule asks it of. Spares the way up the tree.
  void Learn(const ProcessFacts& facts);
  const std::unordered_set<const eql::Relation*>& holding() const;
  /// Processes that had to be forgotten for want of room.
  std::uint64_t evicted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
