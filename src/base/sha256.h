// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace vedette::base {

/// Lower-case hex of SHA-256 over `bytes` (64 characters).
std::string Sha256Hex(std::string_view bytes);

}  // namespace vedette::base
