// SPDX-License-Identifier: Apache-2.0
#include "service/hunt_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// As in rules/toml_document.cc: toml++ shares symbols between its modes, so one program has one.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>
#include <filesystem>
#include <fstream>
#include <set>

#include "eql/conformance_support.h"
#include "service/condition_counts.h"
#include "service/field_survey.h"

namespace vedette::service {
namespace {

using eql::Dialect;
using testing::ElementsAre;
using testing::IsEmpty;

/// A folder that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hunt_test_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  io::InputFile Write(const std::string& name, const std::string& text) const {
    const auto path = path_ / name;
    std::ofstream(path) << text;
    return {path.string(), text.size()};
  }

 private:
  std::filesystem::path path_;
};

struct HuntSetup {
  HuntLanguage language;
  HuntOptions options;
  const event::Schema* schema = &event::EcsSchema();
  std::string id_field = "id";
};

struct Answer {
  std::string error;
  std::vector<std::string> ids;  ///< of all events of all results; -1 for a missing one
  std::vector<std::string> keys;
  std::string bytes;  ///< everything that the sink saw
  HuntStats stats;
};

Answer Hunt(const std::string& text, const std::vector<io::InputFile>& files,
            HuntSetup setup = {}) {
  Answer out;
  const base::Source source("query", text);
  std::vector<base::Diagnostic> diagnostics;
  auto query = CompileHunt(source, setup.language, *setup.schema, diagnostics);
  if (!query) {
    out.error = eql::conformance::Describe(diagnostics);
    return out;
  }
  if (setup.language.dialect == Dialect::kEndgame) {
    setup.options.pipeline.decoder.file_time = true;
  }
  HuntSinks sinks;
  sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
  sinks.result = [&](const engine::QueryResult& result) -> base::Result<void> {
    out.keys.push_back(result.join_keys);
    out.bytes += result.join_keys;
    for (const engine::ResultEvent& event : result.events) {
      out.bytes += event.missing ? "missing" : event.json;
      out.ids.push_back(event.missing
                            ? "-1"
                            : eql::conformance::Compact(
                                  eql::conformance::Json(event.json)->GetPath(setup.id_field)));
    }
    return {};
  };
  auto stats = RunHunt(std::move(*query), files, setup.options, sinks);
  if (stats) {
    out.stats = std::move(*stats);
  } else {
    out.error = stats.error().message();
  }
  return out;
}

/// Ten minutes of one host's life in two files, each out of order.
class HuntRun : public testing::Test {
 protected:
  static std::string Event(int id, const std::string& time, const std::string& category,
                           const std::string& host, const std::string& name) {
    return "{\"id\":" + std::to_string(id) + ",\"@timestamp\":\"2026-03-09T" + time +
           "Z\",\"event\":{\"category\":[\"" + category + "\"]},\"host\":{\"id\":\"" + host +
           "\"},\"process\":{\"name\":\"" + name + "\"}}\n";
  }
  HuntRun() {
    files.push_back(folder.Write("a.ndjson", Event(4, "10:00:30", "file", "h1", "cp") +
                                                 Event(1, "10:00:00", "process", "h1", "sshd") +
                                                 Event(5, "10:01:00", "network", "h1", "curl")));
    files.push_back(folder.Write(
        "b.ndjson", Event(3, "10:00:20", "process", "h2", "bash") +
                        Event(2, "10:00:10", "process", "h1", "bash") +
                        "{\"id\":9,\"event\":{\"category\":\"process\"},\"host\":{\"id\":\"h1\"}}\n"
                        "{\"id\":\n" +
                        Event(6, "10:09:00", "file", "h2", "cp")));
  }
  Folder folder;
  std::vector<io::InputFile> files;
};

struct QueryCase {
  const char* name;
  const char* query;
  std::vector<std::string> ids;
};

