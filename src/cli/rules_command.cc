// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/numbers.h"
#include "cli/rules_subcommands.h"

namespace vedette::cli {

void AddRulesCommand(CLI::App& app, Session& session) {
  CLI::App* rules = app.add_subcommand("rules", "check, read, test and convert rules");
  rules->require_subcommand(1);
  rules->footer(
      "Without -r the rules inside this program are meant.\n"
      "Examples:\n"
      "  vedette rules list\n"
      "  vedette rules check detection-rules/rules/linux\n"
      "  vedette rules show boot-copy");
  AddRulesCheck(*rules, session);
  AddRulesList(*rules, session);
  AddRulesShow(*rules, session);
  AddRulesTest(*rules, session);
  AddRulesProve(*rules, session);
  AddRulesFmt(*rules, session);
  AddRulesImport(*rules, session);
  AddRulesExport(*rules, session);
  AddRulesExplain(*rules, session);
  AddRulesCost(*rules, session);
}

void AddRuleFlags(CLI::App& command, RuleFlags& flags, Paths paths) {
  if (paths == Paths::kPositionalToo) {
    command.add_option("PATH", flags.paths, "rule files or folders, as -r")->type_name("");
  }
  command
      .add_option("-r,--rules", flags.paths,
                  "rule file or folder: detection-rules TOML, behaviour TOML, API NDJSON; "
                  "repeatable; without it the bundled rules")
      ->type_name("PATH")
      ->expected(1)
      ->take_all();
  AddAnswerFlags(command, flags.answer);
}

RulesOrExit LoadOrExplain(const Session& session, const std::vector<std::string>& paths) {
  RulesOrExit out;
  base::Result<LoadedRules> loaded = LoadRuleArguments(paths);
  if (loaded.has_value()) {
    out.rules = std::move(*loaded);
  } else {
    PrintError(session.terminal, loaded.error().message());
    out.exit_code = ExitCodeFor(loaded.error());
  }
  return out;
}

std::string TacticNames(const rules::Rule& rule) {
  std::vector<std::string> seen;
  std::string out;
  for (const rules::Threat& threat : rule.threat) {
    const std::string& name = threat.tactic.name.empty() ? threat.tactic.id : threat.tactic.name;
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    out.append(out.empty() ? "" : ", ").append(name);
  }
  return out;
}

std::string RefusedNote(const LoadedRules& loaded) {
  if (loaded.refused == 0) return {};
  return Counted(loaded.refused, "rule") + " refused; `vedette rules check` says why";
}

}  // namespace vedette::cli
