// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_report.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/numbers.h"

namespace vedette::cli {

void WritePipelineStats(base::JsonWriter& writer, const service::PipelineStats& stats,
                        std::size_t files) {
  const auto count = [&](std::string_view key, std::uint64_t value) {
    writer.Key(key);
    writer.Uint(value);
  };
  count("events", stats.counters.events);
  count("bytes", stats.bytes);
  count("files", files);
  count("rejected", stats.rejected);
  writer.Key("rejected_by");
  writer.BeginObject();
  for (const auto& [code, number] : stats.rejected_by) count(code, number);
  writer.EndObject();
  writer.Key("by_source");
  writer.BeginObject();
  for (std::size_t i = 0; i <= static_cast<std::size_t>(sources::SourceId::kVedette); ++i) {
    if (stats.counters.by_source[i] == 0) continue;
    count(sources::SourceName(static_cast<sources::SourceId>(i)), stats.counters.by_source[i]);
  }
  writer.EndObject();
  count("outside_window", stats.counters.outside_window);
  count("without_timestamp", stats.counters.without_timestamp);
  count("utf8_repaired", stats.counters.utf8_repaired);
  count("side_tables", stats.counters.side_tables);
  count("unreadable_files", stats.problems.size());
}

void WriteMatcherCounters(base::JsonWriter& writer, const engine::MatcherCounters& counters) {
  writer.BeginObject();
  const auto count = [&](std::string_view key, std::uint64_t value) {
    writer.Key(key);
    writer.Uint(value);
  };
  count("events", counters.events);
  count("candidates", counters.candidates);
  count("asked", counters.asked);
  count("value_lookups", counters.value_lookups);
  count("value_misses", counters.value_misses);
  count("signature_misses", counters.signature_misses);
  count("sets_built", counters.sets_built);
  count("flushes", counters.flushes);
  count("bytes", counters.bytes);
  writer.EndObject();
}

void WarnOfRejected(const service::PipelineStats& stats, const Terminal& terminal) {
  if (stats.rejected == 0) return;
  std::string kinds;
  for (const auto& [code, count] : stats.rejected_by) {
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", WithThousands(count), code);
  }
  PrintWarning(terminal, fmt::format("{} could not be read ({}); --rejects FILE keeps them",
                                     Counted(stats.rejected, "record"), kinds));
}

}  // namespace vedette::cli
