// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/utf8.h"

namespace vedette::cli {
namespace {

struct Glyph {
  std::string_view bytes;
  std::size_t columns;
};

/// Width without the C library's locale: the ranges that matter in paths and command lines.
std::size_t ColumnsOf(char32_t c) {
  if ((c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || (c >= 0xFE00 && c <= 0xFE0F)) {
    return 0;
  }
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
  return wide ? 2 : 1;
}

/// Takes the next glyph off `rest`; what could drive a terminal comes back harmless.
Glyph Next(std::string_view& rest) {
  const base::Utf8Char decoded = base::DecodeUtf8(rest);
  if (!decoded.valid) {
    rest.remove_prefix(base::Utf8BadPrefixLength(rest));
    return {base::kReplacementCharacter, 1};
  }
  const std::string_view bytes = rest.substr(0, decoded.length);
  rest.remove_prefix(decoded.length);
  const char32_t c = decoded.code;
  if (c == '\t' || c == '\n' || c == '\r') return {" ", 1};
  // Direction overrides too: they make a command line read other than it is.
  const bool override_mark = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  if (c < 0x20 || (c >= 0x7F && c < 0xA0) || override_mark) return {".", 1};
  return {bytes, ColumnsOf(c)};
}

}  // namespace

Terminal Terminal::Detect() {
  Terminal terminal;
  terminal.stdout_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.stderr_is_terminal = isatty(STDERR_FILENO) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  const bool plain = (no_colour != nullptr && *no_colour != '\0') ||
                     (kind != nullptr && std::strcmp(kind, "dumb") == 0);
  terminal.stdout_colour = terminal.stdout_is_terminal && !plain;
  terminal.stderr_colour = terminal.stderr_is_terminal && !plain;
  winsize size{};
  if (terminal.stdout_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
      size.ws_col >= 40) {
    terminal.width = size.ws_col;
  } else if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
    const long given = std::strtol(columns, nullptr, 10);
    if (given >= 40 && given <= 1000) terminal.width = static_cast<std::size_t>(given);
  }
  return terminal;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += Next(text).columns;
  return columns;
}

std::string WithoutControls(std::string_view text) {
  std::string out;
  while (!text.empty()) out += Next(text).bytes;
  return out;
}

std::string FitToWidth(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t used = 0;
  std::size_t cut_at = 0;  // where the text must end if an ellipsis has to follow
  while (!text.empty()) {
    const Glyph glyph = Next(text);
    if (used + glyph.columns > columns) {
      out.resize(cut_at);
      return columns == 0 ? out : out + "…";
    }
    used += glyph.columns;
    out += glyph.bytes;
    if (used + 1 <= columns) cut_at = out.size();
  }
  return out;
}

}  // namespace vedette::cli
