// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vedette::io {

/// Finds where one JSON object or array ends, byte by byte, across any cut of the input.
///
/// Knows strings, brackets and just enough grammar to notice damage; it does not validate. A raw
/// line break ends a string (JSON forbids it there), so that one lost quote does not turn the rest
/// of the file inside out. Constant memory; kinds of brackets are checked down to kMaxDepth.
class JsonScanner {
 public:
  static constexpr std::uint32_t kMaxDepth = 1024;

  enum class Event : std::uint8_t {
    kMore,       ///< the input is used up
    kEnd,        ///< the value is complete; its last bracket was consumed
    kLineBrace,  ///< a `{` that is the first thing on its line; not consumed until Accept()
    kHits,       ///< consumed the `[` of `hits.hits` or `hits.events`: a search response
    kOverrun,    ///< a `]` that closes nothing in this value; not consumed, the value is damaged
  };

  /// Begins before the first bracket of a value. `watch_hits`: report kHits.
  void Start(bool watch_hits);
  /// Begins inside `{"hits":{"hits":[…]`, right after the inner array: the rest of the response.
  void StartTail();

  /// Scans [*at, end), moving `*at`.
  Event Scan(const char*& at, const char* end);
  /// After kLineBrace: go on, the brace is part of the value.
  void Accept() { accepted_ = true; }

  /// After kLineBrace: JSON allows no `{` here, so the value before it was not finished.
  bool brace_is_misplaced() const { return !value_allowed_; }
  bool in_string() const { return in_string_; }
  /// A string ran over a line break, or brackets do not match.
  bool damaged() const { return damaged_; }
  std::uint64_t line_breaks() const { return line_breaks_; }
  /// Bytes between the last line break and the point reached; Start() counts from 0.
  std::uint64_t column() const { return column_; }

 private:
  void Push(bool array);
  bool Close(bool array);
  void EndKey();
  const char* SkipString(const char* at, const char* end);
  bool TopIsArray() const { return depth_ > 0 && depth_ <= kMaxDepth && is_array_[depth_ - 1]; }

  std::bitset<kMaxDepth> is_array_;
  std::uint32_t depth_ = 0;
  std::uint32_t arrays_ = 0;  ///< how many of the open brackets are `[`
  bool in_string_ = false;
  bool escaped_ = false;
  bool value_allowed_ = true;
  bool key_expected_ = false;
  bool line_blank_ = false;
  bool accepted_ = false;
  bool damaged_ = false;
  bool watch_hits_ = false;
  bool capturing_ = false;
  bool inside_hits_ = false;
  std::uint8_t key_bytes_ = 0;
  char key_[8] = {};
  std::uint64_t line_breaks_ = 0;
  std::uint64_t column_ = 0;
};

}  // namespace vedette::io
