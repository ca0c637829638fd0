// SPDX-License-Identifier: Apache-2.0
#include "io/block_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace vedette::io {

void RecordBatch::Clear(std::size_t usual_bytes) {
  // One 60 MB record must not keep every batch of the pool at 60 MB.
  if (bytes_.size() > 8 * usual_bytes) std::vector<char>().swap(bytes_);
  used_ = 0;
  rejected_bytes_ = 0;
  records_.clear();
  rejected_.clear();
}

void RecordBatch::Add(const Frame& frame, std::size_t reject_bytes) {
  if (frame.fault != FrameFault::kNone) {
    rejected_.push_back({std::string(frame.bytes.substr(0, reject_bytes)), frame.line, frame.offset,
                         frame.length, frame.unterminated, frame.fault, records_.size()});
    rejected_bytes_ += rejected_.back().sample.size();
    return;
  }
  const std::size_t needed = used_ + frame.bytes.size() + FrameBuffer::kPadding;
  if (needed > bytes_.size()) bytes_.resize(std::max(needed, 2 * bytes_.size()));
  std::memcpy(bytes_.data() + used_, frame.bytes.data(), frame.bytes.size());
  records_.push_back({used_, frame.bytes.size(), frame.line, frame.offset, frame.unterminated});
  used_ += frame.bytes.size();
}

BlockReader::BlockReader(std::unique_ptr<ByteSource> source, const BlockReaderOptions& options)
    : source_(std::move(source)), options_(options), framer_(*source_, options.framer) {}

base::Result<bool> BlockReader::Next(RecordBatch& batch) {
  batch.Clear(options_.batch_bytes);
  Frame frame;
  while (batch.used_ + batch.rejected_bytes_ < options_.batch_bytes &&
         batch.records_.size() + batch.rejected_.size() < options_.batch_records) {
    auto more = framer_.Next(frame);
    if (!more.has_value()) {
      // Next() gives an error only once nothing is left, so it can be the first thing of a batch
      // only if this one is empty; otherwise it waits.
      if (batch.records_.empty() && batch.rejected_.empty()) return std::move(more).error();
      error_ = std::move(more).error();
      break;
    }
    if (!*more) break;
    batch.Add(frame, options_.reject_bytes);
  }
  if (batch.records_.empty() && batch.rejected_.empty()) {
    if (auto error = std::exchange(error_, std::nullopt)) return std::move(*error);
    return false;
  }
  // Zeroes, so that what a parser reads past the last record is the same in every run.
  std::vector<char>& bytes = batch.bytes_;
  if (bytes.size() < batch.used_ + FrameBuffer::kPadding) {
    bytes.resize(batch.used_ + FrameBuffer::kPadding);
  }
  std::memset(bytes.data() + batch.used_, 0, FrameBuffer::kPadding);
  batch.ordinal_ = next_ordinal_++;
  return true;
}

}  // namespace vedette::io