TEST_F(HuntRun, QueriesOverTwoFilesAsOneStream) {
  const QueryCase cases[] = {
      {"events by time", "process where true", {"1", "2", "3"}},
      {"nothing", "process where process.name == \"zsh\"", {}},
      {"head", "any where true | head 2", {"1", "2"}},
      {"tail", "any where true | tail 2", {"5", "6"}},
      {"tail then head", "any where true | tail 3 | head 1", {"4"}},
      {"sequence by host",
       "sequence by host.id [process where process.name == \"bash\"] [file where true]",
       {"2", "4", "3", "6"}},
      {"sequence in time",
       "sequence by host.id with maxspan=1m [process where process.name == \"bash\"] [file where "
       "true]",
       {"2", "4"}},
      {"missing at the end",
       "sequence by host.id with maxspan=1m [process where process.name == \"bash\"] ![file where "
       "true]",
       {"3", "-1"}},
      {"missing in the middle",
       "sequence by host.id with maxspan=1h [process where process.name == \"sshd\"] ![file where "
       "true] [process where process.name == \"bash\"]",
       {"1", "-1", "2"}},
      {"until",
       "sequence by host.id [process where true] [network where true] until [file where "
       "true]",
       {}},
      {"sample", "sample by host.id [process where true] [file where true]", {"1", "4", "3", "6"}},
  };
  for (const QueryCase& one : cases) {
    const Answer answer = Hunt(one.query, files);
    EXPECT_EQ(answer.error, "") << one.name;
    EXPECT_EQ(answer.ids, one.ids) << one.name;
    EXPECT_EQ(answer.stats.rejected, 1U) << one.name;
    EXPECT_EQ(answer.stats.counters.without_timestamp, 1U) << one.name;
  }
}

TEST_F(HuntRun, JoinKeysAreAJsonArray) {
  EXPECT_THAT(Hunt("sequence by host.id [process where true] [file where true]", files).keys,
              ElementsAre("[\"h1\"]", "[\"h2\"]"));
  EXPECT_THAT(Hunt("network where true", files).keys, ElementsAre(""));
}

TEST_F(HuntRun, SizeAndPosition) {
  HuntSetup setup;
  setup.options.limits.size = 2;
  const Answer tail = Hunt("process where true", files, setup);
  EXPECT_THAT(tail.ids, ElementsAre("2", "3"));
  EXPECT_TRUE(tail.stats.cut);
  setup.options.limits.position = engine::ResultPosition::kHead;
  const Answer head = Hunt("process where true", files, setup);
  EXPECT_THAT(head.ids, ElementsAre("1", "2"));
  EXPECT_TRUE(head.stats.cut);
  // The size acts below the first pipe, on the pipe's own side.
  EXPECT_THAT(Hunt("any where true | tail 4 | head 1", files, setup).ids, ElementsAre("5"));
  setup.options.limits.size = 3;
  const Answer whole = Hunt("process where true", files, setup);
  EXPECT_THAT(whole.ids, ElementsAre("1", "2", "3"));
  EXPECT_FALSE(whole.stats.cut);
  setup.options.limits.size = 0;
  EXPECT_THAT(Hunt("process where true", files, setup).ids, IsEmpty());
}

TEST_F(HuntRun, SpillingDoesNotChangeTheOrder) {
  HuntSetup setup;
  setup.options.sort_memory_bytes = 1;  // every event a run of its own
  EXPECT_THAT(Hunt("any where true", files, setup).ids, ElementsAre("1", "2", "3", "4", "5", "6"));
  setup.options.limits.size = 2;
  setup.options.limits.position = engine::ResultPosition::kHead;
  EXPECT_THAT(Hunt("any where true", files, setup).ids, ElementsAre("1", "2"));
}

TEST_F(HuntRun, HeldResultsAreBounded) {
  HuntSetup setup;
  setup.options.limits.max_held_bytes = 500;
  setup.options.limits.size = 100;
  EXPECT_THAT(Hunt("any where true", files, setup).error, testing::HasSubstr("--from"));
  setup.options.limits.size = 1;
  EXPECT_THAT(Hunt("network where true", files, setup).ids, ElementsAre("5"));
}

