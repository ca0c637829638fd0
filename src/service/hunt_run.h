// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/pipes.h"
#include "engine/statement_runner.h"
#include "io/input_files.h"
#include "service/event_pipeline.h"
#include "service/event_sorter.h"
#include "service/hunt_query.h"
#include "service/hunt_results.h"

namespace vedette::service {

struct HuntOptions {
  PipelineOptions pipeline;
  ResultLimits limits;
  std::size_t max_samples_per_key = 1;
  std::size_t sort_memory_bytes = EventSorter::kDefaultMemory;
};

struct HuntProgress : PipelineProgress {
  std::uint64_t matches = 0;
};

struct HuntStats : PipelineStats {
  std::uint64_t matches = 0;  ///< handed out
  std::uint64_t evicted = 0;  ///< half-done sequences that had to go for want of room
  bool cut = false;           ///< `size` left results out
};

/// All on the calling thread; an error from a sink ends the hunt with it.
struct HuntSinks {
  HuntResults::Sink result;
  std::function<base::Result<void>(std::string_view file, const Rejected&)> rejected;
  std::function<void(const HuntProgress&)> progress;  ///< may be empty
};

/// One query over files, which are taken as one stream. The results do not depend on `threads`.
///
/// Order: by time, tiebreaker and arrival (reference 10.1); events without a readable time are left
/// out, as in Elasticsearch. Endgame's dialect and samples take events as they arrive. Only events
/// that may matter to the query are kept for sorting, in bounded memory (the rest of them goes to
/// temporary files); a query with process relations needs all of them. Sequences without `maxspan`
/// wait to the end of the input; past a million half-done ones the oldest go, counted.
base::Result<HuntStats> RunHunt(HuntQuery query, const std::vector<io::InputFile>& files,
                                const HuntOptions& options, const HuntSinks& sinks);

/// The bytes by which a tiebreaker's values are ordered: numbers, then texts, then none.
std::string TiebreakerBytes(const event::Value& value);

}  // namespace vedette::service
