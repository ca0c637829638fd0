// SPDX-License-Identifier: Apache-2.0
#include "service/stateful_stage.h"

#include <utility>

namespace vedette::service {
namespace {

using event::Member;
using event::Value;
using sources::SourceId;

/// The document with `vedette.enriched`, the names of what was filled; alerts carry it.
Value WithEnriched(const Value& document, const std::vector<std::string_view>& names,
                   base::Arena& arena) {
  const auto list = arena.NewArray<Value>(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) list[i] = Value::String(names[i]);
  const Value own = document.Get("vedette");
  const std::size_t kept = own.is_object() ? own.object().size() : 0;
  const auto own_members = arena.NewArray<Member>(kept + 1);
  for (std::size_t i = 0; i < kept; ++i) own_members[i] = own.object()[i];
  own_members[kept] = {"enriched", Value::List(list)};
  const auto members = arena.NewArray<Member>(document.object().size() + 1);
  std::size_t count = 0;
  for (const Member& member : document.object()) {
    if (member.key != "vedette") members[count++] = member;
  }
  members[count++] = {"vedette", Value::Object(own_members)};
  return Value::Object(members.first(count));
}

engine::MatcherOptions OptionsWith(std::uint64_t seed) {
  engine::MatcherOptions options;
  options.seed = seed;
  return options;
}

}  // namespace

StatefulStage::StatefulStage(const DetectionSet& set, const StatefulStageOptions& options,
                             Sink sink)
    : set_(&set),
      options_(options),
      sink_(std::move(sink)),
      rules_(set.StartStateful(options.rules)),
      matcher_(set.conditions(), set.projector(), OptionsWith(options.rules.hash_seed)),
      eligibility_(set, matcher_),
      window_(
          options.lateness, [this](const OrderedEvent& event) { return Take(event); },
          [this](const OrderedEvent& event) { return TakeLate(event); }),
      values_(set.projector(), set.record_fields().table()),
      tokens_(set.record_fields().table().size()) {}

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

base::Result<event::Event> StatefulStage::Read(const OrderedEvent& ordered) {
  if (ordered.tokens.empty()) {
    VED_TRY(event::Event event, ReadOrdered(ordered, reader_, arena_));
    event.slots = set_->projector().Project(event.document, arena_);
    return event;
  }
  for (const auto& one : ordered.tokens) tokens_[static_cast<std::size_t>(one.field)] = one.token;
  event::RawEvent raw;
  raw.json = ordered.json;
  raw.tokens = tokens_;
  values_.Begin(raw);
  event::Event event = values_.Laid(rules_.slots(), reader_, arena_);
  for (const auto& one : ordered.tokens) tokens_[static_cast<std::size_t>(one.field)] = {};
  event.json = ordered.json;
  event.index = ordered.index;
  event.id = ordered.id;
  event.timestamp = ordered.timestamp;
  event.has_timestamp = true;
  event.arrival = ordered.arrival;
  return event;
}

base::Result<void> StatefulStage::Take(const OrderedEvent& ordered) {
  const engine::ProcessFacts* facts = ordered.facts ? &*ordered.facts : nullptr;
  // Most events that could move a sequence on come when none waits for them.
  if (!ordered.enrich && !rules_.wants_every_event() && !rules_.AwaitsAny(ordered.hits)) {
    if (facts != nullptr) rules_.Observe(*facts);
    return {};
  }
  arena_.Reset();
  if (!ordered.enrich) {
    VED_TRY(const event::Event event, Read(ordered));
    rules_.Process(event, static_cast<std::uint32_t>(ordered.source), ordered.hits, arena_, found_,
                   facts);
    return found_.empty() ? base::Result<void>() : HandOut();
  }
  VED_TRY(event::Event event, ReadOrdered(ordered, reader_, arena_));
  std::vector<engine::StageHit> stages;
  std::vector<std::string_view> names;
  parents_.Enrich(event, arena_, names);
  if (!names.empty()) event.document = WithEnriched(event.document, names, arena_);
  VED_TRY_VOID(TakeEnriched(ordered, event, stages));
  if (!set_->has_stateful()) return {};
  // The document with its parents is what later results show.
  event.json = {};
  rules_.Process(event, static_cast<std::uint32_t>(ordered.source), stages, arena_, found_);
  return found_.empty() ? base::Result<void>() : HandOut();
}

base::Result<void> StatefulStage::TakeEnriched(const OrderedEvent& ordered, event::Event& event,
                                               std::vector<engine::StageHit>& stateful) {
  event.slots = set_->projector().Project(event.document, arena_);
  matcher_.Match(event, eligibility_.Of(ordered.source, event, arena_), hits_);
  stateful = hits_.stages;
  if (hits_.rules.empty()) return {};
  std::vector<PendingAlert> alerts;
  WriteEventAlerts(*set_, options_.stamp, event, ordered.json, ordered.source, hits_.rules, 0,
                   alerts);
  return sink_(alerts);
}

/// No place in any order: rules that one event decides still see it, as its record stands.
base::Result<void> StatefulStage::TakeLate(const OrderedEvent& ordered) {
  if (!ordered.enrich) return {};
  arena_.Reset();
  VED_TRY(event::Event event, ReadOrdered(ordered, reader_, arena_));
  std::vector<engine::StageHit> ignored;
  return TakeEnriched(ordered, event, ignored);
}

base::Result<void> StatefulStage::HandOut() {
  std::vector<PendingAlert> alerts;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    VED_TRY(PendingAlert alert, AlertOf(found_[i]));
    alert.record = i;
    alerts.push_back(std::move(alert));
  }
  // The matches go first: they hold places among the retained events.
  found_.clear();
  return alerts.empty() ? base::Result<void>() : sink_(alerts);
}

base::Result<PendingAlert> StatefulStage::AlertOf(const engine::StatefulRules::Found& found) {
  const auto rule = static_cast<std::uint32_t>(set_->first_stateful()) + found.rule;
  const engine::Match& match = found.match;
  arena_.Reset();
  std::vector<engine::SequenceAlertEvent> events;
  for (std::size_t item = 0; item < match.events.size(); ++item) {
    if (!match.events[item]) continue;
    const engine::RetainedEvent& retained = *match.events[item];
    const auto source = sources::SourceName(static_cast<SourceId>(retained.source));
    VED_TRY(engine::SequenceAlertEvent event,
            engine::ReadSequenceEvent(retained, item, 0, source, reader_, arena_));
    events.push_back(std::move(event));
  }
  const engine::RetainedEvent& anchor = *match.events[match.anchor];
  PendingAlert alert;
  if (const auto* writer = set_->sequence_writer(rule)) {
    engine::SequenceAlert written = writer->Write({events, "file", options_.stamp.created});
    alert.rule = rule;
    alert.source = static_cast<SourceId>(anchor.source);
    alert.summary = std::move(written.summary);
    alert.document = std::move(written.shell);
    for (auto& block : written.blocks) alert.building_blocks.push_back(std::move(block.document));
    return alert;
  }
  event::Event event;
  event.document = events.front().document;
  event.index = anchor.index;
  event.id = anchor.id;
  event.timestamp = anchor.timestamp;
  event.has_timestamp = anchor.has_timestamp;
  // The document as we write it says who it is, however it came.
  std::string json;
  event::WriteJson(event.document, json);
  std::vector<PendingAlert> alerts;
  WriteEventAlerts(*set_, options_.stamp, event, json, static_cast<SourceId>(anchor.source),
                   std::span(&rule, 1), 0, alerts);
  return std::move(alerts.front());
}

}  // namespace vedette::service
