// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_diagnostic.h"

namespace vedette::rules {

/// How strict lint is (rules.md section 16).
enum class Profile {
  kMinimal,  ///< only what keeps a rule from doing its work: R006, R008, R022
  kCustom,   ///< what somebody's own rule directory should meet; the default of `rules check`
  kElastic,  ///< the public repository's rules: some warnings become errors
};
/// minimal, custom, elastic.
std::optional<Profile> ProfileFromName(std::string_view name);

/// Findings about one rule apart from its query's language (see CheckQuery): R003, R006 to R031 as
/// far as they apply to its type. Pure; order follows the rule's members.
std::vector<RuleDiagnostic> LintRule(const Rule& rule, Profile profile);

/// Findings between rules: R002 (equal rule_id, equal name), R029 (equal query), without what the
/// rules allow.
std::vector<RuleDiagnostic> LintRuleSet(const std::vector<Rule>& rules, Profile profile);

}  // namespace vedette::rules
