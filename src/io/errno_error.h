// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"

namespace vedette::io {

/// The Error for a failed system call: "`doing` `path`: reason in lower case". ENOENT becomes
/// kNotFound, EACCES and EPERM kPermissionDenied, all others kIo.
base::Error ErrnoError(std::string_view doing, std::string_view path, int error_number);

}  // namespace vedette::io
