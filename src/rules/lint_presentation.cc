// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rules/attack.h"
#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

bool HasTag(const Rule& rule, const std::string& tag) {
  return std::find(rule.tags.begin(), rule.tags.end(), tag) != rule.tags.end();
}

void LintFileName(const LintContext& lint) {
  const Rule& rule = lint.rule;
  if (rule.origin.file == nullptr || rule.threat.empty()) return;
  const AttackTactic* tactic = FindTactic(rule.threat.front().tactic.id);
  if (tactic == nullptr) return;
  std::string wanted(tactic->short_name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  const std::size_t slash = rule.origin.path.rfind('/');
  const std::string name =
      slash == std::string::npos ? rule.origin.path : rule.origin.path.substr(slash + 1);
  if (name.rfind(wanted + "_", 0) == 0 || lint.profile != Profile::kElastic) return;
  lint.Warn("threat.0.tactic", "R015", "the file name should begin with `" + wanted + "_`");
}

}  // namespace

void LintPresentation(const LintContext& lint) {
  const Rule& rule = lint.rule;
  LintFileName(lint);
  if (!rule.tags.empty()) {
    for (const Threat& threat : rule.threat) {
      const std::string tag = "Tactic: " + threat.tactic.name;
      if (!HasTag(rule, tag)) lint.Warn("tags", "R015", "tag `" + tag + "` is missing");
    }
  }
  const bool urgent = SeverityRank(rule.severity) >= 2;
  if (urgent && rule.note.empty() && !rule.Has("path")) {
    lint.Warn("severity", "R016",
              "a " + rule.severity + " rule should have an investigation guide");
  }
  if (rule.note.empty() && HasTag(rule, "Resources: Investigation Guide")) {
    lint.Warn("tags", "R016", "the tag promises an investigation guide, but there is none");
  }
  constexpr std::string_view kHeading = "### Investigating ";
  const std::size_t at = rule.note.find(kHeading);
  if (at == std::string::npos) return;
  const std::size_t begin = at + kHeading.size();
  std::string heading =
      rule.note.substr(begin, std::min(rule.note.find('\n', begin), rule.note.size()) - begin);
  while (!heading.empty() && (heading.back() == ' ' || heading.back() == '\r')) heading.pop_back();
  if (heading == rule.name) return;
  lint.Warn("note", "R016",
            "the guide investigates \"" + heading + "\", the rule is named \"" + rule.name + "\"");
}

}  // namespace vedette::rules
