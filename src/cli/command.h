// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/terminal.h"

namespace CLI {
class App;
}

namespace vedette::cli {

/// Exit codes are a contract (scripts depend on them).
enum ExitCode : int {
  kDone = 0,
  kAnswerIsNo = 1,   ///< check, test, prove failed; --fail-on hit
  kWrongInput = 2,   ///< flag, rule, query, unreadable events
  kWorldFailed = 3,  ///< disk, peer, permission
};

/// kIo and kPermissionDenied are the world's fault, the rest is the input's.
ExitCode ExitCodeFor(const base::Error& error);

/// `error: message` on stderr, with controls taken out.
void PrintError(const Terminal& terminal, std::string_view message);
void PrintWarning(const Terminal& terminal, std::string_view message);
void PrintNote(const Terminal& terminal, std::string_view message);

/// What a command needs from main: it sets `run` in its callback, main calls it after parsing.
struct Session {
  Terminal terminal;
  std::function<int()> run;
};

// One function per command, in its own file: adds the subcommand with its flags.
void AddScanCommand(CLI::App& app, Session& session);
void AddHuntCommand(CLI::App& app, Session& session);
void AddRulesCommand(CLI::App& app, Session& session);
void AddSourcesCommand(CLI::App& app, Session& session);
void AddManualCommands(CLI::App& app, Session& session);  ///< version, completions, man

/// The whole command line. `arguments` without the program's name.
int Main(std::vector<std::string> arguments);

}  // namespace vedette::cli
