// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "event/event.h"
#include "rules/rule.h"

namespace vedette::engine {

/// What names an event in alert ids: concrete index and document id.
struct EventIdentity {
  std::string index;
  std::string id;
};

/// The first that applies: `_index` and `_id` of a hit; `event.id` with `agent.id`; else a hash of
/// the record's bytes. A record without any id may stand several times in one input: `ordinal` (0
/// for the first) tells such twins apart. Names of files and offsets never count, so the same log
/// copied elsewhere gives the same alerts. The index of an event without one is
/// `logs-<dataset>-default` (data set, else event.module, else unknown).
EventIdentity IdentifyEvent(const event::Event& event, std::uint64_t ordinal);
/// True when the identity comes from the bytes, so that twins need ordinals.
bool IdentifiedByBytes(const event::Event& event);

/// SHA-256 over index, id, version, space and rule as the reference product derives it for event
/// alerts of EQL rules (whose hits carry no version): overlapping runs, replays and other machines
/// give the same id.
std::string AlertUuid(const EventIdentity& event, std::string_view rule_uuid);

/// The one-sentence `kibana.alert.reason`.
std::string AlertReason(const event::Value& document, std::string_view severity,
                        std::string_view rule_name);

struct AlertInput {
  const event::Event* event = nullptr;  ///< with `document` filled
  EventIdentity identity;
  std::string_view source;         ///< `vedette.source`
  std::string_view mode = "file";  ///< `vedette.mode`
  base::Timestamp created;
};

/// Facts of an alert that tables and gates want without reading the document.
struct AlertSummary {
  std::string uuid;
  std::string rule_name;
  std::string severity;
  std::int64_t risk_score = 0;
  std::string reason;
  std::string host;
  std::string user;
  std::string process;  ///< command line, else arguments, else name
  std::string parent;
  base::Timestamp time;
  bool has_time = false;
};

/// The part that event fields tell: host, user, process, parent.
AlertSummary SummariseFields(const event::Value& document);

/// Writes alert documents of one rule (docs/reference/alert-document.md): the source event,
/// `kibana.alert.*` laid over it, what Vedette adds under `vedette.*`. The part that is the same in
/// each alert is made once. Immutable; any thread may write.
class AlertWriter {
 public:
  explicit AlertWriter(const rules::Rule& rule);
  /// Appends one JSON object without a line break.
  AlertSummary Write(const AlertInput& input, std::string& out) const;

 private:
  struct Overrides {
    std::string name, severity;
    std::int64_t risk_score;
  };
  Overrides ApplyOverrides(const event::Value& document) const;

  rules::Rule rule_;
  std::string rule_members_;  ///< `"kibana.alert.rule.…":…,` ready to be pasted
};

/// The text of a scalar, or of a list's elements joined by ", "; empty for null and objects.
std::string TextOf(const event::Value& value);

}  // namespace vedette::engine
