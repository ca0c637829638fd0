// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <string_view>

#include "cli/command_tree.h"

namespace vedette::cli {
namespace {

/// Calls `visit` for a command and all below it, with its path: `vedette rules check`.
void Walk(const CommandInfo& command, const std::string& path,
          const std::function<void(const CommandInfo&, const std::string&)>& visit) {
  visit(command, path);
  for (const CommandInfo& sub : command.commands) Walk(sub, path + " " + sub.name, visit);
}

/// Values of a flag that are a fixed set.
std::string_view FixedValues(const FlagInfo& flag) {
  if (flag.value == "FORMAT") return "table json ndjson";
  if (flag.value == "SEVERITY") return "low medium high critical";
  for (const std::string& name : flag.names) {
    if (name == "--profile") return "minimal custom elastic";
    if (name == "--dialect") return "elasticsearch endpoint endgame";
    if (name == "--result-position") return "head tail";
    if (name == "--source") {
      return "auto elastic_defend endgame auditbeat auditd_manager crowdstrike_fdr "
             "sentinelone_cloud_funnel audit_log vedette";
    }
  }
  return flag.positional == "SHELL" ? "bash zsh fish" : "";
}

/// Inside single quotes of a POSIX shell.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out + "'";
}

}  // namespace

std::string BashCompletion(const CommandInfo& root) {
  std::string words;
  std::string values;
  Walk(root, root.name, [&](const CommandInfo& command, const std::string& path) {
    words += "    " + Quoted(path) + ") words=\"";
    for (const CommandInfo& sub : command.commands) words += sub.name + " ";
    for (const FlagInfo& flag : command.flags) {
      for (const std::string& name : flag.names) words += name + " ";
      if (flag.names.empty()) words += std::string(FixedValues(flag)) + " ";
    }
    words += "\" ;;\n";
    for (const FlagInfo& flag : command.flags) {
      const std::string_view fixed = FixedValues(flag);
      if (fixed.empty() || flag.names.empty()) continue;
      for (const std::string& name : flag.names) {
        values +=
            "    " + Quoted(path + " " + name) + ") fixed=\"" + std::string(fixed) + "\" ;;\n";
      }
    }
  });
  return "# bash completion of vedette; made by `vedette completions bash`\n"
         "_vedette() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local path=vedette word words= fixed=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    [[ $word == -* ]] && break\n"
         "    case \"$path $word\" in\n" +
         [&] {
           std::string paths;
           Walk(root, root.name, [&](const CommandInfo& command, const std::string& path) {
             if (&command != &root) paths += "    " + Quoted(path) + ") path+=\" $word\" ;;\n";
           });
           return paths;
         }() +
         "    *) break ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$path $previous\" in\n" +
         values +
         "    *) ;;\n"
         "  esac\n"
         "  if [[ -n $fixed ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$fixed\" -- \"$current\"))\n"
         "    return\n"
         "  fi\n"
         "  case $path in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- \"$current\"))\n"
         "}\n"
         "complete -o filenames -F _vedette vedette\n";
}

std::string ZshCompletion(const CommandInfo& root) {
  // zsh can run the bash function; descriptions come with its own menu only for commands.
  std::string out = "#compdef vedette\n# made by `vedette completions zsh`\n";
  out += "autoload -U +X bashcompinit && bashcompinit\n";
  return out + BashCompletion(root);
}

std::string FishCompletion(const CommandInfo& root) {
  std::string out = "# fish completion of vedette; made by `vedette completions fish`\n";
  for (const CommandInfo& sub : root.commands) {
    out += "complete -c vedette -n __fish_use_subcommand -f -a " + sub.name + " -d " +
           Quoted(sub.description) + "\n";
  }
  Walk(root, "", [&](const CommandInfo& command, const std::string& path) {
    // ` rules check`: seen one after the other.
    std::string condition;
    std::string_view rest = path;
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const std::size_t end = std::min(rest.find(' '), rest.size());
      condition += (condition.empty() ? "" : "; and ") +
                   ("__fish_seen_subcommand_from " + std::string(rest.substr(0, end)));
      rest.remove_prefix(end);
    }
    const std::string when =
        condition.empty() ? " -n __fish_use_subcommand" : " -n " + Quoted(condition);
    if (&command != &root) {
      for (const CommandInfo& sub : command.commands) {
        out += "complete -c vedette" + when + " -f -a " + sub.name + " -d " +
               Quoted(sub.description) + "\n";
      }
    }
    for (const FlagInfo& flag : command.flags) {
      const std::string_view fixed = FixedValues(flag);
      if (flag.names.empty()) {
        if (!fixed.empty()) {
          out += "complete -c vedette" + when + " -f -a " + Quoted(fixed) + "\n";
        }
        continue;
      }
      out += "complete -c vedette" + when;
      for (const std::string& name : flag.names) {
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!flag.value.empty()) out += " -r";
      if (!fixed.empty()) out += " -f -a " + Quoted(fixed);
      out += " -d " + Quoted(flag.description) + "\n";
    }
  });
  return out;
}

}  // namespace vedette::cli
