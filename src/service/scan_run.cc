// SPDX-License-Identifier: Apache-2.0
#include "service/scan_run.h"

#include <optional>
#include <utility>

#include "service/hash_seed.h"
#include "service/stateful_stage.h"

namespace vedette::service {
namespace {

/// Alerts in the order of the events that caused them, whatever the batches.
class ScanEnd {
 public:
  ScanEnd(const DetectionSet& set, bool several_files, const ScanOptions& options,
          const ScanSinks& sinks)
      : funnel_(set, options.stamp, options.max_signals, several_files, sinks.alert) {
    if (!set.has_stateful() && options.enrichment == Enrichment::kNone) return;
    StatefulStageOptions stage;
    stage.stamp = options.stamp;
    stage.lateness = options.lateness;
    stage.sort_all = several_files;
    stage.rules.hash_seed = SecretHashSeed();
    stage_.emplace(set, stage,
                   [this](std::vector<PendingAlert>& alerts) { return funnel_.Add(alerts); });
  }

  const engine::StatefulRules* state() const {
    return stage_ && stage_->rules().size() != 0 ? &stage_->rules() : nullptr;
  }

  base::Result<void> Take(BatchFindings& findings) {
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

  base::Result<void> Finish(ScanStats& stats, std::size_t stateful_rules) {
    if (stage_) {
      VED_TRY_VOID(stage_->Finish());
      stats.late = stage_->late();
      stats.enriched = stage_->enrichment().enriched;
      for (std::size_t i = 0; i < stateful_rules; ++i) {
        stats.evicted += stage_->counters(i).evicted;
      }
    }
    VED_TRY_VOID(funnel_.Finish());
    stats.alerts = funnel_.alerts();
    stats.duplicates = funnel_.duplicates();
    stats.rules = funnel_.rules();
    for (const auto& rule : stats.rules) stats.truncated += rule.truncated;
    return {};
  }

  std::uint64_t alerts() const { return funnel_.alerts(); }

 private:
  /// Those of records up to and including `record`.
  base::Result<void> AddAlerts(std::vector<PendingAlert>& alerts, std::size_t& next,
                               std::uint64_t record) {
    std::vector<PendingAlert> some;
    while (next < alerts.size() && alerts[next].record <= record) {
      some.push_back(std::move(alerts[next++]));
    }
    return some.empty() ? base::Result<void>() : funnel_.Add(some);
  }

  AlertFunnel funnel_;
  std::optional<StatefulStage> stage_;
  std::uint64_t records_ = 0;
};

}  // namespace

base::Result<ScanStats> RunScan(const DetectionSet& set, const std::vector<io::InputFile>& files,
                                const ScanOptions& options, const ScanSinks& sinks) {
  using Pipeline = EventPipeline<BatchFindings>;
  ScanEnd end(set, files.size() > 1, options, sinks);
  Pipeline::Sinks pipeline_sinks;
  pipeline_sinks.output = [&](BatchFindings& findings) { return end.Take(findings); };
  pipeline_sinks.rejected = sinks.rejected;
  if (sinks.progress) {
    pipeline_sinks.progress = [&](const PipelineProgress& at) {
      sinks.progress({at.bytes, at.total_bytes, at.events, end.alerts()});
    };
  }
  Pipeline pipeline(
      files, options.pipeline,
      [&]() -> Pipeline::Work {
        return [processor = std::make_shared<RecordProcessor>(set, end.state(), options.stamp,
                                                              options.enrichment)](
                   DecodedEvent& event, RecordDecoder& decoder, BatchFindings& findings) {
          processor->Process(event, decoder, findings);
        };
      },
      std::move(pipeline_sinks));
  ScanStats stats;
  VED_TRY(static_cast<PipelineStats&>(stats), pipeline.Run());
  VED_TRY_VOID(end.Finish(stats, set.size() - set.first_stateful()));
  return stats;
}

}  // namespace vedette::service
