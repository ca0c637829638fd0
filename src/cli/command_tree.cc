// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.h"

#include <CLI/CLI.hpp>

namespace vedette::cli {

CommandInfo DescribeCommands(const CLI::App& app) {
  CommandInfo info;
  info.name = app.get_name();
  info.description = app.get_description();
  info.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    FlagInfo flag;
    for (const std::string& name : option->get_snames()) flag.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) flag.names.push_back("--" + name);
    if (option->get_positional()) flag.positional = option->get_name(true);
    if (option->get_items_expected_max() > 0) {
      const std::string type = option->get_type_name();
      flag.value = type.substr(0, type.find(':'));  // the rest is what checks say
      if (flag.value.empty()) flag.value = "VALUE";
    }
    flag.description = option->get_description();
    flag.required = option->get_required();
    flag.repeats = option->get_items_expected_max() > 1;
    info.flags.push_back(std::move(flag));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    info.commands.push_back(DescribeCommands(*sub));
  }
  return info;
}

}  // namespace vedette::cli