TEST(HuntOrder, TiebreakerDecidesBetweenEqualTimes) {
  const Folder folder;
  std::string text;
  for (const char* tie : {"\"seq\":10", "\"seq\":9", "\"x\":0", "\"seq\":-1", "\"seq\":\"a\""}) {
    text += std::string("{\"id\":") + std::to_string(text.size()) +
            ",\"@timestamp\":\"2026-03-09T10:00:00Z\"," + tie + "}\n";
  }
  const std::vector<io::InputFile> files{folder.Write("a.ndjson", text)};
  HuntSetup setup;
  const auto arrival = Hunt("any where true", files, setup).ids;
  ASSERT_EQ(arrival.size(), 5U);
  setup.language.check.tiebreaker_field = "seq";
  EXPECT_THAT(Hunt("any where true", files, setup).ids,
              ElementsAre(arrival[3], arrival[1], arrival[0], arrival[4], arrival[2]));
}

TEST(HuntOrder, TiebreakerBytesAreInOrder) {
  using event::Value;
  const Value ascending[] = {
      Value::Integer(INT64_MIN), Value::Integer(-2),           Value::Double(-1.0),
      Value::Integer(0),         Value::Integer(255),          Value::Integer(256),
      Value::Integer(INT64_MAX), Value::Unsigned(1ULL << 63U), Value::Double(1e30),
      Value::String("10"),       Value::String("9"),           Value()};
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(TiebreakerBytes(ascending[i - 1]), TiebreakerBytes(ascending[i])) << i;
  }
}

