// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/arena.h"
#include "engine/rule_matcher.h"
#include "service/detection_set.h"
#include "service/record_decoder.h"
#include "sources/index_patterns.h"

namespace vedette::service {

/// Which rules apply to an event, by the index it belongs to, as a matcher's origin; remembered by
/// index names. One thread.
class RuleEligibility {
 public:
  /// Both outlive this.
  RuleEligibility(const DetectionSet& set, engine::RuleMatcher& matcher)
      : set_(&set), matcher_(&matcher) {}
  /// `event.document` was read.
  engine::OriginId Of(sources::SourceId source, const event::Event& event, base::Arena& arena);

 private:
  const DetectionSet* set_;
  std::string key_;
  engine::RuleMatcher* matcher_;
  std::map<std::string, engine::OriginId, std::less<>> by_origin_;  // cleared past a bound
};

}  // namespace vedette::service
