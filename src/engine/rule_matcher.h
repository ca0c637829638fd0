// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "engine/matcher.h"
#include "engine/rule_conditions.h"
#include "event/event.h"
#include "event/raw_event.h"

namespace vedette::engine {

/// What one event means to all rules.
struct RuleHits {
  std::vector<std::uint32_t> rules;  ///< decided: they match; ascending
  std::vector<StageHit> stages;      ///< it may move these on; ascending by statement
  std::uint64_t marks = 0;           ///< endpoint relations whose inner query it may match
  bool process_event = false;        ///< in the eyes of process relations
};

/// All rules over one event after the other: a Matcher that speaks of rules. One per thread.
class RuleMatcher {
 public:
  /// Both outlive this.
  RuleMatcher(const RuleConditions& rules, const event::Projector& projector,
              const MatcherOptions& options = {});

  /// `eligible` by rule: those that one event decides first, then those with state.
  OriginId AddOrigin(const std::vector<bool>& eligible);
  void Match(const event::RawEvent& event, OriginId origin, RuleHits& out);
  void Match(const event::Event& event, OriginId origin, RuleHits& out);
  const Matcher& matcher() const { return matcher_; }

 private:
  void Sort(RuleHits& out) const;

  const RuleConditions* rules_;
  Matcher matcher_;
  std::vector<ConditionId> hits_;
};

}  // namespace vedette::engine
