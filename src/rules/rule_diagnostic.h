// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "rules/rule.h"

namespace vedette::rules {

/// A finding with its place in a file. `line` and `column` always count in `path`; `source` is what
/// the diagnostic's spans point into, null where there is nothing worth showing.
struct RuleDiagnostic {
  std::string path;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string rule_name;  ///< empty when the file never became a rule
  std::shared_ptr<const base::Source> source;
  base::Diagnostic diagnostic;

  bool is_error() const { return diagnostic.severity == base::Severity::kError; }
};

base::Diagnostic MakeError(std::string code, std::string message);
base::Diagnostic MakeWarning(std::string code, std::string message);

/// Puts a finding about a member (`rule.name`, `rule.threat.0.tactic.id`, `metadata.maturity`) at
/// its value; where that has no place of its own, at the nearest enclosing one, else at the rule.
RuleDiagnostic AtKey(const Rule& rule, std::string_view key, base::Diagnostic diagnostic);
/// Puts a finding whose spans point into the query at its place in the file.
RuleDiagnostic InQuery(const Rule& rule, base::Diagnostic diagnostic);
/// A finding about a file as a whole, at one of its lines.
RuleDiagnostic AtLine(std::string path, std::uint32_t line, base::Diagnostic diagnostic);

/// As base::RenderDiagnostic, with the place even when there is no source. Ends with a newline.
std::string Render(const RuleDiagnostic& diagnostic, bool colour);

}  // namespace vedette::rules
