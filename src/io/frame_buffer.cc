// SPDX-License-Identifier: Apache-2.0
#include "io/frame_buffer.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace vedette::io {

FrameBuffer::FrameBuffer(ByteSource& source, std::size_t chunk_bytes, ByteBuffer memory)
    : source_(source), chunk_bytes_(chunk_bytes), bytes_(std::move(memory)) {
  if (bytes_.size() < BytesFor(chunk_bytes)) bytes_ = ByteBuffer(BytesFor(chunk_bytes));
}

// Moves the live bytes to the front and sees to it that one chunk fits behind them.
void FrameBuffer::MakeRoom() {
  const std::size_t live = end_ - begin_;
  const std::size_t needed = live + chunk_bytes_ + kPadding;
  const std::size_t small = BytesFor(chunk_bytes_);
  const bool shrink = bytes_.size() > 16 * small && needed <= small;
  if (end_ + chunk_bytes_ + kPadding <= bytes_.size() && !shrink) return;
  if (needed > bytes_.size() || shrink) {
    // Doubling keeps the copying linear in the size of the record.
    ByteBuffer larger(shrink ? small : std::max(needed, 2 * bytes_.size()));
    if (live > 0) std::memcpy(larger.data(), bytes_.data() + begin_, live);
    bytes_ = std::move(larger);
  } else if (live > 0) {
    std::memmove(bytes_.data(), bytes_.data() + begin_, live);
  }
  base_ += begin_;
  begin_ = 0;
  end_ = live;
}

bool FrameBuffer::Fill() {
  if (ended_) return false;
  MakeRoom();
  auto got = source_.Read(std::span<char>(bytes_.data() + end_, chunk_bytes_));
  std::size_t count = 0;
  if (got.has_value()) {
    count = *got;
  } else {
    error_ = std::move(got).error();
  }
  end_ += count;
  ended_ = count == 0;
  std::memset(bytes_.data() + end_, 0, kPadding);
  return !ended_;
}

void FrameBuffer::Release(std::uint64_t offset) {
  begin_ = std::max(begin_, static_cast<std::size_t>(offset - base_));
}

ByteBuffer FrameBuffer::Exchange(std::uint64_t offset, ByteBuffer fresh) {
  const auto keep = static_cast<std::size_t>(offset - base_);
  const std::size_t rest = end_ - keep;
  const std::size_t needed = std::max(BytesFor(chunk_bytes_), rest + kPadding);
  if (fresh.size() < needed) fresh = ByteBuffer(needed);
  if (rest > 0) std::memcpy(fresh.data(), bytes_.data() + keep, rest);
  std::memset(fresh.data() + rest, 0, kPadding);
  std::memset(bytes_.data() + keep, 0, kPadding);
  std::swap(bytes_, fresh);
  base_ = offset;
  begin_ = 0;
  end_ = rest;
  return fresh;
}

std::optional<base::Error> FrameBuffer::TakeError() { return std::exchange(error_, std::nullopt); }

}  // namespace vedette::io
