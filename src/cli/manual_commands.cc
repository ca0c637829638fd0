// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json_writer.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/command_tree.h"
#include "cli/numbers.h"
#include "cli/version.h"
#include "rules/bundled_rules.h"

namespace vedette::cli {
namespace {

std::string VersionText(AnswerFormat format, bool asked) {
  const auto files = rules::BundledFiles();
  const auto count = static_cast<std::uint64_t>(std::count_if(
      files.begin(), files.end(), [](const rules::BundledFile& file) { return !file.is_test(); }));
  std::string out;
  if (asked && format != AnswerFormat::kTable) {
    base::JsonWriter json(out);
    json.BeginObject();
    json.Member("version", kVersion);
    json.Key("bundled_rules");
    json.Uint(count);
    json.EndObject();
    return out + "\n";
  }
  return "vedette " + std::string(kVersion) + "\n" + Counted(count, "bundled rule") + "\n";
}

void AddVersion(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("version", "print the version and what is built in");
  auto flags = std::make_shared<AnswerFlags>();
  AddAnswerFlags(*command, *flags);
  command->footer("Examples:\n  vedette version\n  vedette version -f json");
  command->callback([flags, &session] {
    session.run = [flags, &session] {
      const std::string out = VersionText(flags->Choose(session.terminal), !flags->format.empty());
      return GiveAnswer(session.terminal, *flags, out, kDone);
    };
  });
}

void AddCompletions(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("completions", "print the completion script of a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->type_name("")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  command->footer(
      "Examples:\n"
      "  source <(vedette completions bash)\n"
      "  vedette completions fish > ~/.config/fish/completions/vedette.fish");
  command->callback([shell, &app, &session] {
    session.run = [shell, &app, &session] {
      const CommandInfo root = DescribeCommands(app);
      const std::string out = *shell == "bash"  ? BashCompletion(root)
                              : *shell == "zsh" ? ZshCompletion(root)
                                                : FishCompletion(root);
      return GiveAnswer(session.terminal, {}, out, kDone);
    };
  });
}

void AddMan(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("man", "print the manual page as roff");
  command->footer("Examples:\n  vedette man | man -l -");
  command->callback([&app, &session] {
    session.run = [&app, &session] {
      return GiveAnswer(session.terminal, {}, ManualPage(DescribeCommands(app)), kDone);
    };
  });
}

}  // namespace

void AddManualCommands(CLI::App& app, Session& session) {
  AddVersion(app, session);
  AddCompletions(app, session);
  AddMan(app, session);
}

}  // namespace vedette::cli
