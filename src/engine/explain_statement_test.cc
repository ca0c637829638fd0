// SPDX-License-Identifier: Apache-2.0
#include "engine/explain_statement.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "eql/parser.h"
#include "event/json_reader.h"
#include "event/schema.h"

namespace vedette::engine {
namespace {

/// An event as tests write it: seconds after noon, host, process name ("" for a network event).
struct Seen {
  int second;
  const char* host;
  const char* name;
};

std::string Json(const Seen& seen) {
  return fmt::format(
      R"({{"@timestamp":"2026-03-01T12:{:02}:{:02}.000Z","event":{{"category":"process"}},)"
      R"("host":{{"id":"{}"}},"process":{{"name":"{}"}}}})",
      seen.second / 60, seen.second % 60, seen.host, seen.name);
}

StatementReport Explain(const std::string& text, const std::vector<Seen>& stream,
                        eql::Dialect dialect = eql::Dialect::kElasticsearch,
                        std::uint64_t seed = 7) {
  const base::Source source("test", text);
  eql::ParseResult parsed = eql::Parse(source, dialect);
  event::FieldTable fields(event::EcsSchema());
  std::vector<base::Diagnostic> found;
  if (!parsed.query || !eql::Check(*parsed.query, fields, {}, found)) {
    ADD_FAILURE() << text << " does not compile";
    return {};
  }
  auto explainer = StatementExplainer::Build(std::move(*parsed.query), fields, {}, seed);
  if (!explainer) {
    ADD_FAILURE() << explainer.error().message();
    return {};
  }
  const event::Projector projector(fields);
  event::JsonReader reader;
  base::Arena arena;
  std::uint64_t number = 0;
  for (const Seen& seen : stream) {
    const std::string json = Json(seen);
    event::Event event;
    event.document = *reader.Read(json, arena);
    event.json = json;
    event.timestamp = *base::ParseEventTime(event.document.Get("@timestamp").text());
    event.has_timestamp = true;
    event.slots = projector.Project(event.document, arena);
    explainer->Take(event, ++number, arena);
  }
  return explainer->Finish(10);
}

constexpr const char* kThree =
    R"(sequence by host.id with maxspan=1m
         [process where process.name == "a"] [process where process.name == "b"]
         [process where process.name == "c"] until [process where process.name == "stop"])";

struct StandsCase {
  const char* name;
  const char* query;
  std::vector<Seen> stream;
  std::uint64_t results;
  const char* stands;  ///< of the first key
};

class Stands : public testing::TestWithParam<StandsCase> {};

TEST_P(Stands, SaysWhereTheKeyIs) {
  const StandsCase& test = GetParam();
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const StatementReport report =
        Explain(test.query, test.stream, eql::Dialect::kElasticsearch, seed);
    ASSERT_FALSE(report.keys.empty());
    EXPECT_EQ(report.results, test.results);
    EXPECT_EQ(report.keys[0].stands, test.stands);
  }
}

const StandsCase kStands[] = {
    {"Result", kThree, {{0, "h", "a"}, {1, "h", "b"}, {2, "h", "c"}}, 1, "1 result"},
    {"Waits",
     kThree,
     {{0, "h", "a"}, {1, "h", "b"}},
     0,
     "2 of 3 events came, the first at 2026-03-01T12:00:00.000Z; it waits for item 3"},
    {"TooLate",
     kThree,
     {{0, "h", "a"}, {1, "h", "b"}, {75, "h", "c"}},
     0,
     "2 of 3 events came, the first at 2026-03-01T12:00:00.000Z; then item 3 came too late: 75 s "
     "after the first event, maxspan is 1m"},
    {"OutOfTime",
     kThree,
     {{0, "h", "a"}, {1, "h", "b"}, {90, "other", "x"}},
     0,
     "2 of 3 events came, the first at 2026-03-01T12:00:00.000Z; then item 3 did not come within "
     "maxspan=1m"},
    {"Until",
     kThree,
     {{0, "h", "a"}, {1, "h", "b"}, {2, "h", "stop"}, {3, "h", "c"}},
     0,
     "2 of 3 events came, the first at 2026-03-01T12:00:00.000Z; then `until` came at "
     "2026-03-01T12:00:02.000Z, before item 3"},
    {"WrongOrder",
     kThree,
     {{0, "h", "b"}, {1, "h", "a"}},
     0,
     "1 of 3 events came, the first at 2026-03-01T12:00:01.000Z; it waits for item 2 (it came 1 "
     "time, but not after what must precede it)"},
    {"NeverStarted", kThree, {{0, "h", "b"}}, 0, "item 2 came, item 1 before it never did"},
    {"MissingCame",
     R"(sequence by host.id with maxspan=1m [process where process.name == "a"]
          ![process where process.name == "x"] [process where process.name == "b"])",
     {{0, "h", "a"}, {1, "h", "x"}, {2, "h", "b"}},
     0,
     "all items came, but so did item 2, which must be missing"},
    {"MissingCameAtTheEnd",
     R"(sequence by host.id with maxspan=1m [process where process.name == "a"]
          [process where process.name == "b"] ![process where process.name == "x"])",
     {{0, "h", "a"}, {1, "h", "b"}, {2, "h", "x"}, {200, "h", "z"}},
     0,
     "all items came, but so did item 3, which must be missing"},
    {"Runs",
     R"(sequence by host.id [process where process.name == "a"] with runs=3)",
     {{0, "h", "a"}, {1, "h", "a"}},
     0,
     "2 of 3 events came, the first at 2026-03-01T12:00:00.000Z; it waits for item 1 (event 3 of "
     "3)"},
    {"Sample",
     R"(sample by host.id [process where process.name == "a"] [process where process.name == "b"])",
     {{0, "h", "b"}, {1, "h", "b"}},
     0,
     "item 2 came; item 1 never did"},
};

