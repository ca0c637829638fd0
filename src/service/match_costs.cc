// SPDX-License-Identifier: Apache-2.0
#include "service/match_costs.h"

#include <algorithm>
#include <unordered_set>

namespace vedette::service {

using engine::ConditionTrees;
using engine::NodeId;
using engine::PredicateId;

void MatchCosts::Add(const engine::Matcher& matcher) {
  const engine::MatcherCounters more = matcher.counters();
  counters.events += more.events;
  counters.signature_misses += more.signature_misses;
  counters.sets_built += more.sets_built;
  counters.value_lookups += more.value_lookups;
  counters.value_misses += more.value_misses;
  counters.candidates += more.candidates;
  counters.asked += more.asked;
  counters.flushes += more.flushes;
  counters.bytes += more.bytes;
  conditions.resize(matcher.costs().size());
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    conditions[i].candidates += matcher.costs()[i].candidates;
    conditions[i].hits += matcher.costs()[i].hits;
    conditions[i].unindexed += matcher.costs()[i].unindexed;
  }
  asked.resize(matcher.asked().size());
  for (std::size_t i = 0; i < asked.size(); ++i) asked[i] += matcher.asked()[i];
}

std::size_t RuleOf(const DetectionSet& set, engine::ConditionId condition) {
  const engine::RuleConditions::Place& place = set.conditions().place(condition);
  const bool decided = place.role == engine::RuleConditions::Role::kDecided;
  return place.owner + (decided ? 0 : set.first_stateful());
}

std::vector<NodeId> NodesOf(const ConditionTrees& trees, NodeId root) {
  std::vector<NodeId> nodes{root};
  std::unordered_set<NodeId> seen{root};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto kind = trees.kind(nodes[i]);
    if (kind != ConditionTrees::Kind::kAnd && kind != ConditionTrees::Kind::kOr) continue;
    for (const NodeId child : trees.children(nodes[i])) {
      if (seen.insert(child).second) nodes.push_back(child);
    }
  }
  return nodes;
}

std::vector<std::vector<PredicateId>> PredicatesByRule(const DetectionSet& set) {
  std::vector<std::vector<PredicateId>> out(set.size());
  const engine::ConditionSet& conditions = set.conditions().set();
  const ConditionTrees& trees = conditions.trees();
  for (engine::ConditionId i = 0; i < conditions.size(); ++i) {
    for (const NodeId node : NodesOf(trees, conditions.root(i))) {
      const auto kind = trees.kind(node);
      if (kind != ConditionTrees::Kind::kHolds && kind != ConditionTrees::Kind::kFails) continue;
      out[RuleOf(set, i)].push_back(trees.predicate(node));
    }
  }
  for (auto& predicates : out) {
    std::sort(predicates.begin(), predicates.end());
    predicates.erase(std::unique(predicates.begin(), predicates.end()), predicates.end());
  }
  return out;
}

std::vector<RuleWork> WorkByRule(const DetectionSet& set, const MatchCosts& costs) {
  std::vector<RuleWork> out(set.size());
  for (engine::ConditionId i = 0; i < costs.conditions.size(); ++i) {
    RuleWork& rule = out[RuleOf(set, i)];
    rule.candidates += costs.conditions[i].candidates;
    rule.unindexed += costs.conditions[i].unindexed;
    rule.hits += costs.conditions[i].hits;
  }
  const auto predicates = PredicatesByRule(set);
  for (std::size_t rule = 0; rule < out.size(); ++rule) {
    for (const PredicateId predicate : predicates[rule]) {
      if (predicate < costs.asked.size()) out[rule].asked += costs.asked[predicate];
    }
  }
  return out;
}

}  // namespace vedette::service
