// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette::service {

/// Where a record begins.
struct RecordPlace {
  std::uint32_t file = 0;
  std::uint64_t line = 0;    ///< 1-based
  std::uint64_t offset = 0;  ///< in the decompressed stream
};

/// Lines of one file that lie next to each other, as io::LineBlock: each blank, or a JSON object or
/// something that begins like one. io::LineCursor walks them; the place of a line is `first` plus
/// the cursor's offset() and LinesBefore().
struct RecordBlock {
  /// Whole lines with their line breaks; io::FrameBuffer::kPadding readable bytes behind them.
  std::string_view bytes;
  RecordPlace first;
};

}  // namespace vedette::service
