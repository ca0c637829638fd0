// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "service/dear_predicates.h"
#include "service/match_costs.h"
#include "service/rule_cost_run.h"
#include "service/rule_index.h"

namespace vedette::service {

/// Bytes that the lowered conditions of each rule take. What rules share (equal comparisons, equal
/// parts of conditions, the tables of a field) is split evenly among them, so that the sum is what
/// the set takes (ConditionSet::bytes) but for the rounding.
std::vector<std::uint64_t> BytesByRule(const DetectionSet& set);

/// The price tag of one rule.
struct RulePrice {
  std::size_t rule = 0;  ///< number in the set
  RuleWork work;
  double seconds = 0;  ///< estimated; RuleCostStats
  std::uint64_t bytes = 0;
  std::vector<ConditionIndex> indexes;  ///< by condition
  /// The first of its conditions that has no index; kTables when all have one.
  IndexKind weakest = IndexKind::kTables;
};

/// A comparison that costs more than a look-up.
struct PredicatePrice {
  engine::PredicateId predicate = 0;
  PredicateKind kind = PredicateKind::kTable;
  std::uint64_t asked = 0;
  double seconds = 0;
  std::vector<std::size_t> rules;  ///< that name it
};

struct RulePrices {
  std::vector<RulePrice> rules;            ///< dearest first
  std::vector<PredicatePrice> predicates;  ///< dearest first; none that a table decides cheaply
};

/// `stats`: of a run; null: what lowering alone tells. Dearest first means: by estimated time, else
/// by candidates and questions, then those without an index, then by bytes and name.
RulePrices PriceRules(const DetectionSet& set, const RuleCostStats* stats);

}  // namespace vedette::service
