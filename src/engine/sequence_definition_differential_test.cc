// SPDX-License-Identifier: Apache-2.0
// What the definition says, and that the comparison would notice an engine that says otherwise.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "engine/random_query.h"
#include "engine/random_query_run.h"
#include "engine/random_query_shrink.h"
#include "engine/sequence_definition.h"

namespace vedette::engine {
namespace {

using eql::Dialect;

struct EventSpec {
  std::int64_t microseconds;
  const char* members;  ///< of the JSON object, behind a comma
};

RandomCase MakeCase(Dialect dialect, const char* query, const std::vector<EventSpec>& events) {
  RandomCase one;
  one.dialect = dialect;
  one.query = query;
  for (const EventSpec& event : events) {
    one.events.push_back(
        fmt::format(R"({{"@timestamp":"{}"{}}})",
                    base::FormatIsoTime({1'767'225'600'000'000'000 + event.microseconds * 1000}),
                    event.members));
  }
  return one;
}

std::string Text(const std::vector<DefinedResult>& results) {
  std::string out;
  for (const DefinedResult& result : results) {
    if (!out.empty()) out += "; ";
    for (std::size_t i = 0; i < result.events.size(); ++i) {
      if (i > 0) out += ' ';
      out += result.events[i] == kMissingEvent ? "-" : std::to_string(result.events[i]);
    }
  }
  return out;
}

std::string ByDefinition(const RandomCase& one) {
  std::string refusal;
  auto compiled = CompileCase(one, one.query, false, refusal);
  if (!compiled) return refusal;
  RandomDocuments documents(one.events);
  const SequenceDefinition definition(compiled->query, *compiled->fields, compiled->options,
                                      one.alias_ring);
  return Text(definition.Results(documents.Project(*compiled->fields), {}));
}

std::string ByMachine(const RandomCase& one) {
  std::string refusal;
  auto compiled = CompileCase(one, one.query, false, refusal);
  if (!compiled) return refusal;
  RandomDocuments documents(one.events);
  StatementOptions options;
  options.alias_ring = one.alias_ring;
  auto found = RunMachine(std::move(*compiled), options, documents);
  compiled = CompileCase(one, one.query, false, refusal);
  return Text(Ordered(std::move(found), compiled->query));
}

struct DefinitionCase {
  const char* name;
  Dialect dialect;
  const char* query;
  std::vector<EventSpec> events;
  const char* expected;
};

constexpr const char* kA = R"(,"k":"x","s":"a")";
constexpr const char* kB = R"(,"k":"x","s":"b")";
constexpr const char* kC = R"(,"k":"x","s":"c")";
constexpr std::int64_t kSecond = 1'000'000;

const DefinitionCase kCases[] = {
    {"newer first event replaces",
     Dialect::kElasticsearch,
     R"(sequence by k [any where s == "a"] [any where s == "b"])",
     {{0, kA}, {1, kA}, {2, kB}, {3, kB}},
     "1 2"},
    {"stages are independent",
     Dialect::kElasticsearch,
     R"(sequence by k [any where s == "a"] [any where s == "b"] [any where s == "c"])",
     {{0, kA}, {1, kB}, {2, kA}, {3, kC}, {4, kB}, {5, kC}},
     "0 1 3; 2 4 5"},
    {"maxspan includes its end",
     Dialect::kElasticsearch,
     R"(sequence by k with maxspan=1s [any where s == "a"] [any where s == "b"])",
     {{0, kA}, {kSecond, kB}, {2 * kSecond, kA}, {3 * kSecond + 1, kB}},
     "0 1"},
    {"until kills what it comes after",
     Dialect::kElasticsearch,
     R"(sequence by k [any where s == "a"] [any where s == "b"] until [any where s == "c"])",
     {{0, kA}, {1, kC}, {2, kB}, {3, kA}, {4, kB}, {5, kC}},
     "3 4"},
    {"runs slide",
     Dialect::kElasticsearch,
     R"(sequence by k [any where s == "a"] with runs=3)",
     {{0, kA}, {1, kA}, {2, kA}, {3, kA}},
     "0 1 2; 1 2 3"},
    {"leading edge is counted in milliseconds",
     Dialect::kElasticsearch,
     R"(sequence with maxspan=2s ![any where s == "b"] [any where s == "a"])",
     {{250'000, kB}, {2'250'001, kA}, {2'251'000, kA}},
     "- 2"},
    {"trailing event within the same millisecond is none",
     Dialect::kElasticsearch,
     R"(sequence with maxspan=2s [any where s == "a"] ![any where s == "b"])",
     {{500'001, kA}, {500'002, kB}},
     "0 -"},
    {"trailing event in the next millisecond is one",
     Dialect::kElasticsearch,
     R"(sequence with maxspan=2s [any where s == "a"] ![any where s == "b"])",
     {{500'001, kA}, {501'000, kB}},
     ""},
    {"trailing edge is counted in milliseconds",
     Dialect::kElasticsearch,
     R"(sequence with maxspan=1s [any where s == "a"] ![any where s == "b"])",
     {{0, kA}, {1'000'400, kB}},
     ""},
    {"both edges are counted in milliseconds",
     Dialect::kElasticsearch,
     R"(sequence with maxspan=1s ![any where s == "b"] [any where s == "a"] ![any where s == "b"])",
     {{0, kB}, {500'000, kA}, {1'000'900, kB}},
     ""},
    {"middle is counted in nanoseconds",
     Dialect::kElasticsearch,
     R"(sequence with maxspan=1s [any where s == "a"] ![any where s == "c"] [any where s == "b"])",
     {{1, kA}, {2, kC}, {3, kB}},
     ""},
    {"newest partial that its alias accepts",
     Dialect::kEndpoint,
     R"(sequence [any where s == "a"] as e0 [any where s == "b" and n == e0.n])",
     {{0, R"(,"s":"a","n":1)"}, {1, R"(,"s":"a","n":2)"}, {2, R"(,"s":"b","n":1)"}},
     "0 2"},
    {"fork keeps",
     Dialect::kEndgame,
     R"(sequence by k [any where s == "a"] [any where s == "b"] fork)",
     {{0, kA}, {1, kB}, {2, kB}},
     "0 1; 0 2"},
    {"join takes the first of each",
     Dialect::kEndgame,
     R"(join by k [any where s == "a"] [any where s == "b"])",
     {{0, kB}, {1, kB}, {2, kA}},
     "2 0"},
    {"join gives the rest of an event to the next result",
     Dialect::kEndgame,
     R"(join by k [any where s == "a"] [any where true])",
     {{0, kB}, {1, kA}, {2, kA}},
     "1 0; 2 1"},
};

TEST(SequenceDefinition, DefinitionAndMachineSayTheSame) {
  for (const DefinitionCase& test : kCases) {
    const RandomCase one = MakeCase(test.dialect, test.query, test.events);
    EXPECT_EQ(ByDefinition(one), test.expected) << test.name << ", definition";
    EXPECT_EQ(ByMachine(one), test.expected) << test.name << ", machine";
  }
}

TEST(SequenceDefinition, FoldingMakesNoWildcards) {
  // `*` counts in a literal only; what a call yields is compared as it stands.
  const std::vector<EventSpec> events = {{0, R"(,"s":"ab")"}, {1, R"(,"s":"a*")"}};
  const std::pair<const char*, std::size_t> cases[] = {
      {R"(any where s == concat("a", "*"))", 1}, {R"(any where s != substring("xa*", 1))", 1},
      {R"(any where "ab" == concat("a*"))", 0},  {R"(any where s == "a*")", 2},
      {R"(any where s == concat("a", "b"))", 1},
  };
  for (const auto& [query, expected] : cases) {
    const RandomCase one = MakeCase(Dialect::kEndgame, query, events);
    for (const bool fold : {false, true}) {
      std::string refusal;
      auto compiled = CompileCase(one, one.query, fold, refusal);
      ASSERT_TRUE(compiled) << refusal;
      RandomDocuments documents(one.events);
      EXPECT_EQ(RunMachine(std::move(*compiled), {}, documents).size(), expected)
          << query << (fold ? ", folded" : "");
    }
  }
}

TEST(SequenceDefinition, NoticesAnEngineThatLosesAnEvent) {
  int noticed = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomSource random(seed);
    RandomCase one = MakeRandomCase(random);
    one.query = R"(sequence by k with maxspan=5s [any where true] [any where n > 0])";
    one.dialect = Dialect::kElasticsearch;
    RandomCase shorter = one;
    if (!shorter.events.empty()) shorter.events.pop_back();
    if (ByDefinition(one) != ByMachine(shorter)) ++noticed;
    EXPECT_EQ(ByDefinition(one), ByMachine(one)) << one.Text();
  }
  EXPECT_GT(noticed, 50);
}

TEST(RandomQuery, ShrinksToWhatMatters) {
  RandomSource random(3);
  RandomCase one = MakeRandomCase(random);
  one.dialect = Dialect::kElasticsearch;
  one.query = R"(sequence by k, j with maxspan=5s
    [process where s == "a" and (n > 1 or not t : ("x*", "y*"))] with runs=2
    [any where length(s) > 2] until [file where true])";
  const RandomCase small = Shrink(one, [](const RandomCase& candidate) {
    std::string refusal;
    return CompileCase(candidate, candidate.query, false, refusal).has_value() &&
           candidate.query.find("\"y*\"") != std::string::npos && candidate.events.size() > 1;
  });
  EXPECT_EQ(small.events, (std::vector<std::string>{"{}", "{}"}));
  EXPECT_EQ(small.query.find("until"), std::string::npos) << small.query;
  EXPECT_EQ(small.query.find("maxspan"), std::string::npos) << small.query;
  EXPECT_EQ(small.query.find("\"x*\""), std::string::npos) << small.query;
  EXPECT_NE(small.query.find("[any where t : (\"y*\")]"), std::string::npos) << small.query;
}

}  // namespace
}  // namespace vedette::engine
