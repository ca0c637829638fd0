// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/json_writer.h"
#include "cli/terminal.h"
#include "engine/matcher.h"
#include "service/event_pipeline.h"

namespace vedette::cli {

/// The members of --stats that every command over event files has, into the object under way.
void WritePipelineStats(base::JsonWriter& writer, const service::PipelineStats& stats,
                        std::size_t files);

/// What matchers did, as one object.
void WriteMatcherCounters(base::JsonWriter& writer, const engine::MatcherCounters& counters);

/// How many records could not be read, and why; nothing when all could.
void WarnOfRejected(const service::PipelineStats& stats, const Terminal& terminal);

}  // namespace vedette::cli
