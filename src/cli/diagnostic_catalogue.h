// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace vedette::cli {

/// What a diagnostic code means, for `vedette rules explain`.
struct CodeText {
  std::string_view code;
  std::string_view title;
  std::string_view text;     ///< why it is so, and what to do
  std::string_view wrong{};  ///< a query that has it; may be empty
  std::string_view right{};  ///< the same, good
};

/// All codes, ascending.
std::span<const CodeText> AllCodes();
/// Null when there is no such code. Letter case does not count.
const CodeText* FindCode(std::string_view code);

}  // namespace vedette::cli
