// SPDX-License-Identifier: Apache-2.0
// From a query over a stream to the documents of its results.
#include <gtest/gtest.h>

#include "engine/sequence_alert.h"
#include "engine/statement_runner.h"
#include "eql/checker.h"
#include "eql/parser.h"

namespace vedette::engine {
namespace {

const std::string kCopy =
    R"({"@timestamp":"2026-01-12T10:02:08Z","event":{"id":"1","category":["process"]},"host":{"id":"h1"},"process":{"name":"cp"}})";
const std::string kWrite =
    R"({"@timestamp":"2026-01-12T10:02:09Z","event":{"id":"2","category":["file"]},"host":{"id":"h1"},"file":{"name":"vmlinuz"}})";
const std::string kConnect =
    R"({"@timestamp":"2026-01-12T10:02:11Z","event":{"id":"3","category":["network"]},"host":{"id":"h1"}})";

/// A query over a stream, its results as documents.
struct QueryRun {
  std::string_view name;
  eql::Dialect dialect;
  std::string_view query;
  std::vector<std::string> events;
  std::vector<std::vector<std::size_t>> items;  ///< of each alert, as its timeline has them
};

TEST(SequenceAlertQueryTest, ResultsOfQueriesBecomeAlerts) {
  base::Arena arena;
  event::JsonReader reader;
  const auto read = [&](const std::string& json) {
    const auto tree = reader.Read(json, arena);
    EXPECT_TRUE(tree.has_value()) << json;
    return tree ? *tree : event::Value();
  };
  rules::Rule rule;
  rule.rule_id = rule.id = "3f0c6a52-7d51-4c0e-9f6e-1b8a4f1d2c77";
  rule.name = "Boot Write";

  const QueryRun runs[] = {
      {"sequence",
       eql::Dialect::kElasticsearch,
       "sequence by host.id with maxspan=1m [process where true] [file where true]",
       {kCopy, kWrite},
       {{0, 1}}},
      {"sequence of the endpoint",
       eql::Dialect::kEndpoint,
       "sequence by host.id with maxspan=1m [process where true] [file where true]",
       {kCopy, kWrite},
       {{0, 1}}},
      {"missing event",
       eql::Dialect::kElasticsearch,
       "sequence by host.id with maxspan=1m [process where true] ![file where true] "
       "[network where true]",
       {kCopy, kConnect},
       {{0, 2}}},
      {"sample",
       eql::Dialect::kElasticsearch,
       "sample by host.id [network where true] [process where true]",
       {kCopy, kConnect},
       {{0, 1}}},
  };
  for (const QueryRun& run : runs) {
    const base::Source source("query", std::string(run.query));
    auto parsed = eql::Parse(source, run.dialect);
    ASSERT_TRUE(parsed.query) << run.name;
    event::FieldTable fields(event::EcsSchema());
    const eql::CheckOptions check;
    std::vector<base::Diagnostic> diagnostics;
    ASSERT_TRUE(eql::Check(*parsed.query, fields, check, diagnostics)) << run.name;
    auto runner = QueryRunner::Build(std::move(*parsed.query), fields, check);
    ASSERT_TRUE(runner.has_value()) << run.name;
    const event::Projector projector(fields);
    std::vector<Match> matches;
    for (const std::string& json : run.events) {
      event::Event event;
      event.document = read(json);
      event.timestamp = *base::ParseIsoTime(event.document.Get("@timestamp").text());
      event.has_timestamp = true;
      event.slots = projector.Project(event.document, arena);
      runner->Process(event, arena, matches);
    }
    runner->Finish(matches);
    ASSERT_EQ(matches.size(), run.items.size()) << run.name;
    for (std::size_t m = 0; m < matches.size(); ++m) {
      std::vector<SequenceAlertEvent> events;
      for (std::size_t item = 0; item < matches[m].events.size(); ++item) {
        const EventHandle& handle = matches[m].events[item];
        if (!handle) continue;
        auto event = ReadSequenceEvent(*handle, item, 0, "elastic_defend", reader, arena);
        ASSERT_TRUE(event.has_value()) << run.name;
        events.push_back(*event);
      }
      const auto alert = SequenceAlertWriter(rule).Write({events, "file", base::Timestamp{}});
      std::vector<std::size_t> items;
      for (const auto& entry : read(alert.shell).GetPath("vedette.timeline").list()) {
        items.push_back(static_cast<std::size_t>(entry.Get("item").integer()));
      }
      EXPECT_EQ(items, run.items[m]) << run.name;
      EXPECT_EQ(alert.blocks.size(), items.size()) << run.name;
      EXPECT_EQ(read(alert.shell).GetPath("host.id").text(), "h1") << run.name;
    }
  }
}

}  // namespace
}  // namespace vedette::engine
