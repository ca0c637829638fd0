// SPDX-License-Identifier: Apache-2.0
#include "service/record_decoder.h"

#include "io/line_cursor.h"
#include "sources/record_unwrapper.h"

namespace vedette::service {
namespace {

using event::Value;
using sources::SourceId;

void Reject(const BatchRecord& record, std::string_view code, std::string reason,
            std::vector<Rejected>& rejected) {
  rejected.push_back(
      {record.place, record.bytes.size(), code, std::move(reason), std::string(record.bytes)});
}

std::string_view CodeOf(const base::Error& error) {
  return error.code() == base::ErrorCode::kLimitExceeded ? "limit_exceeded" : "bad_json";
}

}  // namespace

void ReadTimestamp(std::string_view field, event::Event& event) {
  Value time = event.document.GetPath(field);
  if (time.is_list() && !time.list().empty()) time = time.list().front();
  std::optional<base::Timestamp> read;
  if (time.is_string()) {
    read = base::ParseEventTime(time.text());
  } else if (time.kind() == event::ValueKind::kInteger) {
    read = base::FromEpochMilliseconds(time.integer());
  } else if (time.kind() == event::ValueKind::kDouble) {
    read = base::FromEpochMilliseconds(time.real());
  }
  event.has_timestamp = read.has_value();
  if (read) event.timestamp = *read;
}

bool ReadFileTime(event::Event& event) {
  constexpr std::int64_t kEpochTicks = 116'444'736'000'000'000;  // 1970 on that scale
  const Value ticks = event.document.Get("timestamp");
  std::int64_t nanoseconds = 0;
  if (ticks.kind() != event::ValueKind::kInteger ||
      __builtin_sub_overflow(ticks.integer(), kEpochTicks, &nanoseconds) ||
      __builtin_mul_overflow(nanoseconds, std::int64_t{100}, &nanoseconds)) {
    return false;
  }
  event.timestamp = {nanoseconds};
  event.has_timestamp = true;
  return true;
}

void Counters::Add(const Counters& other) {
  events += other.events;
  outside_window += other.outside_window;
  without_timestamp += other.without_timestamp;
  utf8_repaired += other.utf8_repaired;
  side_tables += other.side_tables;
  for (std::size_t i = 0; i < kSources; ++i) by_source[i] += other.by_source[i];
}

RecordDecoder::RecordDecoder(const DecoderOptions& options)
    : options_(options), reader_(event::JsonReader::Limits{}) {}

void RecordDecoder::Decode(const BatchRecord& record, Counters& counters,
                           std::vector<Rejected>& rejected, const Sink& sink) {
  arena_.Reset();
  const auto tree = reader_.Read(record.bytes, arena_);
  if (!tree) {
    Reject(record, CodeOf(tree.error()), tree.error().message(), rejected);
    return;
  }
  if (reader_.utf8_repaired()) ++counters.utf8_repaired;
  DecodeTree(record, *tree, counters, rejected, sink);
}

void RecordDecoder::DecodeBlock(const RecordBlock& block, Counters& counters,
                                std::vector<Rejected>& rejected, const Sink& sink) {
  io::LineCursor lines(block.bytes);
  BatchRecord record;
  while (lines.Next(record.bytes)) {
    const std::size_t known = rejected.size();
    Decode(record, counters, rejected, sink);
    for (std::size_t i = known; i < rejected.size(); ++i) {
      rejected[i].place = {block.first.file, block.first.line + lines.LinesBefore(),
                           block.first.offset + lines.offset()};
    }
  }
}

void RecordDecoder::DecodeTree(const BatchRecord& record, const Value& tree, Counters& counters,
                               std::vector<Rejected>& rejected, const Sink& sink) {
  if (!tree.is_object() && !tree.is_list()) {
    Reject(record, "not_an_object", "the record is a lone JSON scalar, not an object", rejected);
    return;
  }
  const auto count = sources::UnwrapRecords(tree, arena_, [&](const sources::UnwrappedRecord& one) {
    DecodeDocument(record, one.document, one.index, one.id, counters, sink);
  });
  if (count.not_objects != 0) {
    Reject(record, "not_an_object", "an array holds elements that are not objects", rejected);
  }
  if (count.limit_reached) {
    Reject(record, "limit_exceeded", "the container holds more records than the limit", rejected);
  }
}

void RecordDecoder::DecodeDocument(const BatchRecord& record, Value document,
                                   std::string_view index, std::string_view id, Counters& counters,
                                   const Sink& sink) {
  sources::Recognition recognised = sources::Recognise(document);
  if (record.from_audit_log) recognised = {SourceId::kAuditLog, sources::Form::kEcs};
  if (options_.forced_source && recognised.source != *options_.forced_source) {
    recognised = {*options_.forced_source, sources::Form::kEcs};
  }
  if (recognised.form == sources::Form::kSideTable) {
    ++counters.side_tables;
    return;
  }
  DecodedEvent decoded;
  event::Event& event = decoded.event;
  decoded.source = recognised.source;
  decoded.raw = record.from_audit_log || recognised.form == sources::Form::kRaw;
  event.document = document;
  if (recognised.form == sources::Form::kRaw) {
    event.document = recognised.source == SourceId::kCrowdstrikeFdr
                         ? sources::DecodeCrowdstrikeFdr(document, arena_)
                         : sources::DecodeSentineloneCloudFunnel(document, arena_);
  }
  event.index = index;
  event.id = id;
  ++counters.events;
  ++counters.by_source[static_cast<std::size_t>(recognised.source)];
  if (!options_.file_time || !ReadFileTime(event)) ReadTimestamp(options_.timestamp_field, event);
  if (!event.has_timestamp) {
    ++counters.without_timestamp;
  } else if ((options_.from && event.timestamp < *options_.from) ||
             (options_.to && event.timestamp >= *options_.to)) {
    ++counters.outside_window;
    return;
  }
  sink(decoded);
}

}  // namespace vedette::service
