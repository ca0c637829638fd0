// SPDX-License-Identifier: Apache-2.0
// Framing of pushed bytes: the frames are those of io::RecordFramer, whatever the cuts. The first
// two bytes choose limit and cuts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "embed/push_framer.h"

namespace {

using vedette::io::Frame;
using vedette::io::FramerOptions;

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Seen {
  std::uint64_t line, offset, length;
  bool unterminated;
  vedette::io::FrameFault fault;
  std::string bytes;
  bool operator==(const Seen&) const = default;
};

Seen SeenOf(const Frame& frame) {
  return {frame.line,         frame.offset, frame.length,
          frame.unterminated, frame.fault,  std::string(frame.bytes)};
}

std::vector<Seen> Pulled(std::string_view text, const FramerOptions& options) {
  vedette::io::MemorySource source(text);
  vedette::io::RecordFramer framer(source, options);
  std::vector<Seen> all;
  Frame frame;
  for (auto more = framer.Next(frame); more && *more; more = framer.Next(frame)) {
    all.push_back(SeenOf(frame));
  }
  return all;
}

std::vector<Seen> Pushed(std::string_view text, std::size_t piece, const FramerOptions& options) {
  vedette::embed::PushFramer framer(options);
  std::vector<Seen> all;
  const vedette::embed::PushFramer::Take take = [&](const Frame& frame) {
    all.push_back(SeenOf(frame));
    return vedette::base::Result<void>();
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!framer.Feed(text.substr(at, piece), take)) return all;
  }
  static_cast<void>(framer.End(take));
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  FramerOptions options;
  options.max_record_bytes = 1U + data[0] * 4U;
  const std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::size_t piece = 1U + data[1];
  Require(Pushed(text, piece, options) == Pulled(text, options));
  return 0;
}
