// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "engine/condition_set.h"
#include "eql/condition.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::engine {

/// Decides predicates as the interpreter would: those that no table decides, and any predicate for
/// a value of a kind that its tables do not know. Prepares a leaf at its first question. One
/// thread.
class PredicateOracle {
 public:
  /// `set` outlives this.
  explicit PredicateOracle(const ConditionSet& set);
  /// `event.slots` holds what the predicate reads.
  bool Holds(PredicateId predicate, const event::Event& event, base::Arena& scratch);
  /// The same for an event that has nothing but this value.
  bool HoldsFor(PredicateId predicate, const event::Value& value, base::Arena& scratch);

 private:
  const ConditionSet* set_;
  std::unordered_map<PredicateId, eql::Condition> conditions_;
  std::unordered_map<PredicateId, eql::Interpreter> queries_;
  std::vector<event::Value> lone_slots_;
};

}  // namespace vedette::engine
