// SPDX-License-Identifier: Apache-2.0
#include "io/line_cursor.h"

#include <algorithm>
#include <cstring>

namespace vedette::io {

bool IsBlankLine(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

bool LineCursor::Next(std::string_view& line) {
  while (next_ < lines_.size()) {
    begin_ = next_;
    const char* const from = lines_.data() + begin_;
    const void* const found = std::memchr(from, '\n', lines_.size() - begin_);
    const std::size_t size = found != nullptr
                                 ? static_cast<std::size_t>(static_cast<const char*>(found) - from)
                                 : lines_.size() - begin_;
    next_ = begin_ + size + 1;
    line = {from, size};
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!IsBlankLine(line)) return true;
  }
  return false;
}

std::uint64_t LineCounter::Before(std::size_t offset) {
  const std::string_view passed = lines_.substr(counted_to_, offset - counted_to_);
  counted_ += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
  counted_to_ = offset;
  return counted_;
}

std::uint64_t LineCursor::LinesBefore() { return counter_.Before(begin_); }

}  // namespace vedette::io
