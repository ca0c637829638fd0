// SPDX-License-Identifier: Apache-2.0
#include "base/glob.h"

#include <cstddef>

namespace vedette::base {
namespace {

bool SameByte(char a, char b, Case fold) {
  return a == b || (fold == Case::kAsciiInsensitive && AsciiLower(a) == AsciiLower(b));
}

/// Bytes of the code point at `i`; a stray continuation or cut sequence counts one byte, so that
/// hostile text still advances.
std::size_t CodePointBytes(std::string_view text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const std::size_t want = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::size_t have = 1;
  while (have < want && i + have < text.size() &&
         (static_cast<unsigned char>(text[i + have]) & 0xC0) == 0x80) {
    ++have;
  }
  return have == want ? want : 1;
}

}  // namespace

char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool EqualFold(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (AsciiLower(a[i]) != AsciiLower(b[i])) return false;
  }
  return true;
}

// Greedy with one backtrack point: after a later star matched, an earlier one never needs
// revisiting.
bool WildcardMatch(std::string_view pattern, std::string_view text, Case fold, bool question_mark) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == '?' && question_mark) {
      ++p;
      t += CodePointBytes(text, t);
    } else if (p < pattern.size() && SameByte(pattern[p], text[t], fold)) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      star_text += CodePointBytes(text, star_text);
      t = star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace vedette::base
