// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"

/// Code points and case for EQL's string functions. Predicates (`:`, `in~`, `regex~`) fold ASCII
/// only, see base/glob.h; what is here serves functions and the Endgame dialect, which fold every
/// letter that has exactly one lower-case form.
namespace vedette::eql {

/// Longest text that a function may produce; past it the result is null.
inline constexpr std::size_t kMaxFunctionText = 16 * 1024 * 1024;

/// Code points of `text`; an ill-formed byte becomes U+FFFD.
std::u32string DecodeUtf8(std::string_view text);
/// The inverse, in `arena`.
std::string_view EncodeUtf8(std::u32string_view text, base::Arena& arena);
void AppendUtf8(std::string& out, char32_t code_point);
std::size_t CountCodePoints(std::string_view text);

/// Unicode simple lower case: one code point to one, no locale. O(log table).
char32_t SimpleLower(char32_t c);
std::u32string FoldCodePoints(std::u32string_view text);
/// `text` with SimpleLower() on every code point, in `arena` (or `text` itself when nothing
/// changes).
std::string_view FoldText(std::string_view text, base::Arena& arena);

}  // namespace vedette::eql
