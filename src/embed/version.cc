// SPDX-License-Identifier: Apache-2.0
#include "vedette/version.h"

#define VED_TEXT_INNER(x) #x
#define VED_TEXT(x) VED_TEXT_INNER(x)

namespace vedette {

std::string_view Version() noexcept {
  return VED_TEXT(VEDETTE_VERSION_MAJOR) "." VED_TEXT(VEDETTE_VERSION_MINOR) "." VED_TEXT(
      VEDETTE_VERSION_PATCH);
}

}  // namespace vedette
