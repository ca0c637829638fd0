// SPDX-License-Identifier: Apache-2.0
#include "service/record_processor.h"

#include <utility>

namespace vedette::service {
namespace {

// Index names are few; a stream made of ever new ones must not grow the cache without end.
constexpr std::size_t kMaxOrigins = 4096;

}  // namespace

RecordProcessor::RecordProcessor(const DetectionSet& set, const engine::StatefulRules* state,
                                 const AlertStamp& stamp)
    : set_(&set), state_(state), stamp_(stamp) {}

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
  std::vector<bool> rules(set_->size());
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] = set_->selector(i).Selects(origin);
  return eligible_.emplace(origin_key_, std::move(rules)).first->second;
}

void RecordProcessor::Process(DecodedEvent& decoded, RecordDecoder& decoder,
                              BatchFindings& findings) {
  base::Arena& arena = decoder.arena();
  event::Event& event = decoded.event;
  event.slots = set_->projector().Project(event.document, arena);
  const auto origin = sources::OriginOf(decoded.source, event.document, event.index, arena);
  const std::vector<bool>& eligible = EligibleRules(origin);
  const std::uint64_t record = findings.records++;
  hits_.clear();
  set_->matcher().Match(event, eligible, arena, hits_);
  if (!hits_.empty()) WriteAlerts(decoded, findings);
  // Without a time an event has no place in a sequence.
  if (state_ == nullptr || !event.has_timestamp) return;
  OrderedEvent ordered;
  state_->CouldMatter(event, eligible, set_->first_stateful(), arena, ordered.rules);
  if (ordered.rules.empty() && !state_->follows_processes()) return;
  ordered.timestamp = event.timestamp;
  ordered.arrival = record;
  ordered.source = decoded.source;
  event::WriteJson(event.document, ordered.json);
  ordered.index = event.index;
  ordered.id = event.id;
  findings.ordered.push_back(std::move(ordered));
}

void RecordProcessor::WriteAlerts(const DecodedEvent& decoded, BatchFindings& findings) {
  event::Event event = decoded.event;
  std::string json;
  event::WriteJson(event.document, json);
  event.json = json;
  const engine::EventIdentity identity = engine::IdentifyEvent(event, 0);
  for (const std::uint32_t rule : hits_) {
    PendingAlert alert;
    alert.rule = rule;
    alert.record = findings.records - 1;
    alert.summary = set_->writer(rule).Write(
        {&event, identity, sources::SourceName(decoded.source), "file", stamp_.created},
        alert.document);
    if (engine::IdentifiedByBytes(event)) {
      alert.twin_json = json;
      alert.twin_key = identity.index + '\n' + identity.id;
    }
    alert.source = decoded.source;
    findings.alerts.push_back(std::move(alert));
  }
}

void RewriteTwin(const DetectionSet& set, const AlertStamp& stamp, std::uint64_t ordinal,
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
  alert.summary =
      set.writer(alert.rule)
          .Write({&event, identity, sources::SourceName(alert.source), "file", stamp.created},
                 alert.document);
}

}  // namespace vedette::service
