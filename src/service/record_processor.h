// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/event_values.h"
#include "engine/rule_matcher.h"
#include "engine/stateful_rules.h"
#include "service/detection_set.h"
#include "service/event_alerts.h"
#include "service/ordered_event.h"
#include "service/record_decoder.h"
#include "service/rule_eligibility.h"

namespace vedette::service {

/// Whose process events get the parents that their records lack.
enum class Enrichment : std::uint8_t {
  kRaw,  ///< vendors' raw records and raw audit logs; ECS documents stay as they are
  kAll,  ///< every source
  kNone,
};

/// What the workers make of a batch: alerts of rules that one event decides, and the events that
/// need their place in time first. Both ascend by `record`.
struct BatchFindings {
  std::vector<PendingAlert> alerts;
  std::vector<OrderedEvent> ordered;  ///< `arrival` is the record's number within the batch
  std::uint64_t records = 0;
};

/// Events to pending alerts: match, read what matched, write. One per worker; no I/O, no clock.
class RecordProcessor {
 public:
  /// `set` and `state` (null without stateful rules) must outlive this.
  /// `seed`: a secret of the process.
  RecordProcessor(const DetectionSet& set, const engine::StatefulRules* state,
                  const AlertStamp& stamp, Enrichment enrichment = Enrichment::kNone,
                  std::uint64_t seed = 0);
  RecordProcessor(const RecordProcessor&) = delete;
  RecordProcessor& operator=(const RecordProcessor&) = delete;
  void Process(DecodedEvent& decoded, RecordDecoder& decoder, BatchFindings& findings);
  /// Process() without parents and alerts: what the event alone decides or may move on. Valid until
  /// the next call.
  const engine::RuleHits& Match(DecodedEvent& decoded, RecordDecoder& decoder);
  /// The rest of Process(): puts the event on its way to rules with state, if Match() found that it
  /// may matter to them.
  void Order(const DecodedEvent& decoded, RecordDecoder& decoder, BatchFindings& findings);
  const engine::Matcher& matcher() const { return matcher_.matcher(); }
  /// For runs that outlast the moment they began at.
  void set_stamp(const AlertStamp& stamp) { stamp_ = stamp; }

 private:
  bool Enriched(const DecodedEvent& decoded) const;
  /// The event with the slots laid that tell processes.
  event::Event Laid(const DecodedEvent& decoded, RecordDecoder& decoder);
  engine::OriginId OriginOf(const DecodedEvent& decoded, RecordDecoder& decoder);

  const DetectionSet* set_;
  const engine::StatefulRules* state_;
  AlertStamp stamp_;
  Enrichment enrichment_;
  engine::RuleMatcher matcher_;
  RuleEligibility eligibility_;
  std::unordered_map<std::uint32_t, engine::OriginId> origins_;  ///< by kind; cleared past a bound
  engine::RuleHits hits_;
  // For the facts that process relations need.
  engine::EventValues values_;
  std::vector<event::FieldId> fact_slots_;
  std::vector<event::FieldId> none_;
  event::JsonReader reader_;
};

}  // namespace vedette::service
