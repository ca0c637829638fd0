// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "base/utf8.h"
#include "cli/command_tree.h"
#include "cli/version.h"
#include "eql/text.h"

namespace vedette::cli {
namespace {

/// Text that roff takes literally.
std::string Escaped(std::string_view text) {
  std::string out;
  bool line_start = true;
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = base::Utf8SequenceLength(text);
    if (length > 1) {
      const std::u32string point = eql::DecodeUtf8(text.substr(0, length));
      out += fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(point.front()));
      text.remove_prefix(length);
      line_start = false;
      continue;
    }
    text.remove_prefix(1);
    // A dot or quote at the start of a line would be a request.
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

void Flag(const FlagInfo& flag, std::string& out) {
  out += ".TP\n";
  if (flag.names.empty()) {
    out += Italic(flag.positional) + (flag.repeats ? "\\[u2026]" : "");
  } else {
    for (std::size_t i = 0; i < flag.names.size(); ++i) {
      out += (i == 0 ? "" : ", ") + Bold(flag.names[i]);
    }
    if (!flag.value.empty()) out += " " + Italic(flag.value);
  }
  out += "\n" + Escaped(flag.description) + "\n";
}

void Command(const CommandInfo& command, const std::string& path, std::string& out) {
  out += ".SS " + Escaped(path) + "\n" + Escaped(command.description) + "\n";
  for (const FlagInfo& flag : command.flags) {
    if (flag.names.empty() || flag.names.back() != "--help") Flag(flag, out);
  }
  if (!command.footer.empty()) {
    out += ".PP\n.nf\n" + Escaped(command.footer) + "\n.fi\n";
  }
  for (const CommandInfo& sub : command.commands) Command(sub, path + " " + sub.name, out);
}

}  // namespace

std::string ManualPage(const CommandInfo& root) {
  std::string out = ".TH VEDETTE 1 \"\" \"vedette " + std::string(kVersion) + "\"\n";
  out += ".SH NAME\nvedette \\- detects attacks in Linux telemetry with EQL rules\n";
  out += ".SH SYNOPSIS\n";
  for (const CommandInfo& sub : root.commands) {
    out += ".B vedette " + Escaped(sub.name) + "\n";
    if (!sub.commands.empty()) out += Italic("COMMAND") + "\n";
    out += "[" + Italic("OPTIONS") + "]\n.br\n";
  }
  out += ".SH OPTIONS\n";
  for (const FlagInfo& flag : root.flags) Flag(flag, out);
  out += ".SH COMMANDS\n";
  for (const CommandInfo& sub : root.commands) Command(sub, "vedette " + sub.name, out);
  out += ".SH EXAMPLES\n.nf\n" + Escaped(root.footer) + "\n.fi\n";
  out +=
      ".SH EXIT STATUS\n"
      ".TP\n.B 0\nDone. A reader that closed the pipe counts as done.\n"
      ".TP\n.B 1\nThe answer is no: a check or test failed, or \\fB\\-\\-fail\\-on\\fR was hit.\n"
      ".TP\n.B 2\nWrong usage or input: a flag, a rule, a query, unreadable events.\n"
      ".TP\n.B 3\nThe world failed: disk, peer, permission.\n";
  out +=
      ".SH ENVIRONMENT\n"
      ".TP\n.B NO_COLOR\nSet and not empty: no colours.\n"
      ".TP\n.B COLUMNS\nWidth of tables where the terminal does not tell.\n";
  return out;
}

}  // namespace vedette::cli
