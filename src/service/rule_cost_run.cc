// SPDX-License-Identifier: Apache-2.0
#include "service/rule_cost_run.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "engine/parent_enrichment.h"
#include "event/json_reader.h"
#include "service/cost_clock.h"

namespace vedette::service {
namespace {

/// A prime, so that no period of the input meets it.
constexpr std::uint64_t kEventsPerTimed = 61;

/// Not a secret, unlike a scan's: the same events must give the same counts each time. Who knows it
/// could make up events that are priced wrongly, but none that a scan misses.
constexpr std::uint64_t kSeed = 1;

struct NoOutput {
  void Clear() {}
};

/// Matches, and now and then looks at the clock. One thread.
class CostMeter {
 public:
  CostMeter(const DetectionSet& set, Enrichment enrichment)
      : enrichment_(enrichment), processor_(set, nullptr, {}, Enrichment::kNone, kSeed) {
    // What looking at the clock takes, which is not the matcher's.
    constexpr int kLooks = 33;
    std::vector<double> looks;
    for (int i = 0; i < kLooks; ++i) {
      const double begin = ThreadSeconds();
      looks.push_back(ThreadSeconds() - begin);
    }
    std::nth_element(looks.begin(), looks.begin() + kLooks / 2, looks.end());
    clock_seconds_ = looks[kLooks / 2];
  }

  void Take(DecodedEvent& decoded, RecordDecoder& decoder) {
    if (WantsParents(decoded)) {
      if (!decoder.ReadDocument(decoded)) return;
      std::vector<std::string_view> names;
      parents_.Enrich(decoded.event, decoder.arena(), names);
      decoded.tokens = nullptr;
    }
    if (++events_ % kEventsPerTimed != 0) {
      processor_.Match(decoded, decoder);
      return;
    }
    const double begin = ThreadSeconds();
    processor_.Match(decoded, decoder);
    seconds_ += std::max(0.0, ThreadSeconds() - begin - clock_seconds_);
    ++timed_;
    if (!sample_.Wants() || !decoder.ReadDocument(decoded)) return;
    std::string json;
    event::WriteJson(decoded.event.document, json);
    sample_.Add(std::move(json));
  }

  const engine::Matcher& matcher() const { return processor_.matcher(); }
  std::uint64_t enriched() const { return parents_.counters().enriched; }
  const SpreadSample& sample() const { return sample_; }
  /// Of all events; 0: too few were timed.
  double match_seconds() const {
    if (timed_ < RuleCostStats::kFewestTimed) return 0;
    return seconds_ / static_cast<double>(timed_) * static_cast<double>(events_);
  }

 private:
  bool WantsParents(const DecodedEvent& decoded) const {
    if (enrichment_ == Enrichment::kNone || !decoded.event.has_timestamp) return false;
    return enrichment_ == Enrichment::kAll || decoded.raw;
  }

  Enrichment enrichment_;
  RecordProcessor processor_;
  engine::ParentEnrichment parents_;
  SpreadSample sample_;
  double clock_seconds_ = 0;
  double seconds_ = 0;
  std::uint64_t timed_ = 0;
  std::uint64_t events_ = 0;
};

/// Splits the questions' time among the conditions that name the predicate.
void SplitQuestions(const DetectionSet& set, RuleCostStats& stats) {
  const auto predicates = PredicatesByRule(set);
  const std::vector<RuleWork> work = WorkByRule(set, stats.costs);
  std::vector<double> candidates(stats.predicate_seconds.size());
  for (std::size_t rule = 0; rule < predicates.size(); ++rule) {
    for (const auto id : predicates[rule]) {
      candidates[id] += static_cast<double>(work[rule].candidates);
    }
  }
  for (std::size_t rule = 0; rule < predicates.size(); ++rule) {
    for (const auto id : predicates[rule]) {
      if (candidates[id] == 0) continue;
      stats.rule_seconds[rule] +=
          stats.predicate_seconds[id] * static_cast<double>(work[rule].candidates) / candidates[id];
    }
  }
}

void Estimate(const DetectionSet& set, const SpreadSample& sample, RuleCostStats& stats) {
  const std::vector<double> run = TimeRuns(set, stats.costs);
  for (engine::ConditionId i = 0; i < run.size(); ++i) {
    stats.rule_seconds[RuleOf(set, i)] +=
        run[i] * static_cast<double>(stats.costs.conditions[i].candidates);
  }
  stats.predicate_seconds = TimeQuestions(set, stats.costs, sample.documents());
  for (std::size_t i = 0; i < stats.predicate_seconds.size(); ++i) {
    stats.predicate_seconds[i] *= static_cast<double>(stats.costs.asked[i]);
  }
  SplitQuestions(set, stats);
  // Estimates add up to no more than what was measured.
  const double sum = std::accumulate(stats.rule_seconds.begin(), stats.rule_seconds.end(), 0.0);
  if (sum <= stats.match_seconds) return;
  const double scale = stats.match_seconds / sum;
  for (double& seconds : stats.rule_seconds) seconds *= scale;
  for (double& seconds : stats.predicate_seconds) seconds *= scale;
}

}  // namespace

base::Result<RuleCostStats> RunRuleCosts(const DetectionSet& set,
                                         const std::vector<io::InputFile>& files,
                                         const RuleCostOptions& options,
                                         const RuleCostSinks& sinks) {
  using Pipeline = EventPipeline<NoOutput>;
  CostMeter meter(set, options.enrichment);
  Pipeline::Sinks pipeline_sinks;
  pipeline_sinks.output = [](NoOutput&) { return base::Result<void>(); };
  pipeline_sinks.rejected = sinks.rejected;
  pipeline_sinks.progress = sinks.progress;
  PipelineOptions pipeline_options = options.pipeline;
  pipeline_options.threads = 1;
  pipeline_options.decoder.fields = &set.record_fields();
  Pipeline pipeline(
      files, pipeline_options,
      [&]() -> Pipeline::Work {
        return [&](DecodedEvent& event, RecordDecoder& decoder, NoOutput&) {
          meter.Take(event, decoder);
        };
      },
      std::move(pipeline_sinks));
  RuleCostStats stats;
  VED_TRY(static_cast<PipelineStats&>(stats), pipeline.Run());
  stats.costs.Add(meter.matcher());
  stats.enriched = meter.enriched();
  stats.rule_seconds.resize(set.size());
  stats.predicate_seconds.resize(stats.costs.asked.size());
  stats.match_seconds = meter.match_seconds();
  if (stats.timed()) Estimate(set, meter.sample(), stats);
  return stats;
}

}  // namespace vedette::service
