// SPDX-License-Identifier: Apache-2.0
#include "vedette/engine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "embed/embedded_for_test.h"
#include "embed/rule_text_for_test.h"

namespace vedette {
namespace {

using testing::HasSubstr;

std::string EventText(int second, std::string_view id, std::string_view name) {
  return fmt::format(
      R"({{"@timestamp":"2026-02-03T09:{:02}:{:02}.000Z","host":{{"id":"h"}},"agent":{{"id":"a","type":"endpoint"}},"event":{{"id":"{}","category":["process"],"type":["start"],"dataset":"endpoint.events.process"}},"process":{{"name":"{}"}}}})",
      second / 60, second % 60, id, name);
}

RuleSet OneRule(std::string_view query) {
  return RuleLoader().AddText("rule.toml", RuleText("Rule", 1, query)).Compile();
}

TEST(Engine, ADocumentMeansTheSameAsLines) {
  std::string lines, array = "[";
  for (int i = 0; i < 300; ++i) {
    const std::string event = EventText(i, fmt::format("e{}", i), i % 3 == 0 ? "cp" : "ls");
    lines += event + "\n";
    array += (i == 0 ? "\n" : ",\n") + event;
  }
  array += "\n]";
  const RuleSet rules = OneRule("process where process.name == \"cp\"");
  const Outcome of_lines = EmbeddedWhole(rules, FixedOptions(), lines);
  EXPECT_EQ(of_lines.counters.detections, 100U);
  std::mt19937 random(3);
  for (const std::size_t most : {3UL, 700UL, 1UL << 20U}) {
    const Outcome of_array = Embedded(rules, FixedOptions(), {array}, random, most);
    EXPECT_EQ(of_array.documents, of_lines.documents);
  }
}

TEST(Engine, TakesEventsOneByOne) {
  const RuleSet rules = OneRule(kPairOfProcesses);
  std::string lines, documents;
  auto engine = Engine::Create(rules, FixedOptions(), AppendTo(documents));
  ASSERT_TRUE(engine.ok());
  for (int i = 0; i < 20; ++i) {
    const std::string event = EventText(i, fmt::format("e{}", i), "cp");
    lines += event + "\n";
    ASSERT_TRUE(engine->Feed(vedette::Event{event, {}, {}}).ok());
  }
  ASSERT_TRUE(engine->Finish().ok());
  EXPECT_FALSE(documents.empty());
  EXPECT_EQ(documents, EmbeddedWhole(rules, FixedOptions(), lines).documents);
}

TEST(Engine, AnEventMayBeNamedByItsCaller) {
  std::vector<std::string> ids;
  auto engine = Engine::Create(OneRule("process where true"), FixedOptions(),
                               [&](const Detection& found) { ids = found.event_ids(); });
  ASSERT_TRUE(engine.ok());
  const std::string event = EventText(1, "inner", "cp");
  ASSERT_TRUE(engine->Feed(vedette::Event{event, "logs-x", "outer"}).ok());
  EXPECT_EQ(ids, std::vector<std::string>{"outer"});
}

TEST(Engine, ADetectionSaysWhatItsDocumentSays) {
  int seen = 0;
  auto engine =
      Engine::Create(OneRule("process where true"), FixedOptions(), [&](const Detection& found) {
        ++seen;
        EXPECT_EQ(found.rule(), 0U);
        EXPECT_EQ(found.rule_id(), RuleIdOf(1));
        EXPECT_EQ(found.rule_name(), "Rule");
        EXPECT_EQ(found.severity(), "low");
        EXPECT_EQ(found.risk_score(), 21);
        EXPECT_EQ(found.source(), "elastic_defend");
        EXPECT_EQ(found.event_ids(), std::vector<std::string>{"a:e1"});
        ASSERT_TRUE(found.time().has_value());
        EXPECT_EQ(found.time()->time_since_epoch(), std::chrono::seconds(1'770'109'201));
        EXPECT_FALSE(found.alert_id().empty());
        EXPECT_THAT(std::string(found.document()), HasSubstr(std::string(found.alert_id())));
        EXPECT_THAT(std::string(found.document()), HasSubstr(std::string(found.reason())));
        EXPECT_TRUE(found.event().empty());
      });
  ASSERT_TRUE(engine.ok());
  // Handed out inside the call that completes the event, without a Finish().
  ASSERT_TRUE(engine->Feed(EventText(1, "e1", "cp") + "\n").ok());
  EXPECT_EQ(seen, 1);
}

TEST(Engine, ASequenceNamesItsEvents) {
  std::vector<std::vector<std::string>> ids;
  auto engine =
      Engine::Create(OneRule(kPairOfProcesses), FixedOptions(), [&](const Detection& found) {
        ids.push_back(found.event_ids());
        EXPECT_EQ(found.building_block_count(), 2U);
        EXPECT_THAT(std::string(found.building_block(1)), HasSubstr("kibana.alert.group.id"));
      });
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->Feed(EventText(1, "e1", "cp") + "\n" + EventText(2, "e2", "ls") + "\n").ok());
  ASSERT_TRUE(engine->Finish().ok());
  EXPECT_EQ(ids, (std::vector<std::vector<std::string>>{{"a:e1", "a:e2"}}));
}

TEST(Engine, ALoneMatchShowsTheBytesThatWereFed) {
  EngineOptions options = FixedOptions();
  options.output = Output::kMatches;
  std::vector<std::string> events;
  auto engine = Engine::Create(OneRule("process where process.name == \"cp\""), options,
                               [&](const Detection& found) { events.emplace_back(found.event()); });
  ASSERT_TRUE(engine.ok());
  const std::string wanted = EventText(1, "e1", "cp");
  ASSERT_TRUE(engine->Feed(EventText(1, "e0", "ls") + "\n" + wanted + "\r\n").ok());
  EXPECT_EQ(events, std::vector<std::string>{wanted});
}

TEST(Engine, TellsAndCountsWhatItCannotRead) {
  std::vector<std::string> told;
  auto engine =
      Engine::Create(OneRule("process where true"), FixedOptions(), {}, [&](const Rejection& bad) {
        told.push_back(fmt::format("{}:{} {} {}", bad.line, bad.offset, bad.code, bad.bytes));
        EXPECT_FALSE(bad.reason.empty());
        EXPECT_EQ(bad.length, bad.bytes.size());
      });
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->Feed(EventText(1, "e1", "cp") + "\n{\"a\":\nplain\n").ok());
  ASSERT_TRUE(engine->Feed(vedette::Event{"7", {}, {}}).ok());
  const std::size_t at = EventText(1, "e1", "cp").size() + 1;
  EXPECT_EQ(told, (std::vector<std::string>{fmt::format("2:{} bad_json {{\"a\":", at),
                                            fmt::format("3:{} unknown_format plain", at + 6),
                                            "0:0 not_an_object 7"}));
  const Counters counters = engine->counters();
  EXPECT_EQ(counters.rejected, 3U);
  EXPECT_EQ(counters.rejected_by.at("bad_json"), 1U);
  EXPECT_EQ(counters.events, 1U);
  EXPECT_EQ(counters.by_source.at("elastic_defend"), 1U);
  EXPECT_EQ(counters.rules.at(0).alerts, 1U);
}

TEST(Engine, EndsOneInputBeforeTheNext) {
  std::string documents;
  auto engine = Engine::Create(OneRule("process where true"), FixedOptions(), AppendTo(documents));
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->Feed(EventText(1, "e1", "cp")).ok());
  EXPECT_EQ(engine->counters().events, 0U);
  ASSERT_TRUE(engine->EndInput().ok());
  EXPECT_EQ(engine->counters().events, 1U);
  ASSERT_TRUE(engine->Feed("[" + EventText(2, "e2", "cp")).ok());
  ASSERT_TRUE(engine->Finish().ok());
  EXPECT_EQ(engine->counters().detections, 2U);
  EXPECT_EQ(engine->counters().rejected_by.at("document_cut"), 1U);
}

TEST(Engine, BoundsTheAlertsOfARule) {
  std::string lines;
  for (int i = 0; i < 9; ++i) lines += EventText(i, fmt::format("e{}", i), "cp") + "\n";
  EngineOptions options = FixedOptions();
  options.max_alerts = 4;
  const Outcome out = EmbeddedWhole(OneRule("process where true"), options, lines + lines);
  EXPECT_EQ(out.counters.detections, 4U);
  EXPECT_EQ(out.counters.truncated, 5U);
  EXPECT_EQ(out.counters.duplicates, 9U);
}

TEST(Engine, RefusesOptionsThatMakeNoSense) {
  const auto refused = [](const auto& change) {
    EngineOptions options;
    change(options);
    const auto made = Engine::Create(RuleSet(), options, {});
    return made.ok() ? "" : made.status().message();
  };
  EXPECT_EQ(refused([](EngineOptions&) {}), "");
  EXPECT_EQ(refused([](EngineOptions& o) { o.source = "syslog"; }),
            "source: unknown source 'syslog'");
  EXPECT_EQ(refused([](EngineOptions& o) { o.lateness = std::chrono::seconds(-1); }),
            "lateness: negative");
  EXPECT_EQ(refused([](EngineOptions& o) { o.max_alerts = -2; }), "max_alerts: below -1");
  EXPECT_EQ(refused([](EngineOptions& o) { o.max_record_bytes = 0; }), "max_record_bytes: zero");
}

TEST(Engine, StaysFailedAndStaysFinished) {
  auto failed = Engine::Create(RuleSet(), {}, {});
  ASSERT_TRUE(failed.ok());
  EXPECT_TRUE(failed->Feed("\xFF\xFE").ok());
  EXPECT_EQ(failed->EndInput().code(), StatusCode::kUnsupported);
  EXPECT_EQ(failed->Feed("{}\n").code(), StatusCode::kUnsupported);
  auto finished = Engine::Create(RuleSet(), {}, {});
  ASSERT_TRUE(finished.ok());
  EXPECT_TRUE(finished->Finish().ok());
  EXPECT_EQ(finished->Feed("{}\n").code(), StatusCode::kInvalidArgument);
}

TEST(Engine, StampsAlertsWithTheTimeTheyAreMadeAt) {
  const auto year = [](const std::string& document) {
    return document.substr(document.find("\"@timestamp\":\"") + 14, 4);
  };
  std::string documents;
  EngineOptions options;
  auto engine = Engine::Create(OneRule("process where true"), options, AppendTo(documents));
  ASSERT_TRUE(engine.ok());
  ASSERT_TRUE(engine->Feed(EventText(1, "e1", "cp") + "\n").ok());
  const auto today = std::chrono::year_month_day(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  EXPECT_EQ(year(documents), std::to_string(static_cast<int>(today.year())));
}

TEST(Engine, OutlivesItsRuleSet) {
  std::string documents;
  auto engine = Engine::Create(OneRule("process where true"), FixedOptions(), AppendTo(documents));
  ASSERT_TRUE(engine.ok());
  Engine moved = *std::move(engine);
  ASSERT_TRUE(moved.Feed(EventText(1, "e1", "cp") + "\n").ok());
  EXPECT_FALSE(documents.empty());
}

}  // namespace
}  // namespace vedette
