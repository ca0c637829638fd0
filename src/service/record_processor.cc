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
      eligibility_(set, matcher_) {}

bool RecordProcessor::Enriched(const DecodedEvent& decoded) const {
  if (enrichment_ == Enrichment::kNone || !decoded.event.has_timestamp) return false;
  if (enrichment_ == Enrichment::kRaw && !decoded.raw) return false;
  // Whatever names a process teaches the tree something or may learn its parent.
  return decoded.event.document.GetPath("process").is_object() ||
         !decoded.event.document.GetPath("process.pid").is_null() ||
         !decoded.event.document.GetPath("process.entity_id").is_null();
}

std::optional<engine::OriginId> RecordProcessor::OriginOf(DecodedEvent& decoded,
                                                          RecordDecoder& decoder) {
  if (decoded.tokens == nullptr) {
    return eligibility_.Of(decoded.source, decoded.event, decoder.arena());
  }
  if (const auto known = origins_.find(decoded.kind); known != origins_.end()) {
    return known->second;
  }
  DecodedEvent read = decoded;
  if (!decoder.ReadDocument(read)) return std::nullopt;
  if (origins_.size() >= kMaxKinds) origins_.clear();
  const engine::OriginId origin = eligibility_.Of(read.source, read.event, decoder.arena());
  origins_.emplace(decoded.kind, origin);
  return origin;
}

const engine::RuleHits* RecordProcessor::Match(DecodedEvent& decoded, RecordDecoder& decoder) {
  const auto origin = OriginOf(decoded, decoder);
  if (!origin) return nullptr;
  if (decoded.tokens != nullptr) {
    matcher_.Match(*decoded.tokens, *origin, hits_);
  } else {
    decoded.event.slots = set_->projector().Project(decoded.event.document, decoder.arena());
    matcher_.Match(decoded.event, *origin, hits_);
  }
  return &hits_;
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
  if (Match(decoded, decoder) == nullptr) return;
  if (!hits_.rules.empty()) {
    if (!decoder.ReadDocument(decoded)) return;
    std::string json;
    event::WriteJson(event.document, json);
    WriteEventAlerts(*set_, stamp_, event, json, decoded.source, hits_.rules, findings.records - 1,
                     findings.alerts);
  }
  // Without a time an event has no place in a sequence.
  if (state_ == nullptr || !event.has_timestamp) return;
  if (hits_.stages.empty() && !state_->follows_processes()) return;
  findings.ordered.push_back(MakeOrdered(decoded, findings.records - 1));
  findings.ordered.back().hits = hits_.stages;
}

}  // namespace vedette::service
