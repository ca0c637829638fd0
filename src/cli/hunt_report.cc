// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/hunt_session.h"
#include "cli/numbers.h"
#include "cli/pipeline_report.h"

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
  WarnOfRejected(stats, terminal);
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
  WritePipelineStats(writer, stats, session.plan().files.size());
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
