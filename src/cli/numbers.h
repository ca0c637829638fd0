// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace vedette::cli {

/// `1,204,000`.
std::string WithThousands(std::uint64_t number);
/// `3.1 MB`, decimal units.
std::string BytesText(std::uint64_t bytes);
/// "1 alert", "2 alerts".
std::string Counted(std::uint64_t number, const char* noun);

}  // namespace vedette::cli
