// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "simdjson_paths.h"

namespace vedette::bench {

/// What a pass took. Counted and summed, so that nothing can be left out as unused.
struct Taken {
  std::uint64_t events = 0;
  std::uint64_t failed = 0;
  std::uint64_t values = 0;
  std::uint64_t sum = 0;

  void Add(std::string_view text) {
    ++values;
    sum = sum * 31 + text.size();
    if (!text.empty()) sum += static_cast<unsigned char>(text.back());
  }
};

/// Readable bytes that every pass wants behind its text.
inline constexpr std::size_t kTextPadding = 64;

/// The limits that a scan is measured against. Texts are whole lines of NDJSON. One thread.
class Yardstick {
 public:
  /// Pass47 takes `paths`; another list than P47's is for comparisons of their own.
  explicit Yardstick(std::span<const std::string_view> paths = kSimdjsonPaths);
  ~Yardstick();

  /// P47: simdjson's on-demand API, one iterate a line, one forward pass over its members through
  /// the tree of simdjson_paths.h, every value of the 47 paths decoded.
  void Pass47(std::string_view text, Taken& taken);
  /// simdjson's DOM of each line; no field is looked up.
  void Dom(std::string_view text, Taken& taken);
  /// simdjson's structural index, in batches of about 1 MB.
  void StructuralIndex(std::string_view text, Taken& taken);
  /// The line breaks.
  static void Lines(std::string_view text, Taken& taken);
  /// The implementation that simdjson chose for this processor.
  static std::string_view InstructionSet();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::bench
