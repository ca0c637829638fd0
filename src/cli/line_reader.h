// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/hunt_completion.h"

namespace vedette::cli {

/// Lines that a person types, or that come through a pipe. One thread.
class LineReader {
 public:
  virtual ~LineReader() = default;
  /// Without its line break; empty at the end of the input.
  virtual std::optional<std::string> Read(const char* prompt) = 0;
};

/// Standard input as it is, without prompts. A line past 1 MiB ends the input.
std::unique_ptr<LineReader> PlainLines();

struct EditorOptions {
  /// Kept with mode 0600; empty: no history beyond this run.
  std::string history_path;
  /// What Tab offers, by the text before the cursor.
  std::function<Completion(std::string_view before_cursor)> complete;
};

/// A terminal with line editing, history and completion. Null when the terminal cannot do it.
std::unique_ptr<LineReader> EditedLines(EditorOptions options);

/// `$XDG_STATE_HOME/vedette/NAME`, else below `~/.local/state`; the folder is made with mode 0700.
/// Empty when there is no home or the folder cannot be made.
std::string StateFile(std::string_view name);

}  // namespace vedette::cli
