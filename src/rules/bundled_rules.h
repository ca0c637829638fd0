// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace vedette::rules {

/// A file of the repository's rules/ folder, carried in the binary.
struct BundledFile {
  std::string_view path;  ///< below rules/, with forward slashes
  std::string_view text;

  bool is_test() const { return path.ends_with(".test.toml"); }
};

/// The bundled rules and the tests beside them, sorted by path. Static storage.
std::span<const BundledFile> BundledFiles();

}  // namespace vedette::rules
