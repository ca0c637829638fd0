// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eql/ast.h"
#include "eql/checker.h"
#include "event/field_table.h"
#include "rules/rule.h"

namespace vedette::engine {

/// A rule that cannot take part, and why.
struct SkippedRule {
  std::string name;
  std::string path;
  std::string reason;
};

/// A rule and its query, checked and folded, ready for a matcher.
struct CompiledRule {
  rules::Rule rule;
  eql::Query query;
  eql::CheckOptions options;
  /// One event does not decide it: sequence, sample, join or process relation.
  bool needs_state = false;
};

/// Parses, checks and folds the query of a rule. Empty, with a line in `skipped`, when the rule
/// does not run: stored only, not compiling, or with a pipe that a stream cannot serve. A lone
/// `| tail` or `| head` is dropped: on a stream every result is reported (reference 13.3).
std::optional<CompiledRule> CompileRule(const rules::Rule& rule, event::FieldTable& fields,
                                        std::vector<SkippedRule>& skipped);

}  // namespace vedette::engine
