// SPDX-License-Identifier: Apache-2.0
// Framing of hostile text: no crash, records are slices of the input in order, limits are kept,
// padding is readable, and the result does not depend on how reads are cut. The first two bytes
// choose limit and chunk.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "io/record_framer.h"

namespace {

using vedette::io::Frame;
using vedette::io::FrameBuffer;
using vedette::io::FrameFault;

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Seen {
  std::uint64_t line, offset, length;
  bool unterminated;
  FrameFault fault;
  std::string bytes;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> FrameAll(std::string_view text, std::size_t limit, std::size_t chunk) {
  vedette::io::MemorySource source(text, chunk);
  vedette::io::RecordFramer framer(source, {.max_record_bytes = limit, .read_bytes = chunk});
  std::vector<Seen> all;
  Frame frame;
  std::uint64_t end = 0;
  for (;;) {
    auto more = framer.Next(frame);
    if (!more.has_value() || !*more) break;
    Require(frame.offset >= end && frame.offset + frame.length <= text.size());
    Require(frame.bytes == text.substr(frame.offset, frame.bytes.size()));
    Require(frame.bytes.size() <= limit && frame.line >= 1);
    end = frame.offset + frame.length;
    if (frame.fault != FrameFault::kTooLong && frame.fault != FrameFault::kDocumentCut) {
      unsigned sum = 0;
      for (std::size_t i = 0; i < FrameBuffer::kPadding; ++i) {
        sum += static_cast<unsigned char>(frame.bytes.data()[frame.bytes.size() + i]);
      }
      Require(sum <= 255U * FrameBuffer::kPadding);
    }
    all.push_back({frame.line, frame.offset, frame.length, frame.unterminated, frame.fault,
                   std::string(frame.bytes)});
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t limit = 1U + data[0] * 4U;
  const std::size_t chunk = 1U + data[1];
  const std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto whole = FrameAll(text, limit, 65536);
  Require(FrameAll(text, limit, chunk) == whole);
  Require(FrameAll(text, limit, 1) == whole);
  return 0;
}
