// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_lint.h"

#include <map>
#include <string>
#include <utility>

#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

/// The query without the blanks that do not count: enough to see that two rules are one.
std::string Squeezed(std::string_view query) {
  std::string out;
  char quote = '\0';
  for (const char c : query) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (quote == '\0' && blank) continue;
    if (c == '"' || c == '\'') quote = quote == '\0' ? c : (quote == c ? '\0' : quote);
    out.push_back(c);
  }
  return out;
}

std::string PlaceText(const Rule& rule) {
  return rule.origin.path + ":" + std::to_string(rule.origin.line);
}

}  // namespace

base::Diagnostic& LintContext::Error(const std::string& key, const char* code,
                                     std::string message) const {
  out.push_back(AtKey(rule, "rule." + key, MakeError(code, std::move(message))));
  return out.back().diagnostic;
}

base::Diagnostic& LintContext::Warn(const std::string& key, const char* code,
                                    std::string message) const {
  out.push_back(AtKey(rule, "rule." + key, MakeWarning(code, std::move(message))));
  return out.back().diagnostic;
}

std::optional<Profile> ProfileFromName(std::string_view name) {
  if (name == "minimal") return Profile::kMinimal;
  if (name == "custom") return Profile::kCustom;
  if (name == "elastic") return Profile::kElastic;
  return std::nullopt;
}

std::vector<RuleDiagnostic> LintRule(const Rule& rule, Profile profile) {
  std::vector<RuleDiagnostic> out;
  const LintContext lint{rule, profile, out};
  if (rule.form == RuleForm::kBehavior) {
    if (profile == Profile::kMinimal) return out;
    if (rule.name.empty()) lint.Error("name", "R003", "a rule needs a `name`");
    if (rule.os_list.empty())
      lint.Warn("os_list", "R003", "a behaviour rule should name `os_list`");
    LintThreat(lint);
    return out;
  }
  LintRequired(lint);
  LintSchedule(lint);
  LintValues(lint);
  if (profile == Profile::kMinimal) return out;
  LintThreat(lint);
  LintPresentation(lint);
  return out;
}

std::vector<RuleDiagnostic> LintRuleSet(const std::vector<Rule>& rules, Profile profile) {
  std::vector<RuleDiagnostic> out;
  std::map<std::string, const Rule*, std::less<>> ids;
  std::map<std::string, const Rule*, std::less<>> names;
  std::map<std::string, const Rule*, std::less<>> queries;
  for (const Rule& rule : rules) {
    const LintContext lint{rule, profile, out};
    if (const auto [first, fresh] = ids.emplace(rule.rule_id, &rule); !fresh) {
      const std::string message = "rule_id " + rule.rule_id + " is used twice";
      const bool other_query =
          rule.form == RuleForm::kBehavior && rule.query != first->second->query;
      auto& issue = other_query ? lint.Warn("rule_id", "R002", message)
                                : lint.Error("rule_id", "R002", message);
      issue.notes.push_back("first in " + PlaceText(*first->second));
    }
    if (profile == Profile::kMinimal) continue;
    if (const auto [first, fresh] = names.emplace(rule.name, &rule); !fresh && !rule.name.empty()) {
      const std::string message = "two rules are named \"" + rule.name + "\"";
      // The same name for another platform is common in endpoint artefacts.
      auto& issue = profile == Profile::kElastic && rule.form == RuleForm::kDetection
                        ? lint.Error("name", "R002", message)
                        : lint.Warn("name", "R002", message);
      issue.notes.push_back("first in " + PlaceText(*first->second));
    }
    if (rule.query.empty() || rule.type == RuleType::kNewTerms) continue;
    const std::string key =
        rule.type_text + "\n" + rule.event_category_override + "\n" + Squeezed(rule.query);
    if (const auto [first, fresh] = queries.emplace(key, &rule); !fresh) {
      lint.Warn("query", "R029", "this query equals that of \"" + first->second->name + "\"")
          .notes.push_back("it stands in " + PlaceText(*first->second));
    }
  }
  return out;
}

}  // namespace vedette::rules
