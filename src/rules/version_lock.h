// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/rule_diagnostic.h"

/// The version lock of a detection-rules repository: which rule ids were published as what.
namespace vedette::rules {

struct LockedRule {
  std::string type;
  std::string sha256;  ///< of the canonical content
  std::int64_t version = 0;
};
struct VersionLock {
  std::map<std::string, LockedRule, std::less<>> rules;        ///< by rule_id
  std::map<std::string, std::string, std::less<>> deprecated;  ///< rule_id to the rule's name
};

/// Adds `version.lock.json`: an object of rule_id to `{type, sha256, version}`. kInvalidArgument
/// when it is not that.
base::Result<void> ReadVersionLock(std::string_view json, VersionLock& lock);
/// Adds `deprecated_rules.json`: an object of rule_id to `{rule_name, …}`.
base::Result<void> ReadDeprecatedRules(std::string_view json, VersionLock& lock);

/// R024 (a deprecated rule's id is used again, the type changed) and R025 (`version` or `revision`
/// in a TOML file, where the lock counts), without what the rules allow.
std::vector<RuleDiagnostic> LintAgainstLock(const std::vector<Rule>& rules,
                                            const VersionLock& lock);

}  // namespace vedette::rules
