// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/numbers.h"
#include "cli/rules_subcommands.h"
#include "rules/api_json_codec.h"

namespace vedette::cli {
namespace {

int Run(const RuleFlags& flags, const Session& session) {
  const RulesOrExit loaded = LoadOrExplain(session, flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  const int code =
      GiveAnswer(session.terminal, flags.answer, rules::WriteApiExport(loaded.rules.rules), kDone);
  if (code == kDone && flags.answer.output != "-") {
    PrintNote(session.terminal, "exported " + Counted(loaded.rules.rules.size(), "rule") + " to " +
                                    flags.answer.output);
  }
  if (const std::string note = RefusedNote(loaded.rules); !note.empty()) {
    PrintWarning(session.terminal, note);
  }
  return code;
}

}  // namespace

void AddRulesExport(CLI::App& rules, Session& session) {
  CLI::App* command =
      rules.add_subcommand("export", "write rules as the NDJSON that the detection API imports");
  auto flags = std::make_shared<RuleFlags>();
  command->add_option("PATH", flags->paths, "rule files or folders, as -r")->type_name("");
  command
      ->add_option("-r,--rules", flags->paths,
                   "rule file or folder; repeatable; without it the bundled rules")
      ->type_name("PATH")
      ->expected(1)
      ->take_all();
  command
      ->add_option("-o,--output", flags->answer.output,
                   "write to FILE, which appears when it is whole")
      ->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  vedette rules export -o rules.ndjson\n"
      "  vedette rules export my-rules/ | head -1");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
