// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_lint.h"

#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "rules/lint_allow.h"
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

/// Sees the rules one after another and says what a rule shares with an earlier one.
class RuleSetLinter {
 public:
  explicit RuleSetLinter(Profile profile) : profile_(profile) {}

  void Add(const Rule& rule, std::vector<RuleDiagnostic>& out) {
    const LintContext lint{rule, profile_, out};
    SameId(lint);
    if (profile_ == Profile::kMinimal) return;
    SameName(lint);
    SameQuery(lint);
  }

 private:
  using Seen = std::map<std::string, const Rule*, std::less<>>;

  void SameId(const LintContext& lint) {
    const Rule& rule = lint.rule;
    const auto [first, fresh] = ids_.emplace(rule.rule_id, &rule);
    if (fresh) return;
    const std::string message = "rule_id " + rule.rule_id + " is used twice";
    // Endpoint artefacts carry a rule once per platform.
    auto& issue = rule.form == RuleForm::kBehavior ? lint.Warn("rule_id", "R002", message)
                                                   : lint.Error("rule_id", "R002", message);
    issue.notes.push_back("first in " + PlaceText(*first->second));
  }

  void SameName(const LintContext& lint) {
    const Rule& rule = lint.rule;
    const auto [first, fresh] = names_.emplace(rule.name, &rule);
    if (fresh || rule.name.empty()) return;
    const std::string message = "two rules are named \"" + rule.name + "\"";
    auto& issue = profile_ == Profile::kElastic && rule.form == RuleForm::kDetection
                      ? lint.Error("name", "R002", message)
                      : lint.Warn("name", "R002", message);
    issue.notes.push_back("first in " + PlaceText(*first->second));
  }

  void SameQuery(const LintContext& lint) {
    const Rule& rule = lint.rule;
    if (rule.query.empty() || rule.type == RuleType::kNewTerms) return;
    const std::string key =
        rule.type_text + "\n" + rule.event_category_override + "\n" + Squeezed(rule.query);
    const auto [first, fresh] = queries_.emplace(key, &rule);
    if (fresh) return;
    lint.Warn("query", "R029", "this query equals that of \"" + first->second->name + "\"")
        .notes.push_back("it stands in " + PlaceText(*first->second));
  }

  Profile profile_;
  Seen ids_, names_, queries_;
};

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
  LintThreatMatch(lint);
  LintKql(lint);
  LintPresentation(lint);
  return out;
}

std::vector<RuleDiagnostic> LintRuleSet(const std::vector<Rule>& rules, Profile profile) {
  std::vector<RuleDiagnostic> out;
  RuleSetLinter linter(profile);
  for (const Rule& rule : rules) {
    std::vector<RuleDiagnostic> found;
    linter.Add(rule, found);
    DropAllowed(AllowedBy(rule), found);
    std::move(found.begin(), found.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace vedette::rules
