// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vedette::cli {

/// What the two output streams can do. stdout is the answer, stderr the conversation.
struct Terminal {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  bool stdout_colour = false;  ///< a terminal, and NO_COLOR is not set, and TERM is not dumb
  bool stderr_colour = false;
  std::size_t width = 100;  ///< columns of stdout's terminal; 100 when there is none

  static Terminal Detect();
};

/// Columns that `text` takes: code points, wide East Asian ones and emoji as two, combining ones as
/// none.
std::size_t DisplayWidth(std::string_view text);
/// `text` cut to at most `columns`, with `…` at the end where something was cut. Control characters
/// (a hostile command line) become spaces or dots, so that data can never drive the terminal.
std::string FitToWidth(std::string_view text, std::size_t columns);
std::string WithoutControls(std::string_view text);

}  // namespace vedette::cli
