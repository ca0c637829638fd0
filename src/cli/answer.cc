// SPDX-License-Identifier: Apache-2.0
#include "cli/answer.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command.h"
#include "io/output_file.h"

namespace vedette::cli {

AnswerFormat AnswerFlags::Choose(const Terminal& terminal) const {
  if (format == "table") return AnswerFormat::kTable;
  if (format == "json") return AnswerFormat::kJson;
  if (format == "ndjson") return AnswerFormat::kNdjson;
  return output == "-" && terminal.stdout_is_terminal ? AnswerFormat::kTable
                                                      : AnswerFormat::kNdjson;
}

bool AnswerFlags::Colour(const Terminal& terminal) const {
  return output == "-" && terminal.stdout_colour;
}

std::size_t AnswerFlags::Width(const Terminal& terminal) const {
  return output == "-" ? terminal.width : 100;
}

void AddAnswerFlags(CLI::App& command, AnswerFlags& flags) {
  command
      .add_option("-f,--format", flags.format,
                  "table, json or ndjson; without it a table on a terminal, ndjson in a pipe")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "ndjson"}).description(""));
  command.add_option("-o,--output", flags.output, "write to FILE, which appears when it is whole")
      ->type_name("FILE");
}

int GiveAnswer(const Terminal& terminal, const AnswerFlags& flags, std::string_view text,
               int code) {
  auto file = io::OutputFile::Open(flags.output);
  if (!file.has_value()) {
    PrintError(terminal, file.error().message());
    return ExitCodeFor(file.error());
  }
  base::Result<void> done = (*file)->Write(text);
  if (done.has_value()) done = (*file)->Close();
  if (done.has_value() || (*file)->closed_pipe()) return code;
  PrintError(terminal, done.error().message());
  return kWorldFailed;
}

std::string Tinted(bool colour, std::string_view tint, std::string_view text) {
  if (!colour || tint.empty()) return std::string(text);
  return std::string("\x1b[").append(tint).append("m").append(text).append("\x1b[0m");
}

std::string_view SeverityTint(std::string_view severity) {
  if (severity == "critical") return "1;35";
  if (severity == "high") return "1;31";
  if (severity == "medium") return "33";
  if (severity == "low") return "36";
  return "";
}

}  // namespace vedette::cli
