// SPDX-License-Identifier: Apache-2.0
#pragma once

// For tests only: the reference records that live outside the project, and trees made comparable.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "event/json_reader.h"
#include "event/value.h"

namespace vedette::sources::testing {

/// `sources/` of the shared reference data; empty when it is not there.
inline std::filesystem::path SharedSources() {
  const char* set = std::getenv("VEDETTE_SHARED");
  const std::filesystem::path root =
      set != nullptr ? set : std::filesystem::path(VEDETTE_SOURCE_DIR) / ".." / "shared";
  const std::filesystem::path sources = root / "sources";
  return std::filesystem::is_directory(sources) ? sources : std::filesystem::path();
}

inline std::vector<std::string> Lines(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

inline std::string WholeText(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Null when the text is not JSON: the assertions that follow will say so.
inline event::Value Parse(std::string_view json, base::Arena& arena) {
  event::JsonReader reader;
  const auto read = reader.Read(json, arena);
  return read ? *read : event::Value();
}

inline std::string Json(const event::Value& value) {
  std::string out;
  event::WriteJson(value, out);
  return out;
}

using FlatFields = std::map<std::string, std::string>;

/// Leaves by dotted path, as JSON. Nesting and dotted keys mean the same, a list of one is its
/// element, and objects within lists are flattened as the index flattens them.
inline void Flatten(const event::Value& value, const std::string& path, FlatFields& out) {
  if (value.is_object()) {
    for (const event::Member& member : value.object()) {
      const std::string key(member.key);
      Flatten(member.value, path.empty() ? key : path + "." + key, out);
    }
  } else if (value.is_list() && value.list().size() == 1) {
    Flatten(value.list().front(), path, out);
  } else {
    out[path] = Json(value);
  }
}

inline FlatFields Flat(const event::Value& value) {
  FlatFields out;
  Flatten(value, "", out);
  return out;
}

}  // namespace vedette::sources::testing
