// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "engine/matcher.h"
#include "service/detection_set.h"

namespace vedette::service {

/// What the matchers of one run did, added up. A matcher learns from the events that it sees, so
/// that these sums say how much work was done, which depends on how many shared it; what was found
/// does not. One thread.
struct MatchCosts {
  engine::MatcherCounters counters;
  std::vector<engine::ConditionCost> conditions;  ///< by condition of the set
  std::vector<std::uint64_t> asked;               ///< by predicate of the set

  /// All matchers are of one set.
  void Add(const engine::Matcher& matcher);
};

/// What one rule took part in, all its conditions together.
struct RuleWork {
  std::uint64_t candidates = 0;  ///< events times conditions that the index could not exclude
  std::uint64_t unindexed = 0;   ///< of these, those that only the lack of an index made
  std::uint64_t hits = 0;        ///< events times conditions that held
  /// Questions to the evaluator about predicates that the rule names; those of a predicate that
  /// several rules share count for each of them.
  std::uint64_t asked = 0;
};

/// By number of the rule. O(conditions and their nodes).
std::vector<RuleWork> WorkByRule(const DetectionSet& set, const MatchCosts& costs);

/// The number of the rule that a condition belongs to.
std::size_t RuleOf(const DetectionSet& set, engine::ConditionId condition);

/// Every node below and including `root`, each once.
std::vector<engine::NodeId> NodesOf(const engine::ConditionTrees& trees, engine::NodeId root);

/// The predicates of each rule, ascending. O(conditions and their nodes).
std::vector<std::vector<engine::PredicateId>> PredicatesByRule(const DetectionSet& set);

}  // namespace vedette::service
