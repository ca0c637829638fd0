// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vedette::io {

/// A line of nothing but spaces, tabs and CRs.
bool IsBlankLine(std::string_view line);

/// Counts line breaks before a place in a block, from where it was asked last: asking for many
/// places in ascending order costs one pass, asking for none nothing.
class LineCounter {
 public:
  explicit LineCounter(std::string_view lines) : lines_(lines) {}
  /// `offset` does not descend from call to call.
  std::uint64_t Before(std::size_t offset);

 private:
  std::string_view lines_;
  std::size_t counted_to_ = 0;
  std::uint64_t counted_ = 0;
};

/// Walks the lines of a block as RecordFramer hands them out: without line break, without a CR
/// before it, blank ones left out. Costs one memchr per line.
class LineCursor {
 public:
  /// `lines` must stay where they are.
  explicit LineCursor(std::string_view lines) : lines_(lines), counter_(lines) {}

  /// False at the end.
  bool Next(std::string_view& line);

  /// Of the current line's first byte, within the block.
  std::size_t offset() const { return begin_; }
  /// How many lines stand before the current one. Counted only when asked, from where it was asked
  /// last: asking for every line costs one more pass over the block, asking for none nothing.
  std::uint64_t LinesBefore();

 private:
  std::string_view lines_;
  std::size_t begin_ = 0;
  std::size_t next_ = 0;
  LineCounter counter_;
};

}  // namespace vedette::io
