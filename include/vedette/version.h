// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// The version these headers belong to, for the preprocessor.
#define VEDETTE_VERSION_MAJOR 0
#define VEDETTE_VERSION_MINOR 1
#define VEDETTE_VERSION_PATCH 0

namespace vedette {

/// The version of the library that was linked, as `1.2.3`. Static text; any thread.
std::string_view Version() noexcept;

}  // namespace vedette