/// 4,000 events over several batches, with names and hosts that repeat.
std::string ManyEvents() {
  std::string text;
  std::uint32_t state = 7;
  const auto next = [&](std::uint32_t below) {
    state = state * 1'664'525U + 1'013'904'223U;
    return (state >> 8U) % below;
  };
  const char* const kCategories[] = {"process", "file", "network"};
  const std::string filler(900, 'x');
  for (int i = 0; i < 4000; ++i) {
    const std::string time =
        base::FormatIsoTime({1'773'050'000'000'000'000 + next(100'000) * std::int64_t{50'000'000}});
    text += "{\"id\":" + std::to_string(i) + ",\"@timestamp\":\"" + time +
            "\",\"event\":{\"category\":\"" + kCategories[next(3)] + "\"},\"host\":{\"id\":\"h" +
            std::to_string(next(50)) + "\"},\"user\":{\"name\":\"u" + std::to_string(next(5)) +
            "\"},\"message\":\"" + filler + "\"}\n";
  }
  return text;
}

TEST(HuntThreads, AnyNumberGivesTheSameBytes) {
  const Folder folder;
  const std::vector<io::InputFile> files{folder.Write("a.ndjson", ManyEvents())};
  const char* const kQueries[] = {
      "process where user.name == \"u1\"",
      "sequence by host.id with maxspan=5m [process where true] [file where true] ![network where "
      "true]",
      "sequence by host.id, user.name with maxspan=10m [process where true] ![file where true] "
      "[network where true]",
      "sample by host.id [process where true] [file where true] [network where true]",
  };
  for (const char* query : kQueries) {
    std::string first;
    for (const std::size_t threads : {1U, 2U, 5U}) {
      HuntSetup setup;
      setup.options.pipeline.threads = threads;
      const Answer answer = Hunt(query, files, setup);
      ASSERT_EQ(answer.error, "");
      ASSERT_GT(answer.stats.matches, 10U) << query;
      if (threads == 1) first = answer.bytes;
      EXPECT_EQ(answer.bytes, first) << query << " with " << threads << " threads";
    }
  }
}

class EndgameHunt : public testing::Test {
 protected:
  EndgameHunt() {
    // 2024-03-01T10:00:00Z and on, the last one earlier than the rest.
    std::string text;
    const auto add = [&](int id, std::int64_t seconds, const char* type, const char* name) {
      text += "{\"id\":" + std::to_string(id) +
              ",\"timestamp\":" + std::to_string(133'537'608'000'000'000 + seconds * 10'000'000) +
              ",\"event_type\":\"" + type + "\",\"process_name\":\"" + name +
              "\",\"hostname\":\"web\"}\n";
    };
    add(1, 0, "process", "bash");
    add(2, 10, "file", "Bash");
    add(3, 20, "process", "cp");
    add(4, -60, "process", "BASH");
    files.push_back(folder.Write("a.ndjson", text));
    setup.language.dialect = Dialect::kEndgame;
  }
  Folder folder;
  std::vector<io::InputFile> files;
  HuntSetup setup;
};

TEST_F(EndgameHunt, EventsComeAsTheyArrived) {
  EXPECT_THAT(Hunt("process where process_name == \"bash\"", files, setup).ids,
              ElementsAre("1", "4"));
  setup.language.check.case_sensitive = true;
  EXPECT_THAT(Hunt("process where process_name == \"bash\"", files, setup).ids, ElementsAre("1"));
}

TEST_F(EndgameHunt, FileTimeIsTheTimeOfTheEvent) {
  setup.options.pipeline.decoder.from = base::ParseIsoTime("2024-03-01T10:00:05Z");
  EXPECT_THAT(Hunt("any where true", files, setup).ids, ElementsAre("2", "3"));
  setup.options.pipeline.decoder.from.reset();
  const char* query = "sequence with maxspan=15s [process where true] [file where true]";
  EXPECT_THAT(Hunt(query, files, setup).ids, ElementsAre("1", "2"));
  query = "sequence with maxspan=5s [process where true] [file where true]";
  EXPECT_THAT(Hunt(query, files, setup).ids, IsEmpty());
}

TEST_F(EndgameHunt, PipesSeeAllResults) {
  Answer counted = Hunt("any where true | count process_name", files, setup);
  EXPECT_EQ(counted.stats.matches, 2U);
  EXPECT_THAT(counted.bytes, testing::HasSubstr("\"key\":\"bash\",\"count\":3"));
  setup.options.limits.size = 1;
  counted = Hunt("any where true | sort process_name", files, setup);
  EXPECT_THAT(counted.ids, ElementsAre("3"));
  EXPECT_TRUE(counted.stats.cut);
}

TEST_F(HuntRun, ConditionsAreCountedPartByPart) {
  const base::Source source(
      "query",
      "sequence by host.id with maxspan=1h [process where host.id == \"h1\" and process.name == "
      "\"bash\"] "
      "![file where process.name == \"mv\"] [network where true] until [any where false]");
  std::vector<base::Diagnostic> diagnostics;
  const auto query = CompileHunt(source, {}, event::EcsSchema(), diagnostics, Folding::kOff);
  ASSERT_TRUE(query);
  for (const std::size_t threads : {1U, 3U}) {
    PipelineOptions options;
    options.threads = threads;
    const auto counted = CountConditions(*query, files, options);
    ASSERT_TRUE(counted) << counted.error().message();
    EXPECT_EQ(counted->events, 7U);
    std::vector<std::string> lines;
    for (const auto& item : counted->items) {
      std::string line = item.role + " " + item.category + " " + std::to_string(item.of_category);
      for (const auto& step : item.steps) line += " -> " + std::to_string(step.left);
      lines.push_back(line);
    }
    EXPECT_THAT(lines, ElementsAre("item 1 process 4 -> 3 -> 1", "missing item 2 file 2 -> 0",
                                   "item 3 network 1 -> 1", "until any 7 -> 0"));
  }
}

TEST_F(HuntRun, SurveyListsFieldsWithShareAndExample) {
  const auto survey = SurveyFields(files, {});
  ASSERT_TRUE(survey) << survey.error().message();
  EXPECT_EQ(survey->events, 7U);
  EXPECT_TRUE(survey->whole);
  EXPECT_EQ(survey->fields.size(), 5U);
  EXPECT_EQ(survey->fields.at("process.name").events, 6U);
  EXPECT_EQ(survey->fields.at("process.name").example, "cp");
  EXPECT_EQ(survey->fields.at("host.id").events, 7U);
}

TEST(HuntSurvey, StopsWhenItHasSeenEnough) {
  const Folder folder;
  const std::vector<io::InputFile> files{folder.Write("a.ndjson", ManyEvents())};
  SurveyLimits limits;
  limits.events = 100;
  limits.fields = 3;
  const auto survey = SurveyFields(files, {}, limits);
  ASSERT_TRUE(survey) << survey.error().message();
  EXPECT_FALSE(survey->whole);
  EXPECT_LT(survey->events, 4000U);
  EXPECT_EQ(survey->fields.size(), 3U);
}

std::set<std::vector<std::string>> AcceptedIds(const event::Value& record) {
  std::set<std::vector<std::string>> out;
  if (const auto any = record.Get("expected_event_ids_any_of"); any.is_list()) {
    for (const auto& one : any.list()) out.insert(eql::conformance::Ids(one));
  } else {
    out.insert(eql::conformance::Ids(record.Get("expected_event_ids")));
  }
  return out;
}

// The shared cases again, this time through files, workers, sorting and pipes.
TEST(HuntConformance, Derived) {
  VEDETTE_NEED_SHARED(shared);
  const auto data = shared / "eql" / "conformance" / "derived";
  const eql::conformance::Json description(eql::conformance::ReadFile(data / "schema.json"));
  const std::map<std::string, Dialect> dialects = {{"elasticsearch", Dialect::kElasticsearch},
                                                   {"endpoint", Dialect::kEndpoint},
                                                   {"endgame", Dialect::kEndgame}};
  const std::vector<io::InputFile> files{{(data / "linux.ndjson").string(), std::nullopt}};
  int ran = 0;
  for (const std::string& line : eql::conformance::ReadLines(data / "cases.jsonl")) {
    const eql::conformance::Json record(line);
    HuntSetup setup;
    setup.language.dialect = dialects.at(eql::conformance::Text(record->Get("dialect")));
    event::Schema schema(/*open=*/setup.language.dialect != Dialect::kElasticsearch);
    eql::conformance::AddFields(schema, description->Get("fields"));
    setup.schema = &schema;
    setup.language.check.strict_optional = true;
    setup.language.check.tiebreaker_field = "seq";
    setup.options.pipeline.threads = 2;
    const std::string query = eql::conformance::Text(record->Get("query"));
    const Answer answer = Hunt(query, files, setup);
    EXPECT_EQ(answer.error, "") << query;
    EXPECT_TRUE(AcceptedIds(*record).contains(answer.ids))
        << query << "\n got " << testing::PrintToString(answer.ids);
    ++ran;
  }
  std::cout << "derived cases through hunt: " << ran << "\n";
  EXPECT_GT(ran, 50);
}

TEST(HuntConformance, Endgame) {
  VEDETTE_NEED_SHARED(shared);
  const auto data = shared / "eql" / "conformance" / "endgame";
  const toml::parse_result queries =
      toml::parse(eql::conformance::ReadFile(data / "test_queries.toml"));
  const std::vector<io::InputFile> files{{(data / "test_data.json").string(), std::nullopt}};
  const event::Schema schema(/*open=*/true);
  int ran = 0;
  for (const toml::node& node : *queries["queries"].as_array()) {
    const toml::table& entry = *node.as_table();
    HuntSetup setup;
    setup.language.dialect = Dialect::kEndgame;
    setup.language.check.case_sensitive = entry["case_sensitive"].value_or(false);
    setup.schema = &schema;
    setup.id_field = "serial_event_id";
    const std::string query = entry["query"].value_or(std::string());
    std::vector<std::string> expected;
    if (const toml::array* ids = entry["expected_event_ids"].as_array()) {
      for (const toml::node& id : *ids) {
        expected.push_back(std::to_string(id.value_or(std::int64_t{0})));
      }
    }
    const Answer answer = Hunt(query, files, setup);
    EXPECT_EQ(answer.error, "") << query;
    EXPECT_EQ(answer.ids, expected) << query;
    ++ran;
  }
  std::cout << "Endgame queries through hunt: " << ran << "\n";
  EXPECT_GT(ran, 200);
}

}  // namespace
}  // namespace vedette::service
