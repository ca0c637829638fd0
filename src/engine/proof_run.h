// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "eql/checker.h"
#include "rules/proof.h"
#include "rules/rule.h"

namespace vedette::engine {

/// A proof whose streams were run.
struct ProofReport {
  enum class Verdict : std::uint8_t {
    kProved,      ///< the witness fires, every near miss stays silent
    kNeverFires,  ///< shown: the conditions exclude each other
    kNotProved,   ///< see `reasons`
    kNotEql,      ///< not a rule that this can say anything about
  };
  Verdict verdict = Verdict::kNotProved;
  /// Why not, for people, one sentence each.
  std::vector<std::string> reasons;
  /// What the proof found out about the rule: conditions that the others imply, fields that must
  /// hold several values. No failures.
  std::vector<std::string> findings;
  std::size_t near_misses = 0;
  rules::Proof proof;
};
/// `proved`, `never_fires`, `not_proved`, `not_eql`.
std::string_view VerdictName(ProofReport::Verdict verdict);

/// Makes the proof of a query and runs it, each stream on an engine of its own. Typically some
/// milliseconds. kNotProved with the first diagnostic when the query does not compile.
ProofReport ProveQuery(const base::Source& source, eql::Dialect dialect,
                       const eql::CheckOptions& options, const rules::ProofLimits& limits = {});
/// The same for a rule with its own options.
ProofReport ProveRule(const rules::Rule& rule, const rules::ProofLimits& limits = {});

}  // namespace vedette::engine
