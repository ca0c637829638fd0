// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_diagnostic.h"

#include <utility>

namespace vedette::rules {

base::Diagnostic MakeError(std::string code, std::string message) {
  base::Diagnostic diagnostic;
  diagnostic.severity = base::Severity::kError;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  return diagnostic;
}

base::Diagnostic MakeWarning(std::string code, std::string message) {
  base::Diagnostic diagnostic = MakeError(std::move(code), std::move(message));
  diagnostic.severity = base::Severity::kWarning;
  return diagnostic;
}

RuleDiagnostic AtKey(const Rule& rule, std::string_view key, base::Diagnostic diagnostic) {
  RuleDiagnostic out = AtLine(rule.origin.path, rule.origin.line, std::move(diagnostic));
  out.rule_name = rule.name;
  if (rule.origin.file == nullptr) return out;
  out.source = rule.origin.file;
  auto found = rule.origin.places.find(key);
  while (found == rule.origin.places.end()) {
    const std::size_t dot = key.rfind('.');
    if (dot == std::string_view::npos) break;
    key = key.substr(0, dot);
    found = rule.origin.places.find(key);
  }
  if (found != rule.origin.places.end()) out.diagnostic.span = found->second;
  const auto place = out.source->PlaceOf(out.diagnostic.span.begin);
  out.line = place.line;
  out.column = place.column;
  return out;
}

RuleDiagnostic InQuery(const Rule& rule, base::Diagnostic diagnostic) {
  RuleDiagnostic out = AtLine(rule.origin.path, rule.origin.line, std::move(diagnostic));
  out.rule_name = rule.name;
  out.source = rule.query_source;
  // In JSON a query's line breaks are escapes: the object's line is the only true one.
  if (rule.origin.file == nullptr || out.source == nullptr) return out;
  const auto place = out.source->PlaceOf(out.diagnostic.span.begin);
  out.line = place.line;
  out.column = place.column;
  return out;
}

RuleDiagnostic AtLine(std::string path, std::uint32_t line, base::Diagnostic diagnostic) {
  RuleDiagnostic out;
  out.path = std::move(path);
  out.line = line;
  out.diagnostic = std::move(diagnostic);
  return out;
}

std::string Render(const RuleDiagnostic& diagnostic, bool colour) {
  std::string text = base::RenderDiagnostic(diagnostic.diagnostic, diagnostic.source.get(), colour);
  if (diagnostic.source != nullptr) return text;
  std::string place = "  --> " + diagnostic.path + ":" + std::to_string(diagnostic.line);
  if (!diagnostic.rule_name.empty()) place += " (rule \"" + diagnostic.rule_name + "\")";
  const std::size_t first_line = text.find('\n');
  text.insert(first_line == std::string::npos ? text.size() : first_line, "\n" + place);
  return text;
}

}  // namespace vedette::rules
