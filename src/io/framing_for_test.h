// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/line_cursor.h"
#include "io/record_framer.h"

namespace vedette::io {

/// `LINE:OFFSET:LENGTH FAULT[ unterminated] BYTES`
inline std::string FrameText(const Frame& frame) {
  return fmt::format("{}:{}:{} {}{} {}", frame.line, frame.offset, frame.length,
                     FrameFaultCode(frame.fault), frame.unterminated ? " unterminated" : "",
                     frame.bytes);
}

/// Everything a framer says about `text`, one string per frame, for comparison in tests: FrameText,
/// and `error MESSAGE` at the end where there is one.
inline std::vector<std::string> FrameAll(std::string_view text, std::size_t chunk_bytes,
                                         FramerOptions options = {}) {
  MemorySource source(text, chunk_bytes);
  options.read_bytes = chunk_bytes;
  RecordFramer framer(source, options);
  std::vector<std::string> out;
  Frame frame;
  for (;;) {
    auto more = framer.Next(frame);
    if (!more.has_value()) {
      out.push_back("error " + more.error().message());
      continue;
    }
    if (!*more) return out;
    out.push_back(FrameText(frame));
  }
}

/// The lines of a block as the frames that they would be.
inline void FrameBlock(const LineBlock& block, std::vector<std::string>& out) {
  LineCursor lines(block.bytes);
  Frame frame;
  while (lines.Next(frame.bytes)) {
    frame.line = block.line + lines.LinesBefore();
    frame.offset = block.offset + lines.offset();
    frame.length = block.bytes.find('\n', lines.offset()) - lines.offset();
    out.push_back(FrameText(frame));
  }
}

/// The same as FrameAll, by way of NextPiece(): `take` says of each block whether its memory is
/// taken before it is looked at.
template <class Take>
std::vector<std::string> FrameInBlocks(ByteSource& source, const FramerOptions& options,
                                       Take take) {
  RecordFramer framer(source, options);
  std::vector<std::string> out;
  Frame frame;
  LineBlock block;
  for (;;) {
    auto piece = framer.NextPiece(frame, block);
    if (!piece.has_value()) {
      out.push_back("error " + piece.error().message());
    } else if (*piece == Piece::kEnd) {
      return out;
    } else if (*piece == Piece::kFrame) {
      out.push_back(FrameText(frame));
    } else {
      ByteBuffer memory;
      if (take()) memory = framer.TakeMemory({});
      FrameBlock(block, out);
    }
  }
}

}  // namespace vedette::io
