// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/alert_document.h"
#include "engine/stateful_rules.h"
#include "service/detection_set.h"
#include "service/ordered_event.h"
#include "service/record_decoder.h"

namespace vedette::service {

/// An alert before the ordered stage has given twins their ordinals.
struct PendingAlert {
  std::uint32_t rule = 0;
  std::uint64_t record = 0;  ///< alerts of one event share it, within a batch
  sources::SourceId source = sources::SourceId::kUnknown;
  engine::AlertSummary summary;
  std::string document;
  std::vector<std::string> building_blocks;  ///< of a sequence: one document per event
  std::string twin_json;  ///< the record's document when it is identified by its bytes, else empty
  std::string twin_key;
};

/// What the workers make of a batch: alerts of rules that one event decides, and the events that
/// rules with state may need. Both ascend by `record`.
struct BatchFindings {
  std::vector<PendingAlert> alerts;
  std::vector<OrderedEvent> ordered;  ///< `arrival` is the record's number within the batch
  std::uint64_t records = 0;
};

/// How alerts of a run are stamped.
struct AlertStamp {
  base::Timestamp created;
};

/// Events to pending alerts: project, match, write. One per worker; no I/O, no clock.
class RecordProcessor {
 public:
  /// `set` and `state` (null without stateful rules) must outlive this.
  RecordProcessor(const DetectionSet& set, const engine::StatefulRules* state,
                  const AlertStamp& stamp);
  void Process(DecodedEvent& decoded, RecordDecoder& decoder, BatchFindings& findings);

 private:
  const std::vector<bool>& EligibleRules(const sources::RecordOrigin& origin);
  void WriteAlerts(const DecodedEvent& decoded, BatchFindings& findings);

  const DetectionSet* set_;
  const engine::StatefulRules* state_;
  AlertStamp stamp_;
  std::vector<std::uint32_t> hits_;
  std::string origin_key_;
  std::map<std::string, std::vector<bool>, std::less<>>
      eligible_;  ///< by origin; cleared past a bound
};

/// Writes the alert again with the ordinal of its record among identical ones.
void RewriteTwin(const DetectionSet& set, const AlertStamp& stamp, std::uint64_t ordinal,
                 PendingAlert& alert);

}  // namespace vedette::service
