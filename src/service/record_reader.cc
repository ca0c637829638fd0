// SPDX-License-Identifier: Apache-2.0
#include "service/record_reader.h"

#include <utility>

#include "event/json_reader.h"
#include "io/decompressor.h"
#include "sources/audit_record.h"

namespace vedette::service {

void RecordBatch::Clear() {
  // One 60 MB record must not keep every batch at 60 MB.
  constexpr std::size_t kMaxKept = 8 * 1024 * 1024;
  if (copies.capacity() > kMaxKept) copies = std::string();
  items.clear();
  copies.clear();
  memory = io::ByteBuffer();
  rejected.clear();
  problems.clear();
}

RecordReader::RecordReader(const std::vector<io::InputFile>& files,
                           const RecordReaderOptions& options, io::BufferPool& pool,
                           const io::StopSignal& stop)
    : files_(files), options_(options), pool_(pool), stop_(stop) {}

std::uint64_t RecordReader::bytes_read() const {
  return bytes_before_ + (source_ != nullptr ? source_->bytes_read() : 0);
}

bool RecordReader::Next(RecordBatch& batch) {
  records_ = 0;
  rejected_bytes_ = 0;
  while (!Full(batch) && !stop_.raised() && (framer_.has_value() || OpenNext(batch))) {
    if (framer_.has_value()) Step(batch);
  }
  const bool at_end = !Full(batch);
  batch.copies.append(io::FrameBuffer::kPadding, '\0');
  batch.bytes_read = bytes_read();
  // What was read since the last batch is worth telling even when there was no record in it.
  const bool more_read = bytes_told_ != batch.bytes_read;
  bytes_told_ = batch.bytes_read;
  return !at_end || !batch.empty() || more_read;
}

bool RecordReader::Full(const RecordBatch& batch) const {
  return batch.memory.size() != 0 || batch.copies.size() >= options_.batch_bytes ||
         rejected_bytes_ >= options_.batch_bytes || records_ >= options_.batch_records ||
         (options_.strict && !batch.problems.empty());
}

// False when no file is left. One that cannot be opened becomes a problem.
bool RecordReader::OpenNext(RecordBatch& batch) {
  if (next_file_ >= files_.size()) return false;
  file_ = next_file_++;
  auto source = io::OpenInput(files_[file_].path, {}, &stop_);
  if (!source) {
    batch.problems.push_back({files_[file_].path, std::move(source).error()});
    return true;
  }
  source_ = *std::move(source);
  io::FramerOptions options;
  options.max_record_bytes = options_.max_record_bytes;
  options.read_bytes = options_.batch_bytes;
  options.block_lines = options_.batch_records;
  framer_.emplace(*source_, options, pool_.Take());
  audit_.emplace();
  return true;
}

void RecordReader::CloseFile(RecordBatch& batch) {
  if (audit_->counters().lines != 0) {
    audit_->Flush(arena_, [&](event::Value document) { AddAuditDocument(document, batch); });
    arena_.Reset();
  }
  audit_.reset();
  pool_.Give(std::move(*framer_).GiveBack());
  framer_.reset();
  bytes_before_ += source_->bytes_read();
  source_.reset();
}

void RecordReader::Step(RecordBatch& batch) {
  auto piece = framer_->NextPiece(frame_, block_);
  if (!piece) {
    CloseFile(batch);
    batch.problems.push_back({files_[file_].path, std::move(piece).error()});
    return;
  }
  switch (*piece) {
    case io::Piece::kEnd:
      return CloseFile(batch);
    case io::Piece::kFrame:
      return TakeFrame(batch);
    case io::Piece::kBlock:
      return TakeBlock(batch);
  }
}

void RecordReader::TakeBlock(RecordBatch& batch) {
  const RecordPlace place{file_, block_.line, block_.offset};
  records_ += block_.lines;
  // A small one is copied: cheaper than a buffer of its own, and then what was read beyond it stays
  // where it is.
  if (block_.bytes.size() < options_.batch_bytes / 2) {
    return AddCopy(RecordBatch::Kind::kBlock, place, block_.bytes, batch);
  }
  batch.memory = framer_->TakeMemory(pool_.Take());
  const auto begin = static_cast<std::size_t>(block_.bytes.data() - batch.memory.data());
  batch.items.push_back({RecordBatch::Kind::kLargeBlock, begin, block_.bytes.size(), place});
}

void RecordReader::TakeFrame(RecordBatch& batch) {
  ++records_;
  if (frame_.fault != io::FrameFault::kNone) {
    return Reject(io::FrameFaultCode(frame_.fault), io::FrameFaultReason(frame_.fault), batch);
  }
  const char first = frame_.bytes.empty() ? '\0' : frame_.bytes.front();
  if (first != '{' && first != '[') {
    if (TakeAuditLine(batch)) return;
    const std::size_t start = frame_.bytes.find_first_not_of(" \t");
    if (start == std::string_view::npos ||
        (frame_.bytes[start] != '{' && frame_.bytes[start] != '[')) {
      return Reject("unknown_format", "neither a JSON object nor an audit record", batch);
    }
  }
  AddCopy(RecordBatch::Kind::kRecord, FramePlace(), frame_.bytes, batch);
}

bool RecordReader::TakeAuditLine(RecordBatch& batch) {
  if (!sources::LooksLikeAuditLine(frame_.bytes)) return false;
  const bool taken = audit_->Line(
      frame_.bytes, arena_, [&](event::Value document) { AddAuditDocument(document, batch); });
  arena_.Reset();
  if (!taken) Reject("bad_audit_record", "an audit record with a damaged header", batch);
  return true;
}

void RecordReader::AddAuditDocument(const event::Value& document, RecordBatch& batch) {
  audit_json_.clear();
  event::WriteJson(document, audit_json_);
  AddCopy(RecordBatch::Kind::kAuditRecord, FramePlace(), audit_json_, batch);
}

void RecordReader::AddCopy(RecordBatch::Kind kind, const RecordPlace& place, std::string_view bytes,
                           RecordBatch& batch) {
  batch.items.push_back({kind, batch.copies.size(), bytes.size(), place});
  batch.copies += bytes;
}

void RecordReader::Reject(std::string_view code, std::string_view reason, RecordBatch& batch) {
  rejected_bytes_ += frame_.bytes.size();
  batch.rejected.push_back(
      {FramePlace(), frame_.length, code, std::string(reason), std::string(frame_.bytes)});
}

}  // namespace vedette::service
