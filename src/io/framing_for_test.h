// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "io/record_framer.h"

namespace vedette::io {

/// Everything a framer says about `text`, one string per frame, for comparison in tests:
/// `LINE:OFFSET:LENGTH FAULT[ unterminated] BYTES`, and `error MESSAGE` at the end where there is
/// one.
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
    out.push_back(fmt::format("{}:{}:{} {}{} {}", frame.line, frame.offset, frame.length,
                              FrameFaultCode(frame.fault),
                              frame.unterminated ? " unterminated" : "", frame.bytes));
  }
}

}  // namespace vedette::io
