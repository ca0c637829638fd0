// SPDX-License-Identifier: Apache-2.0
#include "service/stateful_stage.h"

#include <utility>

namespace vedette::service {
namespace {

using sources::SourceId;

}  // namespace

StatefulStage::StatefulStage(const DetectionSet& set, const StatefulStageOptions& options,
                             Sink sink)
    : set_(&set),
      options_(options),
      sink_(std::move(sink)),
      rules_(set.StartStateful(options.rules)),
      window_(options.lateness, [this](const OrderedEvent& event) { return Take(event); }) {}

base::Result<void> StatefulStage::Add(OrderedEvent event) {
  return options_.sort_all ? sorter_.Add(std::move(event)) : window_.Add(std::move(event));
}

base::Result<void> StatefulStage::Finish() {
  if (options_.sort_all) {
    VED_TRY_VOID(sorter_.Drain([this](const OrderedEvent& event) { return Take(event); }));
  } else {
    VED_TRY_VOID(window_.Finish());
  }
  rules_.Finish(found_);
  return HandOut();
}

base::Result<void> StatefulStage::Take(const OrderedEvent& ordered) {
  arena_.Reset();
  const auto document = reader_.Read(ordered.json, arena_);
  if (!document) {
    return base::Error(
        base::ErrorCode::kInternal,
        "an event that was read before does not read again: " + document.error().message());
  }
  event::Event event;
  event.document = *document;
  event.json = ordered.json;
  event.index = ordered.index;
  event.id = ordered.id;
  event.timestamp = ordered.timestamp;
  event.has_timestamp = true;
  event.arrival = ordered.arrival;
  event.slots = set_->projector().Project(*document, arena_);
  rules_.Process(event, static_cast<std::uint32_t>(ordered.source), ordered.rules, arena_, found_);
  return found_.empty() ? base::Result<void>() : HandOut();
}

base::Result<void> StatefulStage::HandOut() {
  std::vector<PendingAlert> alerts;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    alerts.push_back(AlertOf(found_[i]));
    alerts.back().record = i;
  }
  // The matches go first: they hold places among the retained events.
  found_.clear();
  return alerts.empty() ? base::Result<void>() : sink_(alerts);
}

PendingAlert StatefulStage::AlertOf(engine::StatefulRules::Found& found) {
  PendingAlert alert;
  alert.rule = static_cast<std::uint32_t>(set_->first_stateful()) + found.rule;
  const engine::RetainedEvent& anchor = *found.match.events[found.match.anchor];
  alert.source = static_cast<SourceId>(anchor.source);
  base::Arena arena;
  event::JsonReader reader;
  event::Event event;
  if (const auto document = reader.Read(anchor.json, arena)) event.document = *document;
  event.json = anchor.json;
  event.index = anchor.index;
  event.id = anchor.id;
  event.timestamp = anchor.timestamp;
  event.has_timestamp = anchor.has_timestamp;
  const engine::EventIdentity identity = engine::IdentifyEvent(event, 0);
  alert.summary = set_->writer(alert.rule)
                      .Write({&event, identity, sources::SourceName(alert.source), "file",
                              options_.stamp.created},
                             alert.document);
  if (engine::IdentifiedByBytes(event)) {
    alert.twin_json = anchor.json;
    alert.twin_key = identity.index + '\n' + identity.id;
  }
  return alert;
}

}  // namespace vedette::service
