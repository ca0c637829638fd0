// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <vector>

#include "base/arena.h"
#include "base/json_writer.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/text_table.h"
#include "sources/index_patterns.h"

namespace vedette::cli {
namespace {

using sources::SourceId;

struct SourceText {
  SourceId source;
  std::string_view about;
  std::string_view forms;
};

constexpr auto kSources = std::to_array<SourceText>({
    {SourceId::kElasticDefend, "Elastic Defend", "ECS, hits"},
    {SourceId::kEndgame, "Elastic Endgame", "ECS, hits"},
    {SourceId::kAuditbeat, "Auditbeat", "ECS, hits"},
    {SourceId::kAuditdManager, "Auditd Manager integration", "ECS, hits"},
    {SourceId::kCrowdstrikeFdr, "CrowdStrike Falcon Data Replicator", "raw, ECS, hits"},
    {SourceId::kSentineloneCloudFunnel, "SentinelOne Cloud Funnel", "raw, ECS, hits"},
    {SourceId::kAuditLog, "Linux audit log", "raw text"},
    {SourceId::kVedette, "Vedette's own sensor", "ECS, hits"},
});

/// The indices that a record of the source would lie in, as rules select them.
std::vector<std::string> IndexNames(SourceId source) {
  base::Arena arena;
  const sources::RecordOrigin origin = sources::OriginOf(source, event::Value(), "", arena);
  std::vector<std::string> names;
  for (const std::string_view name : origin.Names()) names.emplace_back(name);
  return names;
}

void WriteSource(base::JsonWriter& json, const SourceText& text) {
  json.BeginObject();
  json.Member("source", sources::SourceName(text.source));
  json.Member("about", text.about);
  json.Member("forms", text.forms);
  json.Key("index");
  json.BeginArray();
  for (const std::string& name : IndexNames(text.source)) json.String(name);
  json.EndArray();
  json.EndObject();
}

std::string AsTable(std::size_t width, bool colour) {
  TextTable table(
      {{"Source"}, {"What it is", false, true, 16}, {"Indices", false, true, 16}, {"Reads"}});
  for (const SourceText& text : kSources) {
    std::string indices;
    for (const std::string& name : IndexNames(text.source)) {
      indices.append(indices.empty() ? "" : ", ").append(name);
    }
    table.Row({{std::string(sources::SourceName(text.source))},
               {std::string(text.about)},
               {indices},
               {std::string(text.forms)}});
  }
  return table.Render(width, colour);
}

int Run(const AnswerFlags& flags, const Session& session) {
  const AnswerFormat format = flags.Choose(session.terminal);
  std::string out;
  if (format == AnswerFormat::kTable) {
    out = AsTable(flags.Width(session.terminal), flags.Colour(session.terminal));
  } else if (format == AnswerFormat::kNdjson) {
    for (const SourceText& text : kSources) {
      base::JsonWriter json(out);
      WriteSource(json, text);
      out += '\n';
    }
  } else {
    base::JsonWriter json(out);
    json.BeginArray();
    for (const SourceText& text : kSources) WriteSource(json, text);
    json.EndArray();
    out += '\n';
  }
  return GiveAnswer(session.terminal, flags, out, kDone);
}

}  // namespace

void AddSourcesCommand(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("sources", "list the telemetry sources and what is read of them");
  auto flags = std::make_shared<AnswerFlags>();
  AddAnswerFlags(*command, *flags);
  command->footer(
      "Reads: raw = the vendor's records; ECS = mapped documents; hits = search responses.\n"
      "A record is recognised by itself; `scan --source NAME` says it outright.\n"
      "Examples:\n"
      "  vedette sources\n"
      "  vedette sources -f ndjson");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