INSTANTIATE_TEST_SUITE_P(ExplainStatement, Stands, testing::ValuesIn(kStands),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ExplainStatement, VerdictNamesTheNearestMiss) {
  const StatementReport report =
      Explain(kThree, {{0, "h1", "a"}, {1, "h2", "a"}, {2, "h2", "b"}, {3, "h1", "c"}});
  EXPECT_EQ(report.key_count, 2U);
  EXPECT_EQ(report.keys[0].keys, R"(["h2"])");
  EXPECT_EQ(report.verdict,
            "no result; nearest miss: [\"h2\"]: 2 of 3 events came, the first at "
            "2026-03-01T12:00:01.000Z; it waits for item 3; item 3 matches 1 event, under other "
            "keys");
  ASSERT_TRUE(report.awaited.has_value());
  EXPECT_EQ(*report.awaited, 2U);
}

TEST(ExplainStatement, TheNearestEventOfAnItemIsKept) {
  const StatementReport report = Explain(kThree, {{0, "h", "a"}, {1, "h", "B"}, {2, "h", "other"}});
  ASSERT_TRUE(report.awaited.has_value());
  EXPECT_EQ(*report.awaited, 1U);
  const ExplainedItem& item = report.items[1];
  EXPECT_EQ(item.events, 0U);
  ASSERT_TRUE(item.nearest.has_value());
  EXPECT_EQ(item.nearest->nearness.distance, 1U);
  EXPECT_NE(report.verdict.find("no event at all matches item 2"), std::string::npos);
}

TEST(ExplainStatement, CountsEventsKeysAndDrops) {
  const StatementReport report = Explain(
      kThree, {{0, "h", "a"}, {5, "h", "a"}, {6, "h", "b"}, {100, "h", "c"}, {101, "g", "a"}});
  ASSERT_EQ(report.items.size(), 4U);
  EXPECT_EQ(report.items[0].events, 3U);
  EXPECT_EQ(report.items[0].keys, 2U);
  EXPECT_EQ(report.items[3].role, ExplainedItem::Role::kUntil);
  EXPECT_EQ(report.key_names, std::vector<std::string>{"host.id"});
  EXPECT_EQ(report.keys[0].replaced, 1U);
  EXPECT_EQ(report.keys[0].expired, 1U);
}

TEST(ExplainStatement, EventsThatReferToEarlierOnesCountWhenTheyAreTaken) {
  const char* query =
      "sequence by host.id [process where process.name == \"a\"] as event0 "
      "[process where process.name == event0.process.name and process.name != \"b\"]";
  const StatementReport report =
      Explain(query, {{0, "h", "a"}, {1, "h", "b"}, {2, "h", "a"}}, eql::Dialect::kEndpoint);
  EXPECT_EQ(report.results, 1U);
  EXPECT_TRUE(report.items[1].asks_earlier);
  EXPECT_EQ(report.items[1].events, 1U);
}

TEST(ExplainStatement, NoEventOfAnyItem) {
  const StatementReport report = Explain(kThree, {{0, "h", "z"}});
  EXPECT_TRUE(report.keys.empty());
  EXPECT_EQ(report.verdict, "no result: no event matches any item");
  EXPECT_TRUE(report.items[0].nearest.has_value());
}

}  // namespace
}  // namespace vedette::engine
