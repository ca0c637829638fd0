// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "random.h"

namespace vedette::bench {

/// How the members of a document are laid out, in percent.
struct MemberOrder {
  std::uint64_t shuffled = 0;  ///< documents whose top-level members are in random order
  std::uint64_t dotted = 0;    ///< top-level objects written as members `a.b` of the document
};

/// Appends `document` (one JSON object without blanks between its tokens, as JsonWriter writes it)
/// to `out` in another layout that means the same.
void AppendReordered(std::string_view document, const MemberOrder& order, Random& random,
                     std::string& out);

}  // namespace vedette::bench
