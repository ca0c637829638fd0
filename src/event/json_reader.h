// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "event/value.h"

namespace vedette::event {

/// Reads one JSON text into a Value tree in an arena. The only includer of simdjson is behind it.
///
/// Bounds: `max_depth` levels (default 256) and `max_bytes`; past them kLimitExceeded. Damaged JSON
/// is kCorrupt with byte offset where known. Ill-formed UTF-8 is repaired to U+FFFD and
/// `utf8_repaired()` says so. Duplicate keys are all kept. Not thread-safe: one per worker.
class JsonReader {
 public:
  struct Limits {
    std::size_t max_depth = 256;
    std::size_t max_bytes = 64 * 1024 * 1024;
  };
  JsonReader();
  explicit JsonReader(Limits limits);
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  /// Views in the result live in `arena`. `json` needs no padding.
  base::Result<Value> Read(std::string_view json, base::Arena& arena);
  bool utf8_repaired() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Appends the tree as compact JSON.
void WriteJson(const Value& value, std::string& out);
/// The same, as the next value of a document under way.
void WriteJson(const Value& value, base::JsonWriter& writer);

}  // namespace vedette::event
