// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_report.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/numbers.h"

namespace vedette::cli {

void PrintScanSummary(const ScanReport& report, const Terminal& terminal) {
  const service::ScanStats& stats = *report.stats;
  fmt::print(stderr, "scanned {} ({}) from {} with {} in {:.2f} s: {}\n",
             Counted(stats.counters.events, "event"), BytesText(stats.bytes),
             Counted(report.files, "file"), Counted(report.set->size(), "rule"), report.seconds,
             Counted(stats.alerts, "alert"));
  if (stats.truncated != 0) {
    PrintWarning(terminal,
                 fmt::format("truncated: {} beyond max_signals of their rules; --max-signals 0 "
                             "gives them all",
                             Counted(stats.truncated, "alert")));
  }
  if (stats.rejected != 0) {
    std::string kinds;
    for (const auto& [code, count] : stats.rejected_by) {
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", WithThousands(count), code);
    }
    PrintWarning(terminal, fmt::format("{} could not be read ({}); --rejects FILE keeps them",
                                       Counted(stats.rejected, "record"), kinds));
  }
  if (const auto unknown = stats.counters.by_source[0]; unknown != 0) {
    PrintNote(terminal,
              fmt::format("{} of no known source, read as ECS", Counted(unknown, "event")));
  }
  if (stats.counters.without_timestamp != 0) {
    PrintNote(terminal, fmt::format("{} without a readable @timestamp",
                                    Counted(stats.counters.without_timestamp, "event")));
  }
  if (stats.late != 0) {
    PrintWarning(terminal, fmt::format("{} came too late for sequences; a larger --lateness takes "
                                       "them in",
                                       Counted(stats.late, "event")));
  }
  if (stats.evicted != 0) {
    PrintWarning(terminal, fmt::format("{} half-done sequences were forgotten for want of room",
                                       WithThousands(stats.evicted)));
  }
  if (!report.skipped->empty()) {
    PrintNote(terminal, fmt::format("{} did not run; `vedette rules list` says why",
                                    Counted(report.skipped->size(), "rule")));
  }
}

std::string ScanStatsJson(const ScanReport& report) {
  const service::ScanStats& stats = *report.stats;
  std::string out;
  base::JsonWriter writer(out);
  writer.BeginObject();
  const auto count = [&](std::string_view key, std::uint64_t value) {
    writer.Key(key);
    writer.Uint(value);
  };
  count("events", stats.counters.events);
  count("bytes", stats.bytes);
  count("files", report.files);
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
  count("rules", report.set->size());
  count("rules_skipped", report.skipped->size());
  count("alerts", stats.alerts);
  count("duplicates", stats.duplicates);
  count("truncated", stats.truncated);
  count("enriched", stats.enriched);
  count("late", stats.late);
  count("evicted", stats.evicted);
  writer.Key("seconds");
  writer.Double(std::round(report.seconds * 1000) / 1000);
  writer.Key("per_rule");
  writer.BeginArray();
  for (std::size_t i = 0; i < stats.rules.size(); ++i) {
    const rules::Rule& rule = report.set->rule(i);
    writer.BeginObject();
    writer.Member("rule_id", rule.rule_id);
    writer.Member("name", rule.name);
    count("hits", stats.rules[i].hits);
    count("alerts", stats.rules[i].alerts);
    count("truncated", stats.rules[i].truncated);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  out += '\n';
  return out;
}

}  // namespace vedette::cli
