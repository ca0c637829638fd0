// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::engine {

struct ProcessRelationOptions {
  /// Processes remembered over all hosts; past it the ones heard of longest ago go.
  std::size_t max_processes = 1'000'000;
};

/// Truth of `child of`, `descendant of` and `event of`, from what the stream itself has shown.
/// Endgame: reference 12.3, sets per occurrence, processes leave when they end. Endpoint: reference
/// 14.3, an ancestor that ever matched counts, also after its death. Events in event order; one
/// thread. Cost per event: one evaluation per inner query, plus the depth of the process tree.
class ProcessRelations {
 public:
  explicit ProcessRelations(const ProcessRelationOptions& options = {});
  ~ProcessRelations();
  ProcessRelations(ProcessRelations&&) noexcept;

  /// Takes the relations of a checked query, which outlives this. False: more than 64 endpoint
  /// relations together.
  bool Add(const eql::Query& query, event::FieldTable& fields, const eql::CheckOptions& options);
  bool empty() const;

  /// Takes the event in; afterwards holding() is about it.
  void Observe(const event::Event& event, base::Arena& scratch);
  const std::unordered_set<const eql::Relation*>& holding() const;
  /// Processes that had to be forgotten for want of room.
  std::uint64_t evicted() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
