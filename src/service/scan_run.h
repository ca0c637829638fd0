// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/input_files.h"
#include "service/alert_funnel.h"
#include "service/record_processor.h"

namespace vedette::service {

struct ScanOptions {
  ProcessorOptions processor;
  std::size_t threads = 1;        ///< at least 1
  bool strict = false;            ///< stop at the first record that cannot be read
  std::int64_t max_signals = -1;  ///< -1: each rule's own; 0: no bound; else for every rule
  std::size_t max_record_bytes = 64 * 1024 * 1024;
};

/// Where a scan stands; called from time to time while it runs.
struct ScanProgress {
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;  ///< 0: unknown
  std::uint64_t events = 0;
  std::uint64_t alerts = 0;
};

struct ScanStats {
  Counters counters;
  std::uint64_t bytes = 0;  ///< taken from the files, compressed where they are
  std::uint64_t rejected = 0;
  std::map<std::string, std::uint64_t, std::less<>> rejected_by;  ///< by code
  std::uint64_t alerts = 0;
  std::uint64_t duplicates = 0;  ///< alerts whose id had been handed out before
  std::uint64_t truncated = 0;
  std::vector<RuleStats> rules;            ///< by active rule
  std::vector<io::InputProblem> problems;  ///< files that could not be read, or not to their end
};

/// Receives what a scan finds, on the calling thread, in an order that does not depend on the
/// number of threads. An error from a sink ends the scan with it.
struct ScanSinks {
  std::function<base::Result<void>(const PendingAlert&)> alert;
  std::function<base::Result<void>(std::string_view file, const Rejected&)> rejected;
  std::function<void(const ScanProgress&)> progress;
};

/// Rules over files, in one pass, in constant memory (about 2 x threads + 2 batches of 1 MiB and
/// the largest record). Files are read in the given order; with several, alerts are handed out at
/// the end, by event time, as if the files were one stream. What is wrong with a file or a record
/// is counted and told, and does not stop the rest unless `strict`.
base::Result<ScanStats> RunScan(const DetectionSet& set, const std::vector<io::InputFile>& files,
                                const ScanOptions& options, const ScanSinks& sinks);

}  // namespace vedette::service
