// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "io/byte_source.h"

namespace vedette::io {

/// A sliding, growing window over a ByteSource, addressed by stream offsets.
///
/// At least kPadding zero bytes are readable past end(). Pointers are valid until the next Fill().
/// Memory follows what has not been released, plus one chunk; after a huge record it shrinks again.
class FrameBuffer {
 public:
  static constexpr std::size_t kPadding = 64;

  FrameBuffer(ByteSource& source, std::size_t chunk_bytes);

  /// Reads more; false at the end. A read error ends the stream too and is kept for TakeError(),
  /// so that what came before it can be used up first.
  bool Fill();
  /// Bytes before `offset` are no longer needed.
  void Release(std::uint64_t offset);

  std::uint64_t begin() const { return base_ + begin_; }
  std::uint64_t end() const { return base_ + end_; }
  bool ended() const { return ended_; }
  /// `offset` in [begin(), end()].
  const char* At(std::uint64_t offset) const { return bytes_.data() + (offset - base_); }
  std::optional<base::Error> TakeError();
  std::size_t capacity() const { return bytes_.size(); }

 private:
  void MakeRoom();

  ByteSource& source_;
  std::size_t chunk_bytes_;
  std::vector<char> bytes_;
  std::uint64_t base_ = 0;  ///< stream offset of bytes_[0]
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
  std::optional<base::Error> error_;
};

}  // namespace vedette::io
