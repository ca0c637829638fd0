// SPDX-License-Identifier: Apache-2.0
#include "service/event_alerts.h"

#include "event/json_reader.h"

namespace vedette::service {

void WriteEventAlerts(const DetectionSet& set, const AlertStamp& stamp, const event::Event& event,
                      std::string_view original_json, sources::SourceId source,
                      std::span<const std::uint32_t> rules, std::uint64_t record,
                      std::vector<PendingAlert>& out) {
  event::Event identified = event;
  identified.json = original_json;
  const engine::EventIdentity identity = engine::IdentifyEvent(identified, 0);
  for (const std::uint32_t rule : rules) {
    PendingAlert alert;
    alert.rule = rule;
    alert.record = record;
    alert.source = source;
    alert.summary = set.writer(rule).Write(
        {&identified, identity, sources::SourceName(source), "file", stamp.created},
        alert.document);
    if (engine::IdentifiedByBytes(identified)) {
      alert.twin_json = original_json;
      alert.twin_key = identity.index + '\n' + identity.id;
      event::WriteJson(event.document, alert.shown_json);
      if (alert.shown_json == original_json) alert.shown_json.clear();
    }
    out.push_back(std::move(alert));
  }
}

void RewriteTwin(const DetectionSet& set, const AlertStamp& stamp, std::uint64_t ordinal,
                 PendingAlert& alert) {
  base::Arena arena;
  event::JsonReader reader;
  const auto document =
      reader.Read(alert.shown_json.empty() ? alert.twin_json : alert.shown_json, arena);
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
