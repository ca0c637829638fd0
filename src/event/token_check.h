// SPDX-License-Identifier: Apache-2.0
// Grammar checks over a StructuralIndex. Internal to src/event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "event/structural_index.h"

namespace vedette::event {

inline bool IsJsonBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Whether `text` is a JSON number, `true`, `false` or `null`, and nothing else.
bool IsJsonScalar(std::string_view text);

/// Whether each backslash in the inside of a JSON string begins an escape that has one meaning:
/// a surrogate comes as a pair, high before low.
bool EscapesAreSound(std::string_view text);

/// Looks at what stands between the entries of an index. Entries are given by ordinal. A view: the
/// text and the index outlive it.
class TokenCheck {
 public:
  TokenCheck() = default;
  TokenCheck(const char* text, const StructuralIndex& index)
      : text_(text), index_(&index), positions_(index.positions()), kinds_(index.kinds()) {}

  bool AllBlank(std::uint32_t begin, std::uint32_t end) const {
    while (begin < end && IsJsonBlank(text_[begin])) ++begin;
    return begin == end;
  }

  /// Where the key that opens at entry `key` ends, if it is closed and just a colon stands between
  /// it and the entry after it; else 0.
  std::uint32_t KeyEnd(std::size_t key) const {
    const std::uint32_t begin = positions_[key];
    std::uint32_t at = BackOverBlanks(positions_[key + 1], begin);
    if (text_[at - 1] != ':') return 0;
    at = BackOverBlanks(at - 1, begin);
    return at > begin + 1 && text_[at - 1] == '"' ? at - 1 : 0;
  }

  /// Where the value before entry `next` ends, if what separates them is right: one comma before
  /// an element or key, none before a closing bracket; else 0. `value` is where the value begins.
  std::uint32_t ValueEnd(std::size_t next, bool closing, std::uint32_t value) const {
    std::uint32_t at = positions_[next];
    // Nearly always there are no blanks.
    if (!closing) {
      if (text_[at - 1] != ',') {
        at = BackOverBlanks(at, value);
        if (text_[at - 1] != ',') return 0;
      }
      --at;
    }
    const char last = text_[at - 1];
    if (last > ' ' && last != ',' && last != ':') return at;
    at = BackOverBlanks(at, value);
    return text_[at - 1] != ',' && text_[at - 1] != ':' ? at : 0;
  }

  /// Whether a backslash may stand in [begin, end).
  bool MayHaveBackslash(std::uint32_t begin, std::uint32_t end) const {
    return index_->MayHaveBackslash(begin, end);
  }

  /// Whether [begin, end) is a string, quotes included, whose escapes are sound. In a broken line
  /// the last quote may be the only one.
  bool StringIsSound(std::uint32_t begin, std::uint32_t end) const {
    if (!index_->MayHaveBackslash(begin, end)) return true;
    return end - begin >= 2 && EscapesAreSound({text_ + begin + 1, end - begin - 2});
  }

  /// The entry behind the container that opens at entry `at`, if all of it is well-formed JSON not
  /// nested more than `levels` deep; else 0. `has_object`: an object is in it or is it.
  std::size_t CheckContainer(std::size_t at, std::size_t levels, bool& has_object) const;

  /// The entry behind the container that opens at entry `at`, by counting brackets; 0 if it is not
  /// closed in its line or nested more than `levels` deep. `has_object` as above.
  std::size_t SkipContainer(std::size_t at, std::size_t levels, bool& has_object) const;

 private:
  std::uint32_t BackOverBlanks(std::uint32_t at, std::uint32_t least) const {
    while (at > least + 1 && IsJsonBlank(text_[at - 1])) --at;
    return at;
  }
  bool SimpleIsSound(std::size_t at, std::uint32_t end) const;

  const char* text_ = nullptr;
  const StructuralIndex* index_ = nullptr;
  const std::uint32_t* positions_ = nullptr;
  const std::uint8_t* kinds_ = nullptr;
};

}  // namespace vedette::event
