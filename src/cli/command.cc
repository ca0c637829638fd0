// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/diagnostic.h"
#include "cli/version.h"

namespace vedette::cli {
namespace {

void Print(bool colour, std::string_view tint, std::string_view kind, std::string_view message) {
  fmt::print(stderr, "{}{}{}: {}\n", colour ? tint : "", kind, colour ? "\x1b[0m" : "",
             WithoutControls(message));
}

/// CLI11 answers a misspelt subcommand with "A subcommand is required"; say what was meant instead.
int ExplainUsage(const CLI::App& app, const std::vector<std::string>& arguments,
                 const CLI::ParseError& error, const Terminal& terminal) {
  const CLI::App* at = &app;
  std::string path;
  for (const std::string& word : arguments) {
    if (word.starts_with('-')) break;
    const CLI::App* next = nullptr;
    std::vector<std::string_view> names;
    for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(sub->get_name());
      if (sub->get_name() == word) next = sub;
    }
    if (next == nullptr) {
      if (names.empty()) break;
      const std::string wrong = path.empty() ? word : path + " " + word;
      const std::string_view near = base::Nearest(word, names);
      std::string message = fmt::format("unknown command '{}'", wrong);
      if (!near.empty()) message += fmt::format("; did you mean '{}'?", near);
      PrintError(terminal, message);
      fmt::print(stderr, "       `vedette{}{} --help` lists the commands\n",
                 path.empty() ? "" : " ", path);
      return kWrongInput;
    }
    at = next;
    path += (path.empty() ? "" : " ") + word;
  }
  PrintError(terminal, error.what());
  fmt::print(stderr, "       `vedette{}{} --help` shows the usage\n", path.empty() ? "" : " ",
             path);
  return kWrongInput;
}

}  // namespace

ExitCode ExitCodeFor(const base::Error& error) {
  using base::ErrorCode;
  return error.code() == ErrorCode::kIo || error.code() == ErrorCode::kPermissionDenied
             ? kWorldFailed
             : kWrongInput;
}

void PrintError(const Terminal& terminal, std::string_view message) {
  Print(terminal.stderr_colour, "\x1b[1;31m", "error", message);
}
void PrintWarning(const Terminal& terminal, std::string_view message) {
  Print(terminal.stderr_colour, "\x1b[1;33m", "warning", message);
}
void PrintNote(const Terminal& terminal, std::string_view message) {
  Print(terminal.stderr_colour, "\x1b[1;36m", "note", message);
}

int Main(std::vector<std::string> arguments) {
  Session session;
  session.terminal = Terminal::Detect();
  CLI::App app("Vedette detects attacks in Linux telemetry with EQL rules.", "vedette");
  app.set_version_flag("--version", std::string("vedette ") + std::string(kVersion));
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  vedette scan /var/log/audit                 the bundled rules over a folder of logs\n"
      "  vedette scan events.ndjson.zst -f ndjson    alert documents, one a line\n"
      "  vedette hunt 'process where user.id == \"0\"' logs/\n"
      "  vedette rules show boot-copy                a rule and its triage guide\n"
      "Exit: 0 done; 1 the answer is no; 2 wrong usage or input; 3 the world failed.");
  AddScanCommand(app, session);
  AddHuntCommand(app, session);
  AddRulesCommand(app, session);
  AddSourcesCommand(app, session);
  AddManualCommands(app, session);

  const std::vector<std::string> given = arguments;
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());  // that of the selected command, with its whole path
    return kDone;
  } catch (const CLI::CallForAllHelp&) {
    fmt::print("{}", app.help("", CLI::AppFormatMode::All));
    return kDone;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return kDone;
  } catch (const CLI::ParseError& error) {
    return ExplainUsage(app, given, error, session.terminal);
  }
  return session.run ? session.run() : static_cast<int>(kWrongInput);
}

}  // namespace vedette::cli
