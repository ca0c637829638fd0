// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "service/rule_costs.h"

namespace vedette::cli {

/// What `rules cost` has found, for its three forms.
struct RuleCostReport {
  const service::DetectionSet* set;
  const service::RuleCostStats* stats;  ///< null: without events
  const service::RulePrices* prices;
  std::size_t top;  ///< at most so many rules and predicates; 0: all
};

/// For people. With events: the dearest rules, what makes them dear, the dear comparisons, each
/// with how to write it cheaper. Without: the index of each rule.
std::string CostPage(const RuleCostReport& report, std::size_t width, bool colour);
/// One object with `rules` and `predicates` (docs/reference/rules-cost.md).
std::string CostJson(const RuleCostReport& report);
/// The same, a line for the run, each rule and each predicate, told apart by `kind`.
std::string CostLines(const RuleCostReport& report);

}  // namespace vedette::cli
