// SPDX-License-Identifier: Apache-2.0
#include "engine/predicate_oracle.h"

namespace vedette::engine {

PredicateOracle::PredicateOracle(const ConditionSet& set)
    : set_(&set), lone_slots_(set.table().size()) {}

bool PredicateOracle::Holds(PredicateId predicate, const event::Event& event,
                            base::Arena& scratch) {
  const MatchedPredicate& it = set_->predicates()[predicate];
  if (it.query != nullptr) {
    auto found = queries_.find(predicate);
    if (found == queries_.end()) {
      found = queries_
                  .emplace(predicate,
                           eql::Interpreter(*it.query, it.dialect, set_->table(), *it.options))
                  .first;
    }
    return found->second.Matches(event, scratch);
  }
  // A predicate without a leaf (the category of a query) holds for texts only.
  if (it.leaf == nullptr) return false;
  auto found = conditions_.find(predicate);
  if (found == conditions_.end()) {
    found = conditions_.emplace(predicate, eql::Condition(*it.leaf, it.dialect, *it.options)).first;
  }
  return found->second.Decide(event, scratch) == it.wanted;
}

bool PredicateOracle::HoldsFor(PredicateId predicate, const event::Value& value,
                               base::Arena& scratch) {
  event::Value& slot =
      lone_slots_[static_cast<std::size_t>(set_->predicates()[predicate].slots[0])];
  slot = value;
  event::Event event;
  event.slots = lone_slots_;
  const bool holds = Holds(predicate, event, scratch);
  slot = {};
  return holds;
}

}  // namespace vedette::engine
