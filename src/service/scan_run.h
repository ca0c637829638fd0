// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/input_files.h"
#include "service/alert_funnel.h"
#include "service/event_pipeline.h"
#include "service/match_costs.h"
#include "service/record_processor.h"

namespace vedette::service {

struct ScanOptions {
  PipelineOptions pipeline;
  AlertStamp stamp;
  std::int64_t max_signals = -1;  ///< -1: each rule's own; 0: no bound; else for every rule
  /// Within one input, how much later than younger ones an event may come and still take its place
  /// in a sequence. Several inputs are sorted as a whole.
  base::Duration lateness = std::chrono::seconds(30);
  Enrichment enrichment = Enrichment::kRaw;
};

/// Where a scan stands; called from time to time while it runs.
struct ScanProgress {
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;  ///< 0: unknown
  std::uint64_t events = 0;
  std::uint64_t alerts = 0;
};

struct ScanStats : PipelineStats {
  std::uint64_t alerts = 0;
  std::uint64_t duplicates = 0;  ///< alerts whose id had been handed out before
  std::uint64_t truncated = 0;
  std::uint64_t enriched = 0;    ///< events that got something of their parents
  std::uint64_t late = 0;        ///< events that came too late for sequences
  std::uint64_t evicted = 0;     ///< half-done sequences that had to go for want of room
  std::vector<RuleStats> rules;  ///< by rule of the set
  MatchCosts costs;              ///< of all workers, and of what waited for its parents
};

/// Receives what a scan finds, on the calling thread, in an order that does not depend on the
/// number of threads. An error from a sink ends the scan with it.
struct ScanSinks {
  std::function<base::Result<void>(const PendingAlert&)> alert;
  std::function<base::Result<void>(std::string_view file, const Rejected&)> rejected;
  std::function<void(const ScanProgress&)> progress;
};

/// Rules over files, in one pass, in constant memory (about 2 x threads + 2 batches of 1 MiB, the
/// largest record, and what rules with state must remember). Files are read in the given order;
/// with several, alerts are handed out at the end, by event time, as if the files were one stream.
/// What is wrong with a file or a record is counted and told, and does not stop the rest unless
/// `strict`.
base::Result<ScanStats> RunScan(const DetectionSet& set, const std::vector<io::InputFile>& files,
                                const ScanOptions& options, const ScanSinks& sinks);

}  // namespace vedette::service
