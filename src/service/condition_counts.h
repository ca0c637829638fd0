// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/input_files.h"
#include "service/event_pipeline.h"
#include "service/hunt_query.h"

namespace vedette::service {

/// How many events are left after each part of a condition, in the order in which it is written.
struct ConditionCounts {
  struct Step {
    std::string text;        ///< the part, as EQL
    std::uint64_t left = 0;  ///< events that pass it and all before it
    /// Refers to other events; taken as passed, for one event does not decide it.
    bool needs_others = false;
  };
  std::string role;      ///< "event", "item 1", "missing item 2", "until"
  std::string category;  ///< as written; "any"
  std::uint64_t of_category = 0;
  std::vector<Step> steps;
};

struct CountedConditions {
  std::uint64_t events = 0;
  std::vector<ConditionCounts> items;
};

/// Tells where a query loses its events: runs over the files and counts for every event query of
/// the statement. `query` should not be folded. Answers do not depend on the number of threads.
base::Result<CountedConditions> CountConditions(const HuntQuery& query,
                                                const std::vector<io::InputFile>& files,
                                                const PipelineOptions& options);

}  // namespace vedette::service
