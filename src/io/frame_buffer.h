// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/result.h"
#include "io/byte_buffer.h"
#include "io/byte_source.h"

namespace vedette::io {

/// A sliding, growing window over a ByteSource, addressed by stream offsets.
///
/// At least kPadding zero bytes are readable past end(). Pointers are valid until the next Fill()
/// or Exchange(). Memory follows what has not been released, plus one chunk; after a huge record it
/// shrinks again.
class FrameBuffer {
 public:
  static constexpr std::size_t kPadding = 64;
  /// What a window of chunks of this size needs.
  static constexpr std::size_t BytesFor(std::size_t chunk_bytes) {
    return 2 * chunk_bytes + kPadding;
  }

  /// `memory` is used when it has BytesFor(chunk_bytes), else replaced.
  FrameBuffer(ByteSource& source, std::size_t chunk_bytes, ByteBuffer memory = {});

  /// Reads more; false at the end. A read error ends the stream too and is kept for TakeError(),
  /// so that what came before it can be used up first.
  bool Fill();
  /// Bytes before `offset` are no longer needed.
  void Release(std::uint64_t offset);
  /// Goes on in `fresh` (as the constructor's `memory`), with what stands from `offset` on copied
  /// there, and gives away the memory used so far: what lies before `offset` stays in it, followed
  /// by kPadding zeroes.
  ByteBuffer Exchange(std::uint64_t offset, ByteBuffer fresh);

  std::uint64_t begin() const { return base_ + begin_; }
  std::uint64_t end() const { return base_ + end_; }
  bool ended() const { return ended_; }
  /// `offset` in [begin(), end()].
  const char* At(std::uint64_t offset) const { return bytes_.data() + (offset - base_); }
  std::optional<base::Error> TakeError();
  ByteBuffer GiveBack() && { return std::move(bytes_); }
  std::size_t capacity() const { return bytes_.size(); }

 private:
  void MakeRoom();

  ByteSource& source_;
  std::size_t chunk_bytes_;
  ByteBuffer bytes_;
  std::uint64_t base_ = 0;  ///< stream offset of bytes_[0]
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
  std::optional<base::Error> error_;
};

}  // namespace vedette::io
