// SPDX-License-Identifier: Apache-2.0
#include "eql/explanation.h"

#include <gtest/gtest.h>

#include <string>

#include "eql/parser.h"
#include "event/json_reader.h"
#include "event/schema.h"

namespace vedette::eql {
namespace {

/// A query over one event.
struct Told {
  EventExplanation explanation;
  Nearness nearness;
  bool interpreted = false;
};

Told Tell(const std::string& text, const std::string& json,
          Dialect dialect = Dialect::kElasticsearch) {
  const base::Source source("test", text);
  ParseResult parsed = Parse(source, dialect);
  event::FieldTable fields(event::EcsSchema());
  std::vector<base::Diagnostic> found;
  if (!parsed.query || !Check(*parsed.query, fields, {}, found)) {
    ADD_FAILURE() << text << " does not compile";
    return {};
  }
  const auto& query = std::get<EventQuery>(parsed.query->statement);
  const ConditionExplainer explainer(query, dialect, fields, {});
  const Interpreter interpreter(query, dialect, fields, {});
  const event::Projector projector(fields);
  base::Arena arena;
  event::JsonReader reader;
  event::Event event;
  event.document = *reader.Read(json, arena);
  event.slots = projector.Project(event.document, arena);
  return {explainer.Explain(event, arena), explainer.Measure(event, arena),
          interpreter.Matches(event, arena)};
}

struct ReasonCase {
  const char* name;
  const char* query;
  const char* event;
  std::uint32_t distance;
  const char* reason;
};

class Reason : public testing::TestWithParam<ReasonCase> {};

TEST_P(Reason, NamesWhatFailsFirst) {
  const ReasonCase& test = GetParam();
  const Told told = Tell(test.query, test.event);
  EXPECT_EQ(FirstReason(told.explanation), test.reason);
  EXPECT_EQ(told.nearness.distance, test.distance);
  EXPECT_EQ(told.explanation.matches, told.interpreted);
  EXPECT_EQ(told.nearness.matches(), told.interpreted);
  if (told.explanation.condition && told.explanation.of_category) {
    EXPECT_EQ(told.explanation.condition->verdict == Verdict::kTrue, told.interpreted);
    EXPECT_EQ(told.explanation.condition->distance, test.distance);
  }
}

constexpr ReasonCase kReasons[] = {
    {"Match", R"(any where process.name == "cp")", R"({"process":{"name":"cp"}})", 0, ""},
    {"Leaf", R"(any where process.name == "cp")", R"({"process":{"name":"mv"}})", 1,
     R"(fails at `process.name == "cp"`: process.name is "mv")"},
    {"Missing", R"(any where process.name == "cp")", R"({})", 1,
     R"(fails at `process.name == "cp"`: process.name is missing)"},
    {"SecondOfAnd", R"(any where process.name == "cp" and process.pid > 5)",
     R"({"process":{"name":"cp","pid":5}})", 1, "fails at `process.pid > 5`: process.pid is 5"},
    {"BothOfAnd", R"(any where process.name == "cp" and process.pid > 5)",
     R"({"process":{"name":"mv","pid":5}})", 2,
     R"(fails at `process.name == "cp"`: process.name is "mv")"},
    {"NearestOfOr",
     R"(any where (process.name == "a" and process.pid == 1) or (user.name == "r" and process.pid == 2))",
     R"({"process":{"name":"b","pid":2},"user":{"name":"x"}})", 1,
     R"(no alternative holds, the nearest fails at `user.name == "r"`: user.name is "x")"},
    {"Excluded", R"(any where process.pid == 1 and not process.name : ("x*", "y*"))",
     R"({"process":{"name":"xorg","pid":1}})", 1,
     R"(is excluded by `process.name : ("x*", "y*")`: process.name is "xorg")"},
    {"ExcludedByOneOfSeveral",
     R"(any where not (process.pid == 1 or (process.name == "a" and user.name == "r")))",
     R"({"process":{"name":"a","pid":2},"user":{"name":"r"}})", 1,
     R"(is excluded by `process.name == "a" and user.name == "r"`: process.name is "a", user.name is "r")"},
    {"AllValues", R"(any where process.args == "-i")", R"({"process":{"args":["a","b"]}})", 1,
     R"(fails at `process.args == "-i"`: process.args is ["a","b"])"},
    {"Derived", R"(any where length(process.name) > 3)", R"({"process":{"name":"cp"}})", 1,
     R"(fails at `length(process.name) > 3`: process.name is "cp", length(process.name) is 2)"},
    {"LetterCase", R"(any where process.name == "CP")", R"({"process":{"name":"cp"}})", 1,
     "fails at `process.name == \"CP\"`: process.name is \"cp\" (only the letter case differs; "
     "`:`, `in~` and `like~` do not mind it)"},
    {"BooleanTest", R"(any where startsWith(process.name, "c") == false)",
     R"({"process":{"name":"cp"}})", 1,
     R"(fails at `startsWith(process.name, "c") == false`: process.name is "cp")"},
    {"Category", R"(process where process.name == "cp")",
     R"({"event":{"category":["file"]},"process":{"name":"cp"}})", 0,
     R"(the query is about `process` events: event.category is "file")"},
};

INSTANTIATE_TEST_SUITE_P(Explanation, Reason, testing::ValuesIn(kReasons),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Explanation, TreeHasAVerdictAndTheValuesForEachNode) {
  const Told told =
      Tell(R"(any where process.name == "cp" and (process.pid == 1 or not user.name : "r*"))",
           R"({"process":{"name":"cp","pid":2},"user":{"name":"root"}})");
  const Explanation& root = *told.explanation.condition;
  ASSERT_EQ(root.kind, Explanation::Kind::kAnd);
  ASSERT_EQ(root.parts.size(), 2U);
  EXPECT_EQ(root.parts[0].verdict, Verdict::kTrue);
  ASSERT_EQ(root.parts[0].seen.size(), 1U);
  EXPECT_EQ(root.parts[0].seen[0].name, "process.name");
  EXPECT_EQ(root.parts[0].seen[0].json, "\"cp\"");
  const Explanation& alternatives = root.parts[1];
  ASSERT_EQ(alternatives.kind, Explanation::Kind::kOr);
  EXPECT_EQ(alternatives.verdict, Verdict::kFalse);
  EXPECT_EQ(alternatives.distance, 1U);
  ASSERT_EQ(alternatives.parts[1].kind, Explanation::Kind::kNot);
  EXPECT_EQ(alternatives.parts[1].verdict, Verdict::kFalse);
  EXPECT_EQ(alternatives.parts[1].parts[0].verdict, Verdict::kTrue);
}

TEST(Explanation, NullIsItsOwnVerdict) {
  const Told told = Tell("any where process_name == null and not (pid > 3)", R"({"pid":null})",
                         Dialect::kEndgame);
  const Explanation& root = *told.explanation.condition;
  EXPECT_FALSE(told.interpreted);
  ASSERT_EQ(root.parts.size(), 2U);
  EXPECT_EQ(root.parts[1].verdict, Verdict::kNull);
}

TEST(Explanation, NearerEventsComeFirst) {
  const char* query = R"(process where process.name == "cp" and process.pid == 1)";
  const auto measure = [&](const char* json) { return Tell(query, json).nearness; };
  const Nearness match =
      measure(R"({"event":{"category":"process"},"process":{"name":"cp","pid":1}})");
  const Nearness late = measure(R"({"event":{"category":"process"},"process":{"name":"cp"}})");
  const Nearness early = measure(R"({"event":{"category":"process"},"process":{"pid":1}})");
  const Nearness neither = measure(R"({"event":{"category":"process"}})");
  const Nearness other =
      measure(R"({"event":{"category":"file"},"process":{"name":"cp","pid":1}})");
  EXPECT_LT(match, late);
  EXPECT_LT(late, early);
  EXPECT_LT(early, neither);
  EXPECT_LT(neither, other);
}

TEST(Explanation, HugeValuesAreCutAndStayJson) {
  const std::string big(100'000, 'x');
  const Told told =
      Tell(R"(any where process.name == "cp")", R"({"process":{"name":")" + big + R"("}})");
  const std::string& json = told.explanation.condition->seen[0].json;
  EXPECT_LT(json.size(), 5000U);
  base::Arena arena;
  event::JsonReader reader;
  const auto read = reader.Read(json, arena);
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->text().ends_with("…"));
}

}  // namespace
}  // namespace vedette::eql
