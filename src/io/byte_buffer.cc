// SPDX-License-Identifier: Apache-2.0
#include "io/byte_buffer.h"

#include <utility>

namespace vedette::io {

ByteBuffer::ByteBuffer(ByteBuffer&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

ByteBuffer& ByteBuffer::operator=(ByteBuffer&& other) noexcept {
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

ByteBuffer BufferPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty()) {
      ByteBuffer buffer = std::move(waiting_.back());
      waiting_.pop_back();
      return buffer;
    }
  }
  return ByteBuffer(buffer_bytes_);
}

void BufferPool::Give(ByteBuffer buffer) {
  if (buffer.size() != buffer_bytes_) return;
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(buffer));
}

}  // namespace vedette::io
