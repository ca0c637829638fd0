// SPDX-License-Identifier: Apache-2.0
#include "service/record_reader.h"

#include "event/json_reader.h"
#include "io/decompressor.h"
#include "sources/audit_record.h"

namespace vedette::service {

base::Result<void> RecordReader::Read(std::uint32_t file, const std::string& path,
                                      std::uint64_t& bytes_read) {
  bytes_read = 0;
  auto source = io::OpenInput(path);
  if (!source) return std::move(source).error();
  io::RecordFramer framer(**source, framer_options_, pool_.Take());
  base::Result<void> outcome = Frames(file, **source, framer, bytes_read);
  pool_.Give(std::move(framer).GiveBack());
  return outcome;
}

base::Result<void> RecordReader::Frames(std::uint32_t file, io::ByteSource& source,
                                        io::RecordFramer& framer, std::uint64_t& bytes_read) {
  sources::AuditLogDecoder audit;
  io::Frame frame;
  io::LineBlock block;
  base::Result<void> outcome;
  bool go_on = true;
  while (go_on) {
    auto piece = framer.NextPiece(frame, block);
    bytes_read = source.bytes_read();
    sinks_.progress(bytes_read);
    if (!piece) {
      outcome = std::move(piece).error();
      break;
    }
    if (*piece == io::Piece::kEnd) break;
    go_on = *piece == io::Piece::kBlock ? TakeBlock(file, block, framer) : Take(file, frame, audit);
  }
  if (go_on && audit.counters().lines != 0) {
    audit.Flush(arena_, [&](event::Value document) { Audit(file, frame, document); });
    arena_.Reset();
  }
  return outcome;
}

bool RecordReader::TakeBlock(std::uint32_t file, const io::LineBlock& block,
                             io::RecordFramer& framer) {
  const RecordBlock records{block.bytes, {file, block.line, block.offset}};
  // A small one is copied by whoever wants it: cheaper than a buffer of its own, and then what was
  // read beyond it stays where it is.
  if (block.bytes.size() < framer_options_.read_bytes / 2) return sinks_.block(records, {});
  return sinks_.block(records, framer.TakeMemory(pool_.Take()));
}

bool RecordReader::Take(std::uint32_t file, const io::Frame& frame,
                        sources::AuditLogDecoder& audit) {
  if (frame.fault != io::FrameFault::kNone) {
    return Reject(file, frame, io::FrameFaultCode(frame.fault), io::FrameFaultReason(frame.fault));
  }
  const char first = frame.bytes.empty() ? '\0' : frame.bytes.front();
  if (first != '{' && first != '[') {
    if (sources::LooksLikeAuditLine(frame.bytes)) {
      bool go_on = true;
      const bool taken = audit.Line(frame.bytes, arena_, [&](event::Value document) {
        go_on = Audit(file, frame, document) && go_on;
      });
      arena_.Reset();
      if (!taken) {
        return Reject(file, frame, "bad_audit_record", "an audit record with a damaged header");
      }
      return go_on;
    }
    const std::size_t start = frame.bytes.find_first_not_of(" \t");
    if (start == std::string_view::npos ||
        (frame.bytes[start] != '{' && frame.bytes[start] != '[')) {
      return Reject(file, frame, "unknown_format", "neither a JSON object nor an audit record");
    }
  }
  return sinks_.record({file, frame.line, frame.offset}, frame.bytes, false);
}

bool RecordReader::Audit(std::uint32_t file, const io::Frame& frame, const event::Value& document) {
  audit_json_.clear();
  event::WriteJson(document, audit_json_);
  return sinks_.record({file, frame.line, frame.offset}, audit_json_, true);
}

bool RecordReader::Reject(std::uint32_t file, const io::Frame& frame, std::string_view code,
                          std::string_view reason) {
  return sinks_.rejected({file, frame.line, frame.offset}, frame.length, code, reason, frame.bytes);
}

}  // namespace vedette::service
