// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "event/value.h"
#include "io/byte_buffer.h"
#include "io/byte_source.h"
#include "io/record_framer.h"
#include "service/record_block.h"
#include "sources/audit_log.h"

namespace vedette::service {

/// Cuts files into records: lines of JSON in blocks, other JSON documents as they stand, audit log
/// lines put together into one ECS document per event. One thread.
///
/// A block of at least half of block_bytes is handed over with the memory that it was read into, so
/// its bytes are copied by no one. Memory: one buffer of the pool, more while a record is larger.
class RecordReader {
 public:
  /// Views hold until the callback returns. Returning false ends the file.
  struct Sinks {
    /// `memory`, when it holds anything, is what the block lies in: whoever keeps it may keep the
    /// block.
    std::function<bool(const RecordBlock&, io::ByteBuffer memory)> block;
    std::function<bool(const RecordPlace&, std::string_view bytes, bool from_audit_log)> record;
    std::function<bool(const RecordPlace&, std::uint64_t length, std::string_view code,
                       std::string_view reason, std::string_view bytes)>
        rejected;
    std::function<void(std::uint64_t bytes_of_file)> progress;
  };
  /// What the buffers of the pool must have for blocks of that size.
  static constexpr std::size_t BufferBytes(std::size_t block_bytes) {
    return io::FrameBuffer::BytesFor(block_bytes);
  }

  RecordReader(std::size_t max_record_bytes, std::size_t block_bytes, io::BufferPool& pool,
               Sinks sinks)
      : pool_(pool), sinks_(std::move(sinks)) {
    framer_options_.max_record_bytes = max_record_bytes;
    framer_options_.read_bytes = block_bytes;
  }

  /// An error is about the file: it cannot be opened, or not be read to its end; what came before
  /// was handed out. `bytes_read`: taken from it, as stored.
  base::Result<void> Read(std::uint32_t file, const std::string& path, std::uint64_t& bytes_read);

 private:
  base::Result<void> Frames(std::uint32_t file, io::ByteSource& source, io::RecordFramer& framer,
                            std::uint64_t& bytes_read);
  bool TakeBlock(std::uint32_t file, const io::LineBlock& block, io::RecordFramer& framer);
  bool Take(std::uint32_t file, const io::Frame& frame, sources::AuditLogDecoder& audit);
  bool Audit(std::uint32_t file, const io::Frame& frame, const event::Value& document);
  bool Reject(std::uint32_t file, const io::Frame& frame, std::string_view code,
              std::string_view reason);

  io::BufferPool& pool_;
  io::FramerOptions framer_options_;
  Sinks sinks_;
  base::Arena arena_;
  std::string audit_json_;
};

}  // namespace vedette::service
