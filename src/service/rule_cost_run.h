// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/input_files.h"
#include "service/event_pipeline.h"
#include "service/match_costs.h"
#include "service/record_processor.h"

namespace vedette::service {

struct RuleCostOptions {
  PipelineOptions pipeline;  ///< its threads are not used: one matches, so that times compare
  Enrichment enrichment = Enrichment::kRaw;  ///< as in a scan
};

struct RuleCostStats : PipelineStats {
  MatchCosts costs;
  std::uint64_t enriched = 0;  ///< events that got something of their parents
  /// Estimates in seconds of processor time. All 0 with fewer than kFewestTimed timed events.
  double match_seconds = 0;
  std::vector<double> rule_seconds;       ///< by rule; their sum is at most match_seconds
  std::vector<double> predicate_seconds;  ///< by predicate: questions to the evaluator

  static constexpr std::uint64_t kFewestTimed = 32;
  bool timed() const { return match_seconds > 0; }
};

struct RuleCostSinks {
  std::function<base::Result<void>(std::string_view file, const Rejected&)> rejected;
  std::function<void(const PipelineProgress&)> progress;  ///< may be empty
};

/// Matches the events of files against all rules, on one thread, and tells what each rule took part
/// in. Nothing is written, no sequence is followed.
///
/// The clock is read around one event in 61, never for all. What a rule takes is estimated after
/// the last event: candidates times the time of one run of its condition, plus questions times the
/// time of one question, both measured apart on at most 64 of those events; a question shared by
/// rules is split by their candidates. The rest (finding classes and sets of values) belongs to
/// all rules together. docs/how-to/find-dear-rules.md.
base::Result<RuleCostStats> RunRuleCosts(const DetectionSet& set,
                                         const std::vector<io::InputFile>& files,
                                         const RuleCostOptions& options,
                                         const RuleCostSinks& sinks);

}  // namespace vedette::service
