// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace vedette {

enum class Severity : std::uint8_t { kError, kWarning, kNote };

/// Something a person wrote wrong in a rule: what, and where. Codes are permanent; each is
/// explained by `vedette rules explain CODE`.
struct Diagnostic {
  std::string file;          ///< path, or the name that a text was added under
  std::uint32_t line = 1;    ///< 1-based
  std::uint32_t column = 1;  ///< 1-based, in code points
  Severity severity = Severity::kError;
  std::string code;  ///< `E0203`, `R001`, …
  std::string message;
  std::string rule;      ///< the rule's name; empty when the file never became a rule
  std::string rendered;  ///< several lines with the source and a caret, as the command line prints
};

}  // namespace vedette
