// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/command.h"
#include "cli/rule_sources.h"

/// The subcommands of `vedette rules`, a file each. `rules` is the parent; `session` outlives it.
namespace vedette::cli {

void AddRulesCheck(CLI::App& rules, Session& session);
void AddRulesList(CLI::App& rules, Session& session);
void AddRulesShow(CLI::App& rules, Session& session);
void AddRulesTest(CLI::App& rules, Session& session);
void AddRulesProve(CLI::App& rules, Session& session);
void AddRulesFmt(CLI::App& rules, Session& session);
void AddRulesImport(CLI::App& rules, Session& session);
void AddRulesExport(CLI::App& rules, Session& session);
void AddRulesExplain(CLI::App& rules, Session& session);
void AddRulesCost(CLI::App& rules, Session& session);

/// What all of them take.
struct RuleFlags {
  std::vector<std::string> paths;  ///< -r/--rules, and positional PATHs where a command has them
  AnswerFlags answer;
};

enum class Paths : bool { kFlagOnly, kPositionalToo };
/// Adds -r/--rules, -f, -o and, if asked, positional PATHs.
void AddRuleFlags(CLI::App& command, RuleFlags& flags, Paths paths);

/// The rules, or an exit code already explained on stderr.
struct RulesOrExit {
  LoadedRules rules;
  int exit_code = kDone;
  bool good() const { return exit_code == kDone; }
};
RulesOrExit LoadOrExplain(const Session& session, const std::vector<std::string>& paths);

/// Distinct tactic names of a rule, joined by ", ".
std::string TacticNames(const rules::Rule& rule);

/// The line under an answer on how many rules were refused and where to read why; empty when none.
std::string RefusedNote(const LoadedRules& loaded);

}  // namespace vedette::cli
