// SPDX-License-Identifier: Apache-2.0
#include "service/scan_end.h"

#include <utility>

#include "service/hash_seed.h"

namespace vedette::service {

ScanEnd::ScanEnd(const DetectionSet& set, bool several_files, const ScanOptions& options,
                 const ScanSinks& sinks)
    : stateful_rules_(set.size() - set.first_stateful()),
      funnel_(set, options.stamp, options.max_signals, several_files, sinks.alert) {
  if (!set.has_stateful() && options.enrichment == Enrichment::kNone) return;
  StatefulStageOptions stage;
  stage.stamp = options.stamp;
  stage.lateness = options.lateness;
  stage.sort_all = several_files;
  stage.rules.hash_seed = SecretHashSeed();
  stage_.emplace(set, stage,
                 [this](std::vector<PendingAlert>& alerts) { return funnel_.Add(alerts); });
}

const engine::StatefulRules* ScanEnd::state() const {
  return stage_ && stage_->rules().size() != 0 ? &stage_->rules() : nullptr;
}

void ScanEnd::set_stamp(const AlertStamp& stamp) {
  funnel_.set_stamp(stamp);
  if (stage_) stage_->set_stamp(stamp);
}

base::Result<void> ScanEnd::Take(BatchFindings& findings) {
  if (!stage_) return funnel_.Add(findings.alerts);
  std::size_t next = 0;
  for (OrderedEvent& event : findings.ordered) {
    VED_TRY_VOID(AddAlerts(findings.alerts, next, event.arrival));
    event.arrival += records_;
    VED_TRY_VOID(stage_->Add(std::move(event)));
  }
  VED_TRY_VOID(AddAlerts(findings.alerts, next, findings.records));
  records_ += findings.records;
  return {};
}

base::Result<void> ScanEnd::Finish() {
  if (stage_) VED_TRY_VOID(stage_->Finish());
  return funnel_.Finish();
}

void ScanEnd::Count(ScanStats& stats) const {
  if (stage_) {
    stats.late = stage_->late();
    stats.enriched = stage_->enrichment().enriched;
    stats.evicted = 0;
    for (std::size_t i = 0; i < stateful_rules_; ++i) {
      stats.evicted += stage_->counters(i).evicted;
    }
  }
  stats.alerts = funnel_.alerts();
  stats.duplicates = funnel_.duplicates();
  stats.rules = funnel_.rules();
  stats.truncated = 0;
  for (const auto& rule : stats.rules) stats.truncated += rule.truncated;
}

/// Those of records up to and including `record`.
base::Result<void> ScanEnd::AddAlerts(std::vector<PendingAlert>& alerts, std::size_t& next,
                                      std::uint64_t record) {
  std::vector<PendingAlert> some;
  while (next < alerts.size() && alerts[next].record <= record) {
    some.push_back(std::move(alerts[next++]));
  }
  return some.empty() ? base::Result<void>() : funnel_.Add(some);
}

}  // namespace vedette::service
