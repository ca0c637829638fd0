// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_diagnostic.h"
#include "rules/toml_document.h"

namespace vedette::rules {

struct TomlRead {
  std::optional<Rule> rule;  ///< empty when the text is no TOML or holds no rule
  std::vector<RuleDiagnostic> diagnostics;
};

/// Reads a detection-rules file (`[metadata]`, `[rule]`, `[transform]`) or, when it looks like one,
/// an endpoint behaviour rule. The result has the API's shape: placeholders expanded, the Setup
/// section moved, new_terms flat.
TomlRead ReadTomlRule(const std::string& path, std::string text);

/// The rule as a TOML file: sorted keys, query last, threat and transform tables after; a behaviour
/// rule in its own layout. Reading it back gives an equal rule, save that JSON nulls inside
/// free-form members are dropped (TOML has none) and derived members (required_fields,
/// related_integrations) and store members (id, revision, created_at, …) are not written.
std::string WriteTomlRule(const Rule& rule);

}  // namespace vedette::rules
