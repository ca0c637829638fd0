// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/hunt_session.h"
#include "cli/numbers.h"

namespace vedette::cli {

void PrintHuntSummary(const HuntSession& session, const HuntSession::Outcome& outcome) {
  const service::HuntStats& stats = outcome.stats;
  const Terminal& terminal = session.terminal();
  fmt::print(stderr, "searched {} ({}) from {} in {:.2f} s: {}\n",
             Counted(stats.counters.events, "event"), BytesText(stats.bytes),
             Counted(session.plan().files.size(), "file"), outcome.seconds,
             Counted(stats.matches, "result"));
  if (stats.cut) PrintNote(terminal, "--size left further results out");
  if (stats.evicted != 0) {
    PrintWarning(terminal,
                 fmt::format("{} had to be forgotten for want of room; results may be missing: "
                             "narrow the query, or give the sequence a maxspan",
                             Counted(stats.evicted, "half-done sequence")));
  }
  if (stats.rejected != 0) {
    std::string kinds;
    for (const auto& [code, count] : stats.rejected_by) {
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", WithThousands(count), code);
    }
    PrintWarning(terminal, fmt::format("{} could not be read ({}); --rejects FILE keeps them",
                                       Counted(stats.rejected, "record"), kinds));
  }
  if (stats.counters.without_timestamp == 0) return;
  const bool arrival = session.plan().language.dialect == eql::Dialect::kEndgame;
  PrintNote(
      terminal,
      fmt::format("{} without a readable {}{}", Counted(stats.counters.without_timestamp, "event"),
                  session.plan().options.pipeline.decoder.timestamp_field,
                  arrival ? "" : ": a query never finds them; --timestamp-field names another"));
}

std::string HuntStatsJson(const HuntSession& session, const HuntSession::Outcome& outcome) {
  const service::HuntStats& stats = outcome.stats;
  std::string out;
  base::JsonWriter writer(out);
  writer.BeginObject();
  const auto count = [&](std::string_view key, std::uint64_t value) {
    writer.Key(key);
    writer.Uint(value);
  };
  count("events", stats.counters.events);
  count("bytes", stats.bytes);
  count("files", session.plan().files.size());
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
  count("matches", stats.matches);
  writer.MemberBool("cut", stats.cut);
  count("evicted", stats.evicted);
  writer.Key("seconds");
  writer.Double(std::round(outcome.seconds * 1000) / 1000);
  writer.EndObject();
  out += '\n';
  return out;
}

}  // namespace vedette::cli
