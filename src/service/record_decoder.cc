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

namespace {

void SetTime(Value time, event::Event& event) {
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

}  // namespace

void ReadTimestamp(std::string_view field, event::Event& event) {
  SetTime(event.document.GetPath(field), event);
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
    : options_(options), reader_(event::JsonReader::Limits{}) {
  // A forced source and Endgame's clock look into records in their own ways.
  if (options.fields == nullptr || options.whole_records || options.file_time ||
      options.forced_source || options.fields->timestamp_field() != options.timestamp_field) {
    return;
  }
  extractor_.emplace(options.fields->table(), RecordFields::WatchedNames());
}

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
  io::LineCounter lines(block.bytes);
  const auto place_new = [&](std::size_t known, const char* line) {
    const auto offset = static_cast<std::size_t>(line - block.bytes.data());
    for (std::size_t i = known; i < rejected.size(); ++i) {
      rejected[i].place = {block.first.file, block.first.line + lines.Before(offset),
                           block.first.offset + offset};
    }
  };
  BatchRecord record;
  if (!extractor_) {
    io::LineCursor cursor(block.bytes);
    while (cursor.Next(record.bytes)) {
      const std::size_t known = rejected.size();
      Decode(record, counters, rejected, sink);
      place_new(known, record.bytes.data());
    }
    return;
  }
  extractor_->Load(block.bytes);
  event::RawEvent tokens;
  for (auto outcome = extractor_->Next(tokens); outcome != event::FieldExtractor::Outcome::kEnd;
       outcome = extractor_->Next(tokens)) {
    const std::size_t known = rejected.size();
    if (outcome == event::FieldExtractor::Outcome::kEvent) {
      DecodeTokens(tokens, counters, rejected, sink);
    } else {
      record.bytes = tokens.json;
      Decode(record, counters, rejected, sink);
    }
    if (rejected.size() > known) place_new(known, tokens.json.data());
  }
}

event::Value RecordDecoder::KindDocument(const event::RawEvent& tokens) {
  const RecordFields& fields = *options_.fields;
  const auto members =
      arena_.NewArray<event::Member>(fields.kind_texts().size() + fields.kind_presences().size());
  std::size_t count = 0;
  const auto add = [&](event::FieldId field, const Value& value) {
    members[count++] = {fields.table().entry(field).path, value};
  };
  for (const event::FieldId field : fields.kind_texts()) {
    const std::string_view token = tokens.Token(field);
    if (token.empty()) continue;
    // The extractor has checked that it reads.
    if (const auto tree = reader_.Read(token, arena_)) add(field, *tree);
  }
  for (const event::FieldId field : fields.kind_presences()) {
    const std::string_view token = tokens.Token(field);
    if (token.empty()) continue;
    add(field, token[0] == '{'   ? Value::Object({})
               : token[0] == 'n' ? Value()
                                 : Value::Boolean(true));
  }
  return Value::Object(members.first(count));
}

/// The kind of a record, remembered by what tells it.
const RecordDecoder::Kind* RecordDecoder::KindOf(const event::RawEvent& tokens) {
  // A stream of ever new data sets must not fill the memory.
  constexpr std::size_t kMaxKinds = 4096;
  kind_key_.clear();
  for (const event::FieldId field : options_.fields->kind_texts()) {
    kind_key_ += tokens.Token(field);
    kind_key_ += '\n';  // no part of a line
  }
  for (const event::FieldId field : options_.fields->kind_presences()) {
    const std::string_view token = tokens.Token(field);
    kind_key_ += token.empty() ? '-' : token[0] == '{' || token[0] == 'n' ? token[0] : '+';
  }
  // Telemetry comes in runs of one kind.
  if (last_kind_ != nullptr && kind_key_ == last_kind_key_) return last_kind_;
  auto found = kinds_.find(kind_key_);
  if (found == kinds_.end()) {
    arena_.Reset();
    if (kinds_.size() >= kMaxKinds) kinds_.clear();
    Kind kind;
    kind.number = next_kind_++;
    kind.recognised = sources::Recognise(KindDocument(tokens));
    found = kinds_.emplace(kind_key_, kind).first;
  }
  last_kind_key_ = kind_key_;
  last_kind_ = &found->second;
  return last_kind_;
}

void RecordDecoder::TimeFromToken(std::string_view token, event::Event& event) {
  if (token.size() > 2 && token.front() == '"' && token.find('\\') == std::string_view::npos) {
    if (const auto time = base::ParseEventTime(token.substr(1, token.size() - 2))) {
      event.timestamp = *time;
      event.has_timestamp = true;
    }
    return;
  }
  if (token.empty()) return;
  if (const auto tree = reader_.Read(token, arena_)) SetTime(*tree, event);
}

void RecordDecoder::DecodeTokens(const event::RawEvent& tokens, Counters& counters,
                                 std::vector<Rejected>& rejected, const Sink& sink) {
  const Kind* kind = KindOf(tokens);
  if (kind->recognised.form != sources::Form::kEcs) {
    Decode({tokens.json, {}, false}, counters, rejected, sink);
    return;
  }
  arena_.Reset();
  DecodedEvent decoded;
  decoded.source = kind->recognised.source;
  decoded.kind = kind->number;
  decoded.tokens = &tokens;
  decoded.event.json = tokens.json;
  TimeFromToken(tokens.Token(options_.fields->timestamp()), decoded.event);
  ++counters.events;
  ++counters.by_source[static_cast<std::size_t>(decoded.source)];
  if (TakesPart(decoded.event, counters)) sink(decoded);
  if (!unreadable_) return;
  // What no rule reads is not checked on the way: this record was damaged there.
  --counters.events;
  --counters.by_source[static_cast<std::size_t>(decoded.source)];
  Reject({tokens.json, {}, false}, CodeOf(*unreadable_), unreadable_->message(), rejected);
  unreadable_.reset();
}

bool RecordDecoder::ReadDocument(DecodedEvent& decoded) {
  if (decoded.tokens == nullptr) return true;
  auto tree = reader_.Read(decoded.tokens->json, arena_);
  if (!tree) {
    unreadable_ = std::move(tree).error();
    return false;
  }
  decoded.event.document = *tree;
  decoded.event.json = {};
  decoded.tokens = nullptr;
  return true;
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
  if (TakesPart(event, counters)) sink(decoded);
}

bool RecordDecoder::TakesPart(const event::Event& event, Counters& counters) const {
  if (!event.has_timestamp) {
    ++counters.without_timestamp;
  } else if ((options_.from && event.timestamp < *options_.from) ||
             (options_.to && event.timestamp >= *options_.to)) {
    ++counters.outside_window;
    return false;
  }
  return true;
}

}  // namespace vedette::service
