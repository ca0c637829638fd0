// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/rule_lint.h"

/// Inside of rule_lint: one function per group of checks.
namespace vedette::rules {

/// What every group gets: the rule, how strict to be, where findings go.
struct LintContext {
  const Rule& rule;
  Profile profile;
  std::vector<RuleDiagnostic>& out;

  base::Diagnostic& Error(const std::string& key, const char* code, std::string message) const;
  base::Diagnostic& Warn(const std::string& key, const char* code, std::string message) const;
};

void LintRequired(const LintContext& lint);      ///< R003, R006
void LintSchedule(const LintContext& lint);      ///< R008, R009, R018, R019
void LintValues(const LintContext& lint);        ///< R003 enums, R007, R013, R020, R022
void LintThreat(const LintContext& lint);        ///< R014, R031
void LintThreatMatch(const LintContext& lint);   ///< R021
void LintKql(const LintContext& lint);           ///< R026
void LintPresentation(const LintContext& lint);  ///< R015, R016

}  // namespace vedette::rules
