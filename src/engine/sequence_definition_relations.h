// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::engine {

/// TEST SIDE ONLY, an oracle: which process relations hold for which event of a stored list, as
/// reference sections 12.3 (EG) and 14.3 (EP) say. Processes of one host; EG knows them by `pid`
/// and `ppid`, EP by their entity ids. Quadratic.
class RelationDefinition {
 public:
  /// `query` passed Check() with the same table and options and outlives this.
  RelationDefinition(const eql::Query& query, event::FieldTable& fields,
                     const eql::CheckOptions& options);
  std::vector<std::unordered_set<const eql::Relation*>> Holding(
      std::span<const event::Event> events) const;

 private:
  struct Occurrence {
    const eql::Relation* relation;
    eql::Interpreter inner;
  };
  using Holdings = std::vector<std::unordered_set<const eql::Relation*>>;

  void FollowEndgame(const Occurrence& occurrence, std::span<const event::Event> events,
                     Holdings& holdings) const;
  void FollowEndpoint(const Occurrence& occurrence, std::span<const event::Event> events,
                      Holdings& holdings) const;
  bool InnerMatches(const Occurrence& occurrence, const event::Event& event,
                    const std::unordered_set<const eql::Relation*>& holding) const;
  bool IsProcessEvent(const event::Event& event) const;
  std::string Text(const event::Event& event, event::FieldId field) const;
  std::string EntityId(const event::Event& event, const char* path) const;

  bool endgame_;
  event::FieldId category_, type_, pid_, ppid_, subtype_, process_name_, process_;
  std::vector<Occurrence> occurrences_;  ///< inner ones before the outer ones that ask them
  mutable base::Arena scratch_{4096};
};

}  // namespace vedette::engine
