// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/explain_event.h"
#include "engine/explain_statement.h"
#include "io/input_files.h"
#include "rules/rule.h"
#include "service/event_pipeline.h"
#include "service/record_processor.h"

namespace vedette::service {

struct ExplainOptions {
  PipelineOptions pipeline;
  Enrichment enrichment = Enrichment::kRaw;  ///< as in a scan
  std::size_t limit = 10;                    ///< events that match, events that do not, or keys
  bool all = false;                          ///< every event in order of time, every key
};

struct ExplainStats : PipelineStats {
  std::uint64_t matching = 0;         ///< events that the rule fires on (rules over single events)
  std::uint64_t outside_indices = 0;  ///< events that the rule's index patterns leave out
  std::uint64_t enriched = 0;         ///< events that got something of their parents
  /// Of a rule over several events.
  std::optional<engine::StatementReport> statement;
};

/// On the calling thread; an error of a sink ends the run with it.
struct ExplainSinks {
  /// Of a rule over single events: what to show. Without `all` those that match come first, then
  /// the nearest of the others, each at most `limit`, after the last file was read.
  std::function<base::Result<void>(const engine::ExplainedEvent&)> event;
  std::function<base::Result<void>(std::string_view file, const Rejected&)> rejected;
  std::function<void(const PipelineProgress&)> progress;  ///< may be empty
};

/// Why an EQL rule fires on events or does not, with what a scan does to them (decoding, index
/// patterns, parents). Events are taken in order of time, in bounded memory; those without a time
/// come last, and in no sequence. kInvalidArgument when the rule cannot run here.
base::Result<ExplainStats> RunExplain(const rules::Rule& rule,
                                      const std::vector<io::InputFile>& files,
                                      const ExplainOptions& options, const ExplainSinks& sinks);

}  // namespace vedette::service
