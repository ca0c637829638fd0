// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "rules/rule.h"

/// The parts of a rule that the API object and the alert's copy of a rule write alike. Each appends
/// one member under the given key; the caller has begun the object.
namespace vedette::rules {

/// `subtechnique` of a technique that has none: left out by the API, an empty list in alerts.
enum class EmptySubtechniques : std::uint8_t { kLeaveOut, kWrite };

void WriteStringList(base::JsonWriter& json, std::string_view key,
                     const std::vector<std::string>& list);
void WriteThreats(base::JsonWriter& json, std::string_view key, const std::vector<Threat>& threats,
                  EmptySubtechniques empty);
void WriteSeverityMappings(base::JsonWriter& json, std::string_view key,
                           const std::vector<SeverityMapping>& mappings);
void WriteRiskScoreMappings(base::JsonWriter& json, std::string_view key,
                            const std::vector<RiskScoreMapping>& mappings);
void WriteExceptionRefs(base::JsonWriter& json, std::string_view key,
                        const std::vector<ExceptionListRef>& refs);

}  // namespace vedette::rules
