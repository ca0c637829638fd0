// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_matcher.h"

namespace vedette::engine {

RuleMatcher::RuleMatcher(const RuleConditions& rules, const event::Projector& projector,
                         const MatcherOptions& options)
    : rules_(&rules), matcher_(rules.set(), projector, options) {}

OriginId RuleMatcher::AddOrigin(const std::vector<bool>& eligible) {
  return matcher_.AddOrigin(rules_->Eligible(eligible));
}

void RuleMatcher::Match(const event::RawEvent& event, OriginId origin, RuleHits& out) {
  matcher_.Match(event, origin, hits_);
  Sort(out);
}

void RuleMatcher::Match(const event::Event& event, OriginId origin, RuleHits& out) {
  matcher_.Match(event, origin, hits_);
  Sort(out);
}

void RuleMatcher::Sort(RuleHits& out) const {
  out.rules.clear();
  out.stages.clear();
  for (const ConditionId hit : hits_) {
    const RuleConditions::Place& place = rules_->place(hit);
    if (!place.stateful) {
      out.rules.push_back(place.statement);
      continue;
    }
    if (out.stages.empty() || out.stages.back().statement != place.statement) {
      out.stages.push_back({place.statement, 0});
    }
    out.stages.back().items |= std::uint64_t{1} << place.item;
  }
}

}  // namespace vedette::engine
