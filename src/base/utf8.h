// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vedette::base {

/// U+FFFD in UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// Bytes of the well-formed UTF-8 sequence that `text` begins with (1 to 4), 0 if it begins with
/// none.
std::size_t Utf8SequenceLength(std::string_view text);
/// For text that begins ill-formed: bytes of its maximal subpart (Unicode 15, section 3.9), at
/// least 1.
std::size_t Utf8BadPrefixLength(std::string_view text);

struct Utf8Char {
  char32_t code = 0;
  std::size_t length = 1;  ///< bytes consumed, at least 1
  bool valid = false;
};
/// The character at `at` < text.size(). Overlong forms, surrogates and cut sequences are invalid
/// and one byte long.
Utf8Char DecodeUtf8(std::string_view text, std::size_t at = 0);

/// Appends the code point; values that are no scalar become U+FFFD.
void AppendUtf8(std::string& out, char32_t code_point);

}  // namespace vedette::base
