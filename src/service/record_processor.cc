// SPDX-License-Identifier: Apache-2.0
#include "service/record_processor.h"

#include "base/sha256.h"
#include "sources/record_unwrapper.h"

namespace vedette::service {
namespace {

using event::Value;
using sources::SourceId;

// Index names are few; a stream made of ever new ones must not grow the cache without end.
constexpr std::size_t kMaxOrigins = 4096;

event::JsonReader::Limits ReaderLimits() { return {}; }

void Reject(const BatchRecord& record, std::string_view code, std::string reason,
            BatchResult& result) {
  result.rejected.push_back({record.file, record.line, record.offset, record.bytes.size(), code,
                             std::move(reason), std::string(record.bytes)});
}

std::string_view CodeOf(const base::Error& error) {
  return error.code() == base::ErrorCode::kLimitExceeded ? "limit_exceeded" : "bad_json";
}

void ReadTimestamp(event::Event& event) {
  Value time = event.document.GetPath("@timestamp");
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

void Counters::Add(const Counters& other) {
  events += other.events;
  outside_window += other.outside_window;
  without_timestamp += other.without_timestamp;
  utf8_repaired += other.utf8_repaired;
  side_tables += other.side_tables;
  for (std::size_t i = 0; i < kSources; ++i) by_source[i] += other.by_source[i];
}

DetectionSet::DetectionSet(engine::RuleMatcher given)
    : matcher(std::move(given)), projector(matcher.fields()) {
  for (std::size_t i = 0; i < matcher.size(); ++i) {
    selectors.emplace_back(matcher.rule(i).index);
    writers.emplace_back(matcher.rule(i));
  }
}

RecordProcessor::RecordProcessor(const DetectionSet& set, const ProcessorOptions& options)
    : set_(&set), options_(options), reader_(ReaderLimits()) {}

void RecordProcessor::Process(const BatchRecord& record, BatchResult& result) {
  arena_.Reset();
  const auto tree = reader_.Read(record.bytes, arena_);
  if (!tree) {
    Reject(record, CodeOf(tree.error()), tree.error().message(), result);
    return;
  }
  if (reader_.utf8_repaired()) ++result.counters.utf8_repaired;
  ProcessTree(record, *tree, result);
}

void RecordProcessor::ProcessTree(const BatchRecord& record, const Value& tree,
                                  BatchResult& result) {
  if (!tree.is_object() && !tree.is_list()) {
    Reject(record, "not_an_object", "the record is a lone JSON scalar, not an object", result);
    return;
  }
  const auto count = sources::UnwrapRecords(tree, arena_, [&](const sources::UnwrappedRecord& one) {
    ProcessDocument(record, one.document, one.index, one.id, result);
  });
  if (count.not_objects != 0) {
    Reject(record, "not_an_object", "an array holds elements that are not objects", result);
  }
  if (count.limit_reached) {
    Reject(record, "limit_exceeded", "the container holds more records than the limit", result);
  }
}

void RecordProcessor::ProcessDocument(const BatchRecord& record, Value document,
                                      std::string_view index, std::string_view id,
                                      BatchResult& result) {
  sources::Recognition recognised = sources::Recognise(document);
  if (record.from_audit_log) recognised = {SourceId::kAuditLog, sources::Form::kEcs};
  if (options_.forced_source && recognised.source != *options_.forced_source) {
    recognised = {*options_.forced_source, sources::Form::kEcs};
  }
  if (recognised.form == sources::Form::kSideTable) {
    ++result.counters.side_tables;
    return;
  }
  event::Event event;
  event.document = document;
  if (recognised.form == sources::Form::kRaw) {
    event.document = recognised.source == SourceId::kCrowdstrikeFdr
                         ? sources::DecodeCrowdstrikeFdr(document, arena_)
                         : sources::DecodeSentineloneCloudFunnel(document, arena_);
  }
  event.index = index;
  event.id = id;
  ++result.counters.events;
  ++result.counters.by_source[static_cast<std::size_t>(recognised.source)];
  ReadTimestamp(event);
  if (!event.has_timestamp) {
    ++result.counters.without_timestamp;
  } else if ((options_.from && event.timestamp < *options_.from) ||
             (options_.to && event.timestamp >= *options_.to)) {
    ++result.counters.outside_window;
    return;
  }
  Evaluate(event, recognised.source, result);
}

const std::vector<bool>& RecordProcessor::EligibleRules(const sources::RecordOrigin& origin) {
  origin_key_.clear();
  for (const std::string_view name : origin.Names()) {
    origin_key_ += name;
    origin_key_ += '\n';
  }
  if (const auto found = eligible_.find(origin_key_); found != eligible_.end()) {
    return found->second;
  }
  if (eligible_.size() >= kMaxOrigins) eligible_.clear();
  std::vector<bool> rules(set_->selectors.size());
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] = set_->selectors[i].Selects(origin);
  return eligible_.emplace(origin_key_, std::move(rules)).first->second;
}

void RecordProcessor::Evaluate(event::Event& event, SourceId source, BatchResult& result) {
  event.slots = set_->projector.Project(event.document, arena_);
  const auto origin = sources::OriginOf(source, event.document, event.index, arena_);
  hits_.clear();
  set_->matcher.Match(event, EligibleRules(origin), arena_, hits_);
  if (hits_.empty()) return;
  std::string json;
  event::WriteJson(event.document, json);
  event.json = json;
  const engine::EventIdentity identity = engine::IdentifyEvent(event, 0);
  for (const std::uint32_t rule : hits_) {
    PendingAlert alert;
    alert.rule = rule;
    alert.record = next_record_;
    alert.summary = set_->writers[rule].Write(
        {&event, identity, sources::SourceName(source), "file", options_.created}, alert.document);
    if (engine::IdentifiedByBytes(event)) {
      alert.twin_json = json;
      alert.twin_key = identity.index + '\n' + identity.id;
    }
    alert.source = source;
    result.alerts.push_back(std::move(alert));
  }
  ++next_record_;
}

void RewriteTwin(const DetectionSet& set, const ProcessorOptions& options, std::uint64_t ordinal,
                 PendingAlert& alert) {
  base::Arena arena;
  event::JsonReader reader;
  const auto document = reader.Read(alert.twin_json, arena);
  if (!document) return;  // written by us a moment ago; it reads back
  event::Event event;
  event.document = *document;
  event.json = alert.twin_json;
  event.timestamp = alert.summary.time;
  event.has_timestamp = alert.summary.has_time;
  const auto first_break = alert.twin_key.find('\n');
  const std::string index = alert.twin_key.substr(0, first_break);
  event.index = index;
  const auto identity = engine::IdentifyEvent(event, ordinal);
  alert.document.clear();
  alert.summary = set.writers[alert.rule].Write(
      {&event, identity, sources::SourceName(alert.source), "file", options.created},
      alert.document);
}

}  // namespace vedette::service
