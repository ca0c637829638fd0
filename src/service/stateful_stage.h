// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "engine/event_values.h"
#include "engine/parent_enrichment.h"
#include "engine/rule_matcher.h"
#include "engine/stateful_rules.h"
#include "event/json_reader.h"
#include "service/detection_set.h"
#include "service/event_sorter.h"
#include "service/ordered_event.h"
#include "service/record_processor.h"
#include "service/reorder_window.h"
#include "service/rule_eligibility.h"

namespace vedette::service {

struct StatefulStageOptions {
  AlertStamp stamp;
  /// How much later than younger ones an event may come (one input).
  base::Duration lateness = std::chrono::seconds(30);
  /// Several inputs are one stream only after sorting: results come at the end.
  bool sort_all = false;
  engine::StatefulOptions rules;
};

/// The ordered end of a run: brings events in order of time, gives those that ask for it the
/// parents that earlier events showed, moves the state of rules on and writes the alerts of what
/// they found. One thread.
class StatefulStage {
 public:
  using Sink = std::function<base::Result<void>(std::vector<PendingAlert>&)>;
  /// `set` outlives this.
  StatefulStage(const DetectionSet& set, const StatefulStageOptions& options, Sink sink);

  /// For workers: which events may matter. Const from here on.
  const engine::StatefulRules& rules() const { return rules_; }
  base::Result<void> Add(OrderedEvent event);
  base::Result<void> Finish();
  void set_stamp(const AlertStamp& stamp) { options_.stamp = stamp; }
  std::uint64_t late() const { return window_.late(); }
  const engine::ParentEnrichmentCounters& enrichment() const { return parents_.counters(); }
  const engine::Matcher& matcher() const { return matcher_.matcher(); }
  engine::SequenceCounters counters(std::size_t stateful_rule) const {
    return rules_.counters(stateful_rule);
  }

 private:
  base::Result<void> Take(const OrderedEvent& ordered);
  /// The event that rules with state see, as little of it read as they need.
  base::Result<event::Event> Read(const OrderedEvent& ordered);
  base::Result<void> HandOut();
  /// Rules over an event that had to wait for its parents.
  base::Result<void> TakeEnriched(const OrderedEvent& ordered, event::Event& event,
                                  std::vector<engine::StageHit>& stateful);
  base::Result<void> TakeLate(const OrderedEvent& ordered);
  base::Result<PendingAlert> AlertOf(const engine::StatefulRules::Found& found);

  const DetectionSet* set_;
  StatefulStageOptions options_;
  Sink sink_;
  engine::StatefulRules rules_;
  engine::ParentEnrichment parents_;
  engine::RuleMatcher matcher_;
  RuleEligibility eligibility_;
  ReorderWindow window_;
  EventSorter sorter_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::vector<engine::StatefulRules::Found> found_;
  engine::RuleHits hits_;
  engine::EventValues values_;
  std::vector<event::RawToken> tokens_;  ///< by field, all zero between events
};

}  // namespace vedette::service
