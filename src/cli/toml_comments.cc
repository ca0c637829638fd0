// SPDX-License-Identifier: Apache-2.0
#include "cli/toml_comments.h"

namespace vedette::cli {
namespace {

/// Past the string that begins at `at`; to the end of the text when it is never closed.
std::size_t AfterString(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool escapes = quote == '"';
  const bool several = at + 2 < text.size() && text[at + 1] == quote && text[at + 2] == quote;
  const std::string_view closing = text.substr(at, several ? 3 : 1);
  at += closing.size();
  while (at < text.size()) {
    if (escapes && text[at] == '\\') {
      at += 2;
    } else if (text.substr(at).starts_with(closing)) {
      at += closing.size();
      // A several-line string may end in up to two quotes of its own.
      while (several && at < text.size() && text[at] == quote) ++at;
      return at;
    } else if (!several && text[at] == '\n') {
      return at;
    } else {
      ++at;
    }
  }
  return text.size();
}

}  // namespace

std::uint32_t FirstCommentLine(std::string_view toml) {
  std::size_t at = 0;
  while (at < toml.size() && toml[at] != '#') {
    at = toml[at] == '"' || toml[at] == '\'' ? AfterString(toml, at) : at + 1;
  }
  if (at >= toml.size()) return 0;
  std::uint32_t line = 1;
  for (const char c : toml.substr(0, at)) line += c == '\n' ? 1 : 0;
  return line;
}

}  // namespace vedette::cli
