// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette::cli {

/// The 1-based line of the first comment in a TOML text, 0 when it has none; `#` inside strings
/// does not count. Linear.
std::uint32_t FirstCommentLine(std::string_view toml);

}  // namespace vedette::cli
