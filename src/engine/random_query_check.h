// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/random_query.h"

namespace vedette::engine {

/// TEST SIDE ONLY. What the evaluators said about one case.
struct CaseOutcome {
  std::string refusal;     ///< not empty: the query does not compile
  std::string difference;  ///< not empty: who differs from whom, and both answers
  std::size_t results = 0;
};

/// Runs the case through every evaluator of a table, and against the definition; printed and read
/// again it must be the same query; a run that stops and begins anew where the window begins must
/// go on the same. `stop`: where.
CaseOutcome CompareEvaluators(const RandomCase& one, std::size_t stop);

/// Runs all queries of `cases` in one StatefulRules over the events of the first: each must give
/// what it gives alone. Cases that do not compile are left out.
CaseOutcome CompareTogether(std::span<const RandomCase> cases);

}  // namespace vedette::engine
