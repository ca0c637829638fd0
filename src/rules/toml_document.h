// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/diagnostic.h"
#include "event/value.h"

namespace vedette::rules {

inline constexpr std::size_t kMaxTomlBytes = 4 * 1024 * 1024;

/// A TOML text as the same tree that JSON gives, so that one reader serves both; dates become
/// strings, tables come with sorted keys. Keeps its own arena: the tree lives as long as this.
/// The only includer of toml++ is behind it.
struct TomlDocument {
  std::shared_ptr<const base::Source> file;
  base::Arena arena{16 * 1024};
  std::optional<event::Value> root;  ///< empty on error
  base::Diagnostic error;            ///< R001, set when `root` is empty
  /// Dotted key path, list items by number, to the value's bytes; for the first 4096 values.
  std::map<std::string, base::Span, std::less<>> places;
};

/// Never throws. Bounds: kMaxTomlBytes, 64 levels. Time linear in the text.
TomlDocument ParseToml(const std::string& path, std::string text);

/// The string at `place` as a Source of its own whose places count in the file. Exact where the
/// file holds the value verbatim (literal or escape-free strings), else right to the line.
std::shared_ptr<const base::Source> StringInFile(const base::Source& file, base::Span place,
                                                 const std::string& value);

}  // namespace vedette::rules
