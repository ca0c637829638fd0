// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/terminal.h"

namespace CLI {
class App;
}

/// How commands hand out their answer: one format flag, one output flag.
namespace vedette::cli {

enum class AnswerFormat : std::uint8_t { kTable, kJson, kNdjson };

/// What -f and -o said.
struct AnswerFlags {
  std::string format;  ///< empty: by terminal
  std::string output = "-";

  /// A table on a terminal, NDJSON in a pipe or file, unless -f says otherwise.
  AnswerFormat Choose(const Terminal& terminal) const;
  /// Colours belong on a terminal only.
  bool Colour(const Terminal& terminal) const;
  std::size_t Width(const Terminal& terminal) const;
};

/// Adds -f/--format and -o/--output.
void AddAnswerFlags(CLI::App& command, AnswerFlags& flags);

/// Writes the whole answer and returns `code`, or the exit code of the failed write (told on
/// stderr). A reader that went away is success.
int GiveAnswer(const Terminal& terminal, const AnswerFlags& flags, std::string_view text, int code);

/// Text in an ANSI colour when `colour`; the tint is the SGR parameter ("1;31").
std::string Tinted(bool colour, std::string_view tint, std::string_view text);
/// SGR parameter of a severity name.
std::string_view SeverityTint(std::string_view severity);

}  // namespace vedette::cli
