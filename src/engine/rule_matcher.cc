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
  out.marks = 0;
  out.process_event = false;
  for (const ConditionId hit : hits_) {
    const RuleConditions::Place& place = rules_->place(hit);
    using Role = RuleConditions::Role;
    if (place.role == Role::kDecided) out.rules.push_back(place.statement);
    if (place.role == Role::kRelation) out.marks |= std::uint64_t{1} << place.statement;
    if (place.role == Role::kProcessEvent) out.process_event = true;
    if (place.role != Role::kStateful) continue;
    if (out.stages.empty() || out.stages.back().statement != place.statement) {
      out.stages.push_back({place.statement, 0});
    }
    out.stages.back().items |= std::uint64_t{1} << place.item;
  }
}

}  // namespace vedette::engine
