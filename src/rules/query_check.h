// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "eql/checker.h"
#include "rules/rule.h"
#include "rules/rule_diagnostic.h"
#include "rules/rule_lint.h"

namespace vedette::rules {

/// The language options that a rule's members set (category, timestamp and tiebreaker fields).
eql::CheckOptions CheckOptionsFor(const Rule& rule);

/// Parses and checks an EQL rule's query against the ECS schema, appends its findings at their
/// places in the file, sets `rule.stored_only` for what this build cannot execute, and fills
/// `required_fields` when the source gave none. For other languages only `stored_only` is set.
/// False when the query has an error: the rule must be refused. Above Profile::kMinimal a good
/// query is linted too (see LintQuery).
bool CheckQuery(Rule& rule, Profile profile, std::vector<RuleDiagnostic>& diagnostics);

}  // namespace vedette::rules
