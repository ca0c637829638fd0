// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// The parts of engine_bench, one file each. Each prints Row lines and nothing else to stdout.
namespace vedette::bench {

struct PartOptions {
  std::string corpus;                             ///< NDJSON
  std::string rules;                              ///< a file that vedette -r would load
  std::string label;                              ///< of the rows
  std::vector<std::size_t> counts = {1'000'000};  ///< rules to take from the file
  bool stages = false;                            ///< sequence stages are conditions, too
  std::size_t pairs = 5;
  std::uint64_t sample = 2'000;  ///< events for the oracle
  std::uint64_t seed = 1;
  std::vector<std::uint64_t> keys = {10'000, 100'000, 1'000'000, 4'000'000};
  std::vector<std::uint64_t> rates = {5'000, 50'000, 200'000};
  double seconds = 4;  ///< of feeding at each rate
};

/// memchr, structural index, P47, own extraction, DOM.
base::Result<void> RunLimits(const PartOptions& options);
/// Every count of rules over the corpus: first pass by fifths and repeat pass, against P47.
base::Result<void> RunScan(const PartOptions& options);
/// Engine and interpreter must find the same; then how much faster.
base::Result<void> RunOracle(const PartOptions& options);
/// time(more rules) / time(fewer), side by side.
base::Result<void> RunGrowth(const PartOptions& options);
/// Threads with an engine each over one corpus.
base::Result<void> RunCores(const PartOptions& options);
/// Resident size: rules loaded, then events from stdin.
base::Result<void> RunMemory(const PartOptions& options);
/// Sequences with many keys pending.
base::Result<void> RunSequences(const PartOptions& options);
/// Events through a pipe at a fixed rate.
base::Result<void> RunLatency(const PartOptions& options);
/// Rules and events made to hurt.
base::Result<void> RunCliffs(const PartOptions& options);

}  // namespace vedette::bench
