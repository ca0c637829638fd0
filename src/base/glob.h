// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace vedette::base {

enum class Case { kSensitive, kAsciiInsensitive };

/// Whole-value wildcard match: `*` is any run of code points (none included, line breaks too), `?`
/// exactly one code point when `question_mark` is set, else literal; nothing escapes them
/// (reference 6.3). O(text x stars) worst case, no allocation.
bool WildcardMatch(std::string_view pattern, std::string_view text, Case fold,
                   bool question_mark = true);

/// Equality under ASCII case folding only: `İ`, `ß`, the Kelvin sign never equal an ASCII letter.
bool EqualFold(std::string_view a, std::string_view b);
char AsciiLower(char c);

}  // namespace vedette::base
