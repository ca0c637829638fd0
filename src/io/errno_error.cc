// SPDX-License-Identifier: Apache-2.0
#include "io/errno_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace vedette::io {

base::Error ErrnoError(std::string_view doing, std::string_view path, int error_number) {
  base::ErrorCode code = base::ErrorCode::kIo;
  if (error_number == ENOENT || error_number == ENOTDIR) code = base::ErrorCode::kNotFound;
  if (error_number == EACCES || error_number == EPERM) code = base::ErrorCode::kPermissionDenied;
  std::string why = std::generic_category().message(error_number);
  // libc capitalises its sentences ("No such file"), ours continue one. "I/O error" stays as it is.
  if (why.size() > 1 && why[0] >= 'A' && why[0] <= 'Z' && why[1] >= 'a' && why[1] <= 'z') {
    why[0] = static_cast<char>(why[0] - 'A' + 'a');
  }
  return {code, fmt::format("{} {}: {}", doing, path, why)};
}

}  // namespace vedette::io
