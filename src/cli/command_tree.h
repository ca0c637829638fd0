// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

/// The command line as plain data: help, manual page and completions all come from the one place
/// where flags are declared.
namespace vedette::cli {

struct FlagInfo {
  std::vector<std::string> names;  ///< `-r`, `--rules`; empty for a positional
  std::string positional;          ///< its name, when it is one
  std::string value;               ///< what it takes: `PATH`; empty for a switch
  std::string description;
  bool required = false;
  bool repeats = false;
};

struct CommandInfo {
  std::string name;
  std::string description;
  std::string footer;  ///< examples
  std::vector<FlagInfo> flags;
  std::vector<CommandInfo> commands;
};

CommandInfo DescribeCommands(const CLI::App& app);

/// The roff source of vedette(1).
std::string ManualPage(const CommandInfo& root);

std::string BashCompletion(const CommandInfo& root);
std::string ZshCompletion(const CommandInfo& root);
std::string FishCompletion(const CommandInfo& root);

}  // namespace vedette::cli
