// SPDX-License-Identifier: Apache-2.0
#include "service/record_processor.h"

#include <utility>

namespace vedette::service {
namespace {

constexpr std::size_t kMaxKinds = 4096;

engine::MatcherOptions OptionsWith(std::uint64_t seed) {
  engine::MatcherOptions options;
  options.seed = seed;
  return options;
}

}  // namespace

RecordProcessor::RecordProcessor(const DetectionSet& set, const engine::StatefulRules* state,
                                 const AlertStamp& stamp, Enrichment enrichment, std::uint64_t seed)
    : set_(&set),
      state_(state),
      stamp_(stamp),
      enrichment_(enrichment),
      matcher_(set.conditions(), set.projector(), OptionsWith(seed)),
      eligibility_(set, matcher_),
      values_(set.projector(), set.record_fields().table()) {
  if (state != nullptr) fact_slots_ = state->relations().key_slots();
}

bool RecordProcessor::Enriched(const DecodedEvent& decoded) const {
  if (enrichment_ == Enrichment::kNone || !decoded.event.has_timestamp) return false;
  if (enrichment_ == Enrichment::kRaw && !decoded.raw) return false;
  // Whatever names a process teaches the tree something or may learn its parent.
  return decoded.event.document.GetPath("process").is_object() ||
         !decoded.event.document.GetPath("process.pid").is_null() ||
         !decoded.event.document.GetPath("process.entity_id").is_null();
}

engine::OriginId RecordProcessor::OriginOf(const DecodedEvent& decoded, RecordDecoder& decoder) {
  if (decoded.tokens == nullptr) {
    return eligibility_.Of(decoded.source, decoded.event, decoder.arena());
  }
  if (const auto known = origins_.find(decoded.kind); known != origins_.end()) {
    return known->second;
  }
  event::Event kind = decoded.event;
  kind.document = decoder.KindDocument(*decoded.tokens);
  if (origins_.size() >= kMaxKinds) origins_.clear();
  const engine::OriginId origin = eligibility_.Of(decoded.source, kind, decoder.arena());
  origins_.emplace(decoded.kind, origin);
  return origin;
}

const engine::RuleHits& RecordProcessor::Match(DecodedEvent& decoded, RecordDecoder& decoder) {
  const engine::OriginId origin = OriginOf(decoded, decoder);
  if (decoded.tokens != nullptr) {
    matcher_.Match(*decoded.tokens, origin, hits_);
  } else {
    decoded.event.slots = set_->projector().Project(decoded.event.document, decoder.arena());
    matcher_.Match(decoded.event, origin, hits_);
  }
  return hits_;
}

void RecordProcessor::Process(DecodedEvent& decoded, RecordDecoder& decoder,
                              BatchFindings& findings) {
  ++findings.records;
  event::Event& event = decoded.event;
  if (enrichment_ == Enrichment::kAll && !decoder.ReadDocument(decoded)) return;
  if (Enriched(decoded)) {
    // What it lacks comes from earlier events, so its rules are asked when its turn has come.
    findings.ordered.push_back(MakeOrdered(decoded, findings.records - 1));
    findings.ordered.back().enrich = true;
    return;
  }
  Match(decoded, decoder);
  if (!hits_.rules.empty()) {
    if (!decoder.ReadDocument(decoded)) return;
    std::string json;
    event::WriteJson(event.document, json);
    WriteEventAlerts(*set_, stamp_, event, json, decoded.source, hits_.rules, findings.records - 1,
                     findings.alerts);
  }
  Order(decoded, decoder, findings);
}

void RecordProcessor::Order(const DecodedEvent& decoded, RecordDecoder& decoder,
                            BatchFindings& findings) {
  const event::Event& event = decoded.event;
  // Without a time an event has no place in a sequence.
  if (state_ == nullptr || !event.has_timestamp) return;
  const bool everything = state_->wants_every_event();
  const bool facts =
      state_->wants_facts() && (hits_.process_event || hits_.marks != 0 || !hits_.stages.empty());
  if (hits_.stages.empty() && !everything && !facts) return;
  std::optional<engine::ProcessFacts> found;
  if (facts) {
    found = state_->relations().KeysOf(Laid(decoded, decoder));
    found->marks = hits_.marks;
    found->process_event = hits_.process_event;
  }
  OrderedEvent& ordered = findings.ordered.emplace_back();
  if (everything || !hits_.stages.empty()) {
    ordered = MakeOrdered(decoded, findings.records - 1, everything ? none_ : state_->slots());
  } else {
    ordered.timestamp = event.timestamp;
    ordered.arrival = findings.records - 1;
    ordered.source = decoded.source;
  }
  ordered.hits = hits_.stages;
  ordered.facts = found;
}

event::Event RecordProcessor::Laid(const DecodedEvent& decoded, RecordDecoder& decoder) {
  if (decoded.tokens != nullptr) {
    values_.Begin(*decoded.tokens);
    return values_.Laid(fact_slots_, reader_, decoder.arena());
  }
  event::Event event = decoded.event;
  // What was matched by its tokens and read for an alert has no slots yet.
  if (event.slots.empty()) event.slots = set_->projector().Project(event.document, decoder.arena());
  return event;
}

}  // namespace vedette::service
