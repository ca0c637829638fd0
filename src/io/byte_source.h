// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/stop_signal.h"

namespace vedette::io {

/// A stream of bytes that is pulled. One thread reads; the counters may be watched from another.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Puts at least one byte into `out` (not empty) and says how many; 0 is the end. Short reads are
  /// normal. Bytes that were good are delivered before an Error; after an Error the stream has
  /// ended.
  virtual base::Result<std::size_t> Read(std::span<char> out) = 0;

  /// Bytes taken from the transport so far (compressed ones, when it is compressed).
  virtual std::uint64_t bytes_read() const = 0;
  /// What bytes_read() will be at the end, when that can be known (regular files): for progress
  /// only.
  virtual std::optional<std::uint64_t> total_bytes() const = 0;

  /// Reading neither waits for anyone nor computes: a regular file or memory, not compressed. A
  /// thread of its own would gain nothing.
  virtual bool direct() const { return false; }
};

/// A file descriptor: regular file, pipe, device or standard input.
class FileSource final : public ByteSource {
 public:
  /// `-` is standard input. A directory is kInvalidArgument. Reading from a named pipe waits for
  /// its writer. `stop`, where given, ends a Read() that waits with an Error.
  static base::Result<std::unique_ptr<FileSource>> Open(const std::string& path,
                                                        const StopSignal* stop = nullptr);

  /// `owned`: close the descriptor at the end. `name` is for messages. Without a `total` it is
  /// taken for something that must be waited for.
  FileSource(int descriptor, bool owned, std::string name, std::optional<std::uint64_t> total,
             const StopSignal* stop = nullptr);
  ~FileSource() override;

  base::Result<std::size_t> Read(std::span<char> out) override;
  std::uint64_t bytes_read() const override { return read_.load(std::memory_order_relaxed); }
  std::optional<std::uint64_t> total_bytes() const override { return total_; }
  bool direct() const override { return total_.has_value(); }

 private:
  base::Result<void> Wait() const;

  int descriptor_;
  bool owned_;
  std::string name_;
  std::optional<std::uint64_t> total_;
  const StopSignal* stop_;
  std::atomic<std::uint64_t> read_ = 0;
};

/// Bytes in memory that the caller keeps alive, given out `chunk_bytes` at a time: HTTP bodies,
/// tests.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes, std::size_t chunk_bytes = 64 * 1024)
      : bytes_(bytes), chunk_bytes_(chunk_bytes) {}

  base::Result<std::size_t> Read(std::span<char> out) override;
  std::uint64_t bytes_read() const override { return at_; }
  std::optional<std::uint64_t> total_bytes() const override { return bytes_.size(); }
  bool direct() const override { return true; }

 private:
  std::string_view bytes_;
  std::size_t chunk_bytes_;
  std::size_t at_ = 0;
};

}  // namespace vedette::io
