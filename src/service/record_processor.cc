// SPDX-License-Identifier: Apache-2.0
#include "service/record_processor.h"

#include <utility>

namespace vedette::service {

RecordProcessor::RecordProcessor(const DetectionSet& set, const engine::StatefulRules* state,
                                 const AlertStamp& stamp, Enrichment enrichment)
    : set_(&set), state_(state), stamp_(stamp), enrichment_(enrichment), eligibility_(set) {}

bool RecordProcessor::Enriched(const DecodedEvent& decoded) const {
  if (enrichment_ == Enrichment::kNone || !decoded.event.has_timestamp) return false;
  if (enrichment_ == Enrichment::kRaw && !decoded.raw) return false;
  // Whatever names a process teaches the tree something or may learn its parent.
  return decoded.event.document.GetPath("process").is_object() ||
         !decoded.event.document.GetPath("process.pid").is_null() ||
         !decoded.event.document.GetPath("process.entity_id").is_null();
}

void RecordProcessor::Process(DecodedEvent& decoded, RecordDecoder& decoder,
                              BatchFindings& findings) {
  ++findings.records;
  if (Enriched(decoded)) {
    // What it lacks comes from earlier events, so its rules are asked when its turn has come.
    findings.ordered.push_back(MakeOrdered(decoded, findings.records - 1));
    findings.ordered.back().enrich = true;
    return;
  }
  base::Arena& arena = decoder.arena();
  event::Event& event = decoded.event;
  event.slots = set_->projector().Project(event.document, arena);
  const std::vector<bool>& eligible = eligibility_.Of(decoded.source, event, arena);
  hits_.clear();
  set_->matcher().Match(event, eligible, arena, hits_);
  if (!hits_.empty()) {
    std::string json;
    event::WriteJson(event.document, json);
    WriteEventAlerts(*set_, stamp_, event, json, decoded.source, hits_, findings.records - 1,
                     findings.alerts);
  }
  // Without a time an event has no place in a sequence.
  if (state_ == nullptr || !event.has_timestamp) return;
  std::vector<std::uint32_t> rules;
  state_->CouldMatter(event, eligible, set_->first_stateful(), arena, rules);
  if (rules.empty() && !state_->follows_processes()) return;
  findings.ordered.push_back(MakeOrdered(decoded, findings.records - 1));
  findings.ordered.back().rules = std::move(rules);
}

}  // namespace vedette::service
