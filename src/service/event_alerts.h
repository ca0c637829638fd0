// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/alert_document.h"
#include "service/detection_set.h"
#include "sources/decoder.h"

namespace vedette::service {

/// How alerts of a run are stamped.
struct AlertStamp {
  base::Timestamp created;
};

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
  std::string shown_json;  ///< the document to show for twin_json, when it was enriched
};

/// Appends an alert of `event` for each of `rules`. `original_json`: the bytes that identify an
/// event without an id; `event.document` may hold more (enrichment).
void WriteEventAlerts(const DetectionSet& set, const AlertStamp& stamp, const event::Event& event,
                      std::string_view original_json, sources::SourceId source,
                      std::span<const std::uint32_t> rules, std::uint64_t record,
                      std::vector<PendingAlert>& out);

/// Writes the alert again with the ordinal of its record among identical ones.
void RewriteTwin(const DetectionSet& set, const AlertStamp& stamp, std::uint64_t ordinal,
                 PendingAlert& alert);

}  // namespace vedette::service
