// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/byte_source.h"
#include "io/record_framer.h"

namespace vedette::io {

/// Whole records, ready to be parsed by any one thread. Reuse it: its memory is kept.
class RecordBatch {
 public:
  struct Record {
    std::size_t begin;
    std::size_t size;
    std::uint64_t line;    ///< 1-based
    std::uint64_t offset;  ///< in the decompressed stream
    bool unterminated;
  };
  struct Rejected {
    std::string sample;  ///< the first bytes, at most BlockReaderOptions::reject_bytes
    std::uint64_t line;
    std::uint64_t offset;
    std::uint64_t length;
    bool unterminated;
    FrameFault fault;
    std::size_t before;  ///< it stood before records()[before]
  };

  /// Batches of one reader count 0, 1, 2, …: whatever order they are parsed in, this restores
  /// theirs.
  std::uint64_t ordinal() const { return ordinal_; }
  const std::vector<Record>& records() const { return records_; }
  const std::vector<Rejected>& rejected() const { return rejected_; }
  /// At least FrameBuffer::kPadding bytes are readable behind it. Valid until the batch is filled
  /// again.
  std::string_view BytesOf(const Record& record) const {
    return {bytes_.data() + record.begin, record.size};
  }
  /// Bytes held by records, without padding.
  std::size_t size_bytes() const { return used_; }

 private:
  friend class BlockReader;
  void Clear(std::size_t usual_bytes);
  void Add(const Frame& frame, std::size_t reject_bytes);

  std::uint64_t ordinal_ = 0;
  std::vector<char> bytes_;
  std::size_t used_ = 0;
  std::size_t rejected_bytes_ = 0;
  std::vector<Record> records_;
  std::vector<Rejected> rejected_;
};

struct BlockReaderOptions {
  FramerOptions framer;
  std::size_t batch_bytes = 1024 * 1024;
  std::size_t batch_records = 4096;
  /// How much of a rejected piece is kept for the reject file.
  std::size_t reject_bytes = 64 * 1024;
};

/// Cuts one source into batches of whole records.
///
/// A batch ends with the record that takes it past `batch_bytes` or `batch_records`, so the cut
/// depends on the input alone. Memory: the framer's, and that of the batches the caller holds. One
/// thread reads; batches may be handed to any other.
class BlockReader {
 public:
  explicit BlockReader(std::unique_ptr<ByteSource> source, const BlockReaderOptions& options = {});

  /// False at the end. What stood before a read error is delivered first, then the Error once, then
  /// false.
  base::Result<bool> Next(RecordBatch& batch);

  /// For progress; may be called from another thread.
  const ByteSource& source() const { return *source_; }

 private:
  std::unique_ptr<ByteSource> source_;
  BlockReaderOptions options_;
  RecordFramer framer_;
  std::uint64_t next_ordinal_ = 0;
  std::optional<base::Error> error_;  ///< waits for the batch before it
};

}  // namespace vedette::io
