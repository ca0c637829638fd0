// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_alert.h"

#include <algorithm>

#include "base/json_writer.h"
#include "engine/alert_layout.h"
#include "engine/alert_rule_members.h"
#include "engine/sequence_alert_common.h"
#include "engine/sequence_alert_identity.h"

namespace vedette::engine {
namespace {

using Events = std::span<const SequenceAlertEvent>;

/// When the story began and ended; the creation time when no event has a time.
struct Period {
  base::Timestamp first, last;
  const SequenceAlertEvent* latest = nullptr;  ///< of equally late ones the one of the last item
  bool known = false;
};

Period PeriodOf(const SequenceAlertInput& input) {
  Period period{input.created, input.created};
  if (!input.events.empty()) period.latest = &input.events.back();
  for (const SequenceAlertEvent& event : input.events) {
    if (!event.has_timestamp) continue;
    if (!period.known || event.timestamp < period.first) period.first = event.timestamp;
    if (!period.known || event.timestamp >= period.last) {
      period.last = event.timestamp;
      period.latest = &event;
    }
    period.known = true;
  }
  return period;
}

/// `"timeline":[…]`: which event stood at which item, in which block.
std::string Timeline(Events events, const SequenceAlertIds& ids) {
  std::string out;
  base::JsonWriter writer(out);
  writer.Key("timeline");
  writer.BeginArray();
  for (std::size_t i = 0; i < events.size(); ++i) {
    writer.BeginObject();
    writer.Key("item");
    writer.Uint(events[i].item);
    if (events[i].has_timestamp) writer.Member("time", base::FormatIsoTime(events[i].timestamp));
    writer.Member("id", events[i].identity.id);
    writer.Member("index", events[i].identity.index);
    writer.Member("alert", ids.blocks[i]);
    writer.EndObject();
  }
  writer.EndArray();
  return out;
}

std::vector<std::string_view> SourcesOf(Events events) {
  std::vector<std::string_view> sources;
  for (const SequenceAlertEvent& event : events) {
    if (std::find(sources.begin(), sources.end(), event.source) == sources.end()) {
      sources.push_back(event.source);
    }
  }
  return sources;
}

/// Every event, each followed by the block made of it.
std::vector<AlertAncestor> AncestorsOf(Events events, const SequenceAlertIds& ids,
                                       const std::string& rule_uuid) {
  std::vector<AlertAncestor> ancestors;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ancestors.push_back({events[i].identity.id, events[i].identity.index, 0, {}});
    ancestors.push_back({ids.blocks[i], {}, 1, rule_uuid});
  }
  return ancestors;
}

/// `content` has what all alerts of the sequence share.
void WriteBlock(const SequenceAlertEvent& event, const rules::Rule& rule, AlertContent content,
                std::string& out) {
  const AlertAncestor ancestor{event.identity.id, event.identity.index, 0, {}};
  const std::string reason = AlertReason(event.document, rule.severity, rule.name);
  content.document = event.document;
  content.original_time = event.has_timestamp ? event.timestamp : content.created;
  content.reason = reason;
  content.depth = 1;
  content.building_block_type = "default";
  content.ancestors = {&ancestor, 1};
  content.sources = {&event.source, 1};
  LayOutAlert(content, out);
}

void WriteShell(Events events, const rules::Rule& rule, const SequenceAlertIds& ids,
                const Period& period, AlertContent content, SequenceAlert& alert) {
  std::vector<event::Value> documents;
  for (const SequenceAlertEvent& event : events) documents.push_back(event.document);
  base::Arena arena;
  const CommonFields common = IntersectDocuments(documents, arena);

  AlertSummary& summary = alert.summary;
  if (period.latest != nullptr) summary = SummariseFields(period.latest->document);
  summary.uuid = ids.shell;
  summary.rule_name = rule.name;
  summary.severity = rule.severity;
  summary.risk_score = rule.risk_score;
  summary.reason = AlertReason(common.document, rule.severity, rule.name);
  summary.time = period.last;
  summary.has_time = period.known;

  const auto ancestors = AncestorsOf(events, ids, rule.id);
  const auto sources = SourcesOf(events);
  std::string own = Timeline(events, ids);
  if (common.truncated) own += R"(,"common_fields_truncated":true)";
  content.document = common.document;
  content.uuid = ids.shell;
  content.original_time = period.first;
  content.last_detected = period.last;
  content.reason = summary.reason;
  content.depth = 2;
  content.building_block_type = rule.building_block_type;
  content.ancestors = ancestors;
  content.sources = sources;
  content.vedette_members = own;
  LayOutAlert(content, alert.shell);
}

}  // namespace

base::Result<SequenceAlertEvent> ReadSequenceEvent(const RetainedEvent& retained, std::size_t item,
                                                   std::uint64_t ordinal, std::string_view source,
                                                   event::JsonReader& reader, base::Arena& arena) {
  event::Event event;
  VED_TRY(event.document, reader.Read(retained.json, arena));
  event.index = retained.index;
  event.id = retained.id;
  // Event alerts hash the document as we write it, not as it came.
  std::string json;
  if (IdentifiedByBytes(event)) event::WriteJson(event.document, json);
  event.json = json;
  SequenceAlertEvent read;
  read.document = event.document;
  read.identity = IdentifyEvent(event, ordinal);
  read.source = source;
  read.timestamp = retained.timestamp;
  read.has_timestamp = retained.has_timestamp;
  read.item = item;
  return read;
}

void AppendLines(const SequenceAlert& alert, std::string& out) {
  for (const auto& block : alert.blocks) {
    out += block.document;
    out += '\n';
  }
  out += alert.shell;
}

SequenceAlertWriter::SequenceAlertWriter(const rules::Rule& rule)
    : rule_(rule), rule_members_(AlertRuleMembers(rule)) {}

SequenceAlert SequenceAlertWriter::Write(const SequenceAlertInput& input) const {
  std::vector<EventIdentity> identities;
  for (const SequenceAlertEvent& event : input.events) identities.push_back(event.identity);
  const SequenceAlertIds ids = SequenceAlertUuids(identities, rule_.id);

  AlertContent content;
  content.created = content.last_detected = input.created;
  content.severity = rule_.severity;
  content.risk_score = rule_.risk_score;
  content.group_id = ids.shell;
  content.rule_name = rule_.name;
  content.rule_uuid = rule_.id;
  content.rule_members = rule_members_;
  content.mode = input.mode;

  SequenceAlert alert;
  for (std::size_t i = 0; i < input.events.size(); ++i) {
    auto& block = alert.blocks.emplace_back(SequenceAlert::Block{ids.blocks[i], {}});
    AlertContent of_block = content;
    of_block.uuid = block.uuid;
    of_block.group_index = i;
    WriteBlock(input.events[i], rule_, of_block, block.document);
  }
  WriteShell(input.events, rule_, ids, PeriodOf(input), content, alert);
  return alert;
}

}  // namespace vedette::engine
