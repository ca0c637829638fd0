// SPDX-License-Identifier: Apache-2.0
#include "vedette/detection.h"

#include "base/arena.h"
#include "embed/detection_maker.h"
#include "engine/alert_document.h"
#include "event/json_reader.h"

namespace vedette {

std::size_t Detection::rule() const noexcept { return impl_.number; }
std::string_view Detection::rule_id() const noexcept { return impl_.rule->rule_id; }

std::string_view Detection::rule_name() const noexcept {
  return impl_.alert != nullptr ? impl_.alert->summary.rule_name : impl_.rule->name;
}

std::string_view Detection::severity() const noexcept {
  return impl_.alert != nullptr ? impl_.alert->summary.severity : impl_.rule->severity;
}

std::int64_t Detection::risk_score() const noexcept {
  return impl_.alert != nullptr ? impl_.alert->summary.risk_score : impl_.rule->risk_score;
}

std::optional<Time> Detection::time() const noexcept {
  const auto at = [](base::Timestamp time) {
    return Time(std::chrono::nanoseconds(time.nanoseconds));
  };
  if (impl_.alert != nullptr) {
    const engine::AlertSummary& summary = impl_.alert->summary;
    return summary.has_time ? std::optional(at(summary.time)) : std::nullopt;
  }
  return impl_.matched->has_timestamp ? std::optional(at(impl_.matched->timestamp)) : std::nullopt;
}

std::string_view Detection::source() const noexcept { return sources::SourceName(impl_.source); }

std::vector<std::string> Detection::event_ids() const {
  if (impl_.alert == nullptr) {
    event::Event named = *impl_.matched;
    std::string json;
    event::WriteJson(named.document, json);
    named.json = json;
    return {engine::IdentifyEvent(named, 0).id};
  }
  // The document names them; nothing else keeps them, for few callers ask.
  std::vector<std::string> ids;
  base::Arena arena;
  event::JsonReader reader;
  const auto document = reader.Read(impl_.alert->document, arena);
  if (!document) return ids;
  const event::Value ancestors = document->Get("kibana.alert.ancestors");
  if (!ancestors.is_list()) return ids;
  for (const event::Value& ancestor : ancestors.list()) {
    // Those at depth 1 are the building blocks, not events.
    if (ancestor.Get("type").text() == "event") ids.emplace_back(ancestor.Get("id").text());
  }
  return ids;
}

std::string_view Detection::document() const noexcept {
  return impl_.alert != nullptr ? std::string_view(impl_.alert->document) : std::string_view();
}

std::size_t Detection::building_block_count() const noexcept {
  return impl_.alert != nullptr ? impl_.alert->building_blocks.size() : 0;
}

std::string_view Detection::building_block(std::size_t block) const noexcept {
  return impl_.alert->building_blocks[block];
}

std::string_view Detection::alert_id() const noexcept {
  return impl_.alert != nullptr ? std::string_view(impl_.alert->summary.uuid) : std::string_view();
}

std::string_view Detection::reason() const noexcept {
  return impl_.alert != nullptr ? std::string_view(impl_.alert->summary.reason)
                                : std::string_view();
}

std::string_view Detection::event() const noexcept { return impl_.record; }

}  // namespace vedette
