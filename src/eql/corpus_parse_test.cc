// SPDX-License-Identifier: Apache-2.0
// Parses every query of the shared corpora and conformance files, and holds Print to its promise on
// each.
#include <gtest/gtest.h>

#include <toml++/toml.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>

#include "base/arena.h"
#include "eql/parser.h"
#include "event/json_reader.h"

namespace vedette::eql {
namespace {

constexpr Dialect kES = Dialect::kElasticsearch;
constexpr Dialect kEP = Dialect::kEndpoint;
constexpr Dialect kEG = Dialect::kEndgame;

std::filesystem::path SharedRoot() {
  const char* const set = std::getenv("VEDETTE_SHARED");
  return set != nullptr ? std::filesystem::path(set)
                        : std::filesystem::path(VEDETTE_SOURCE_DIR) / ".." / "shared";
}

class CorpusParse : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(SharedRoot() / "corpora")) {
      GTEST_SKIP() << "NOT TESTED: no shared data at " << SharedRoot()
                   << "; set VEDETTE_SHARED to the folder that holds corpora/ and eql/";
    }
  }

  /// Calls `use` with every record of a JSONL file and returns their number.
  std::size_t ForEachRecord(const std::string& file,
                            const std::function<void(const event::Value&)>& use) {
    std::ifstream in(SharedRoot() / file);
    EXPECT_TRUE(in.good()) << file;
    event::JsonReader reader;
    base::Arena arena;
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) {
      if (line.empty()) continue;
      arena.Reset();
      const auto record = reader.Read(line, arena);
      EXPECT_TRUE(record.has_value()) << file << ": " << line.substr(0, 80);
      if (!record.has_value()) continue;
      use(*record);
      ++count;
    }
    return count;
  }

  static void ExpectParses(std::string_view text, Dialect dialect, std::string_view name) {
    const base::Source source{std::string(name), std::string(text)};
    const ParseResult first = Parse(source, dialect);
    ASSERT_TRUE(first.query.has_value())
        << name << "\n"
        << (first.diagnostics.empty() ? "no diagnostic"
                                      : RenderDiagnostic(first.diagnostics[0], &source, false));
    const std::string printed = Print(*first.query);
    const ParseResult second = Parse(base::Source(std::string(name), printed), dialect);
    ASSERT_TRUE(second.query.has_value()) << name << "\n" << printed;
    EXPECT_TRUE(Equal(*first.query, *second.query)) << name << "\n" << printed;
    EXPECT_EQ(Print(*second.query), printed) << name;
  }

  static std::string Text(const event::Value& record, std::string_view key) {
    const event::Value value = record.Get(key);
    return value.is_string() ? std::string(value.text()) : std::string();
  }
};

TEST_F(CorpusParse, DetectionRules) {
  EXPECT_EQ(ForEachRecord("corpora/detection-rules-eql.jsonl",
                          [](const event::Value& rule) {
                            ExpectParses(Text(rule, "query"), kES, Text(rule, "name"));
                          }),
            585u);
}

TEST_F(CorpusParse, BehaviorRules) {
  EXPECT_EQ(ForEachRecord("corpora/endpoint-behavior.jsonl",
                          [](const event::Value& rule) {
                            ExpectParses(Text(rule, "query"), kEP, Text(rule, "name"));
                          }),
            792u);
}

TEST_F(CorpusParse, ElasticsearchAcceptAndResults) {
  for (const char* file : {"accept", "cases", "series"}) {
    EXPECT_GT(ForEachRecord("eql/conformance/elasticsearch/" + std::string(file) + ".jsonl",
                            [](const event::Value& record) {
                              ExpectParses(Text(record, "query"), kES, Text(record, "name"));
                            }),
              0u);
  }
}

TEST_F(CorpusParse, ElasticsearchFoldExpressions) {
  const auto use = [](const event::Value& record) {
    const std::string text = Text(record, "expression");
    const auto parsed = ParseExpression(base::Source("fold", text), kES);
    ASSERT_NE(parsed.expression, nullptr) << text;
    const std::string printed = Print(*parsed.expression, kES);
    const auto again = ParseExpression(base::Source("fold", printed), kES);
    ASSERT_NE(again.expression, nullptr) << printed;
    EXPECT_TRUE(Equal(*parsed.expression, *again.expression)) << printed;
  };
  EXPECT_EQ(ForEachRecord("eql/conformance/elasticsearch/fold_cases.jsonl", use), 180u);
}

TEST_F(CorpusParse, ElasticsearchErrors) {
  std::size_t grammar = 0;
  const auto use = [&](const event::Value& record) {
    const std::string text = Text(record, "query");
    const event::Value expected = record.Get("expect_error");
    const std::string phase = Text(expected, "phase");
    const std::string name = Text(record, "name");
    const ParseResult result = Parse(base::Source(name, text), kES);
    // The arity of functions and whether a field is boolean are the checker's to judge.
    const bool checkers = Text(expected, "message").find("error building") != std::string::npos ||
                          name == "orderingOperandCase";
    if (phase == "verification" || phase == "planning" || checkers) {
      EXPECT_TRUE(result.query.has_value()) << text;
      return;
    }
    ++grammar;
    EXPECT_FALSE(result.query.has_value()) << text;
    EXPECT_FALSE(result.diagnostics.empty()) << text;
    for (const base::Diagnostic& diagnostic : result.diagnostics) {
      EXPECT_LE(diagnostic.span.end, text.size());
    }
  };
  EXPECT_EQ(ForEachRecord("eql/conformance/elasticsearch/errors.jsonl", use), 154u);
  EXPECT_GE(grammar, 80u);
}

TEST_F(CorpusParse, DerivedCases) {
  const auto use = [](const event::Value& record) {
    const std::string dialect = Text(record, "dialect");
    ExpectParses(Text(record, "query"),
                 dialect == "endgame"    ? kEG
                 : dialect == "endpoint" ? kEP
                                         : kES,
                 Text(record, "name"));
  };
  EXPECT_EQ(ForEachRecord("eql/conformance/derived/cases.jsonl", use), 106u);
}

TEST_F(CorpusParse, EndgameQueries) {
  const toml::table file =
      toml::parse_file((SharedRoot() / "eql/conformance/endgame/test_queries.toml").string());
  const toml::array* const queries = file["queries"].as_array();
  ASSERT_NE(queries, nullptr);
  std::size_t count = 0;
  for (const toml::node& entry : *queries) {
    const auto text = (*entry.as_table())["query"].value<std::string>();
    ASSERT_TRUE(text.has_value());
    ExpectParses(*text, kEG, "query " + std::to_string(++count));
  }
  EXPECT_EQ(count, 241u);
}

TEST_F(CorpusParse, EndgameFolds) {
  std::size_t count = 0;
  for (const char* name : {"test_folding.toml", "test_string_functions.toml"}) {
    const toml::table file =
        toml::parse_file((SharedRoot() / "eql/conformance/endgame" / name).string());
    for (const auto& [group, node] : file) {
      const toml::array* const tests = node.at_path("fold.tests").as_array();
      if (tests == nullptr) continue;
      for (const toml::node& test : *tests) {
        const auto text = (*test.as_table())["expression"].value<std::string>();
        ASSERT_TRUE(text.has_value());
        const auto parsed = ParseExpression(base::Source(name, *text), kEG);
        EXPECT_NE(parsed.expression, nullptr) << *text;
        ++count;
      }
    }
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace vedette::eql
