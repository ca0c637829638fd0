// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace vedette::io {

/// Memory to read into. It is not initialised, so that reading is the first to touch it. Moved,
/// never copied.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  explicit ByteBuffer(std::size_t size)
      : bytes_(std::make_unique_for_overwrite<char[]>(size)), size_(size) {}
  ByteBuffer(ByteBuffer&& other) noexcept;
  ByteBuffer& operator=(ByteBuffer&& other) noexcept;
  ~ByteBuffer() = default;

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  /// 0: holds nothing.
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// Buffers of one size that wait for their next use. Any thread may take and give.
///
/// Take() allocates only when none waits, so in the steady state nothing is allocated. The last one
/// given is the first one taken: it is still in the cache.
class BufferPool {
 public:
  explicit BufferPool(std::size_t buffer_bytes) : buffer_bytes_(buffer_bytes) {}

  /// Of at least buffer_bytes().
  ByteBuffer Take();
  /// One of another size, grown for a huge record, is freed rather than kept.
  void Give(ByteBuffer buffer);
  std::size_t buffer_bytes() const { return buffer_bytes_; }

 private:
  const std::size_t buffer_bytes_;
  std::mutex mutex_;
  std::vector<ByteBuffer> waiting_;  // under mutex_
};

}  // namespace vedette::io
