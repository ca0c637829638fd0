// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/value.h"
#include "io/byte_buffer.h"
#include "io/byte_source.h"
#include "io/input_files.h"
#include "io/record_framer.h"
#include "io/stop_signal.h"
#include "service/record_batch.h"
#include "sources/audit_log.h"

namespace vedette::service {

struct RecordReaderOptions {
  std::size_t max_record_bytes = 64 * 1024 * 1024;
  /// What is read at once. A batch is full when it has so many bytes, or `batch_records` records
  /// and rejects: tiny ones cost more than their bytes.
  std::size_t batch_bytes = 256 * 1024;
  std::size_t batch_records = 16 * 1024;
  bool strict = false;  ///< a batch ends with the first file that cannot be read
};

/// Cuts files into batches of records: lines of JSON in blocks, other JSON documents as they stand,
/// audit log lines put together into one ECS document per event.
///
/// A block of at least half of batch_bytes goes into the batch with the memory that it was read
/// into: nobody copies it. Where batches are cut depends on the files and on how they are read;
/// which records there are, and their order, does not. Memory: the batch's, one buffer of `pool`,
/// and up to twice the largest record. One thread at a time.
class RecordReader {
 public:
  /// What the buffers of the pool should have.
  static constexpr std::size_t BufferBytes(std::size_t batch_bytes) {
    return io::FrameBuffer::BytesFor(batch_bytes);
  }

  /// All three must outlive the reader. `stop` ends reads that wait, and the batch under way.
  RecordReader(const std::vector<io::InputFile>& files, const RecordReaderOptions& options,
               io::BufferPool& pool, const io::StopSignal& stop);

  /// Fills `batch`, which is empty, with what comes next. False when nothing is left.
  bool Next(RecordBatch& batch);

  /// What Next() goes on with has to be waited for or decompressed.
  bool deserves_thread() const { return source_ != nullptr && !source_->direct(); }
  /// Taken from the files so far, as stored.
  std::uint64_t bytes_read() const;

 private:
  bool OpenNext(RecordBatch& batch);
  void CloseFile(RecordBatch& batch);
  void Step(RecordBatch& batch);
  bool Full(const RecordBatch& batch) const;

  void TakeBlock(RecordBatch& batch);
  void TakeFrame(RecordBatch& batch);
  bool TakeAuditLine(RecordBatch& batch);
  void AddAuditDocument(const event::Value& document, RecordBatch& batch);
  void AddCopy(RecordBatch::Kind kind, const RecordPlace& place, std::string_view bytes,
               RecordBatch& batch);
  void Reject(std::string_view code, std::string_view reason, RecordBatch& batch);
  RecordPlace FramePlace() const { return {file_, frame_.line, frame_.offset}; }

  const std::vector<io::InputFile>& files_;
  RecordReaderOptions options_;
  io::BufferPool& pool_;
  const io::StopSignal& stop_;

  std::uint32_t next_file_ = 0;
  std::uint32_t file_ = 0;  ///< that of source_
  std::unique_ptr<io::ByteSource> source_;
  std::optional<io::RecordFramer> framer_;  ///< has a value exactly while a file is open
  std::optional<sources::AuditLogDecoder> audit_;
  io::Frame frame_;
  io::LineBlock block_;
  std::uint64_t bytes_before_ = 0;  ///< of the files that were closed

  std::size_t records_ = 0;         ///< of the batch, rejects included
  std::size_t rejected_bytes_ = 0;  ///< of the batch
  std::uint64_t bytes_told_ = 0;    ///< with the last batch
  base::Arena arena_;
  std::string audit_json_;
};

}  // namespace vedette::service
