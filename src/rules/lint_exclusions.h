// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/rule.h"
#include "rules/rule_diagnostic.h"
#include "rules/rule_test_file.h"

namespace vedette::rules {

/// R030: a list of more than ten excluded values with some that no silent case of `tests` (one with
/// `fires = false`) shows. A value is shown by an event whose field holds it. Nothing for rules
/// whose query is not EQL or has an error, and nothing that the rule allows.
std::vector<RuleDiagnostic> LintExclusions(const Rule& rule, const RuleTestFile& tests);

}  // namespace vedette::rules
