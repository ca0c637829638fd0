// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "engine/stateful_rules.h"
#include "service/alert_funnel.h"
#include "service/detection_set.h"
#include "service/record_processor.h"
#include "service/scan_run.h"
#include "service/stateful_stage.h"

namespace vedette::service {

/// The ordered end of a run, whoever cuts the input into records: takes the findings of batches in
/// input order, moves rules with state on and hands alerts out in the order of the events that
/// caused them, whatever the batches. One thread. Not to be moved: its parts point at each other.
class ScanEnd {
 public:
  /// `set` and what `sinks.alert` refers to outlive this; the other sinks are not used.
  /// `several_files`: they are one stream only after sorting, so alerts come at Finish().
  ScanEnd(const DetectionSet& set, bool several_files, const ScanOptions& options,
          const ScanSinks& sinks);
  ScanEnd(const ScanEnd&) = delete;
  ScanEnd& operator=(const ScanEnd&) = delete;

  /// For the workers' RecordProcessor; null when no rule has state.
  const engine::StatefulRules* state() const;
  /// An error is the sink's, or an event that was read before and does not read again.
  base::Result<void> Take(BatchFindings& findings);
  /// How alerts are stamped from here on.
  void set_stamp(const AlertStamp& stamp);
  /// No more findings. Hands out what waited.
  base::Result<void> Finish();

  /// Fills in what this end counts: alerts, duplicates, truncated, enriched, late, evicted, rules.
  /// Right at any time between calls.
  void Count(ScanStats& stats) const;
  std::uint64_t alerts() const { return funnel_.alerts(); }
  /// Adds what this end's own matching took (events that waited for their parents).
  void AddCosts(MatchCosts& costs) const {
    if (stage_) costs.Add(stage_->matcher());
  }

 private:
  base::Result<void> AddAlerts(std::vector<PendingAlert>& alerts, std::size_t& next,
                               std::uint64_t record);

  std::size_t stateful_rules_;
  AlertFunnel funnel_;
  std::optional<StatefulStage> stage_;
  std::uint64_t records_ = 0;
};

}  // namespace vedette::service
