// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/arena.h"
#include "service/detection_set.h"
#include "service/record_decoder.h"
#include "sources/index_patterns.h"

namespace vedette::service {

/// Which rules apply to an event, by the index it belongs to; remembered by origin. One thread.
class RuleEligibility {
 public:
  explicit RuleEligibility(const DetectionSet& set) : set_(&set) {}
  /// By rule of the set. Valid until the next call.
  const std::vector<bool>& Of(sources::SourceId source, const event::Event& event,
                              base::Arena& arena);

 private:
  const DetectionSet* set_;
  std::string key_;
  std::map<std::string, std::vector<bool>, std::less<>> by_origin_;  // cleared past a bound
};

}  // namespace vedette::service
