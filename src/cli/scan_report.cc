// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_report.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/numbers.h"
#include "cli/pipeline_report.h"

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
  WarnOfRejected(stats, terminal);
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
  WritePipelineStats(writer, stats, report.files);
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
  writer.Key("matcher");
  WriteMatcherCounters(writer, stats.costs.counters);
  const std::vector<service::RuleWork> work = service::WorkByRule(*report.set, stats.costs);
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
    count("candidates", work[i].candidates);
    count("unindexed", work[i].unindexed);
    count("asked", work[i].asked);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  out += '\n';
  return out;
}

}  // namespace vedette::cli
