// SPDX-License-Identifier: Apache-2.0
#include "eql/checker.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eql/conformance_support.h"
#include "eql/parser.h"

namespace vedette::eql {
namespace {

constexpr Dialect kEs = Dialect::kElasticsearch;
constexpr Dialect kEp = Dialect::kEndpoint;
constexpr Dialect kEg = Dialect::kEndgame;

struct Outcome {
  bool passed = false;
  bool parsed = false;
  bool needs_state = false;
  std::vector<base::Diagnostic> diagnostics;

  bool Has(std::string_view code) const {
    return std::any_of(diagnostics.begin(), diagnostics.end(),
                       [&](const base::Diagnostic& d) { return d.code == code; });
  }
};

Outcome CheckText(Dialect dialect, const std::string& query, bool open = false) {
  event::Schema schema(open);
  for (const auto& [name, type] :
       std::initializer_list<std::pair<const char*, const char*>>{{"@timestamp", "date"},
                                                                  {"event.category", "keyword"},
                                                                  {"name", "keyword"},
                                                                  {"pid", "long"},
                                                                  {"ip", "ip"},
                                                                  {"flag", "boolean"},
                                                                  {"message", "text"},
                                                                  {"geo", "geo_point"},
                                                                  {"deep", "nested"},
                                                                  {"deep.x", "keyword"}}) {
    schema.Add(name, conformance::ParseField(type));
  }
  Outcome out;
  const base::Source source("test", query);
  ParseResult parsed = Parse(source, dialect);
  out.diagnostics = parsed.diagnostics;
  out.parsed = parsed.query.has_value();
  if (!parsed.query) return out;
  event::FieldTable fields(schema);
  out.passed = Check(*parsed.query, fields, {}, out.diagnostics);
  out.needs_state = NeedsState(*parsed.query);
  return out;
}

TEST(Checker, RefusesWithCode) {
  struct Case {
    Dialect dialect;
    const char* query;
    const char* code;
  };
  const std::vector<Case> cases = {
      {kEs, "any where nam == \"x\"", "E0201"},
      {kEs, "any where nosuch(name)", "E0202"},
      {kEg, "any where cidrmatch(name, \"10.0.0.0/8\")", "E0202"},
      {kEs, "any where pid", "E0203"},
      {kEs, "any where name and true", "E0203"},
      {kEg, "any where 1 + 1", "E0203"},
      {kEs, "any where concat() == \"a\"", "E0204"},
      {kEs, "any where startsWith(name, 1)", "E0205"},
      {kEs, "any where name + 1 == 2", "E0205"},
      {kEg, "any where \"a\" == 1", "E0205"},
      {kEg, "any where true < false", "E0205"},
      {kEs, "any where number(name, 1.0) == 1", "E0205"},
      {kEs, "any where cidrMatch(ip, name)", "E0206"},
      {kEs, "any where geo == null", "E0207"},
      {kEs, "any where deep.x == null", "E0207"},
      {kEs, "any where message == \"x\"", "E0208"},
      {kEs, "any where pid : \"1\"", "E0209"},
      {kEs, "any where pid in (1, \"x\")", "E0210"},
      {kEs, "any where name regex \"(?=a)\"", "E0213"},
      {kEg, "any where match(name, \"(a\")", "E0213"},
      {kEs, "any where cidrMatch(ip, \"10.0.0.0/99\")", "E0214"},
      {kEs, "any where length~(name) == 1", "E0215"},
      {kEs, "any where name == ip", "E0216"},
      {kEs, "any where name in (ip)", "E0216"},
      {kEp, "any where child of [process where true]", nullptr},
      {kEp, "any where _arraysearch(a, $e, $f.x == 1)", "E0222"},
      {kEp, "sequence [any where e0.pid == 1] as e0 [any where true]", "E0221"},
      {kEs, "sequence [any where true] by pid [any where true] by name", "E0212"},
  };
  for (const Case& test : cases) {
    const Outcome outcome = CheckText(test.dialect, test.query, test.dialect != kEs);
    EXPECT_FALSE(outcome.passed) << test.query;
    if (test.code != nullptr) {
      EXPECT_TRUE(outcome.Has(test.code)) << test.query << "\n"
                                          << conformance::Describe(outcome.diagnostics);
    }
  }
}

TEST(Checker, CollectsEveryProblem) {
  const Outcome outcome = CheckText(kEs, "any where nam == \"x\" or pid : \"1\" or nosuch(pid)");
  EXPECT_TRUE(outcome.Has("E0201"));
  EXPECT_TRUE(outcome.Has("E0202"));
  EXPECT_TRUE(outcome.Has("E0209"));
}

TEST(Checker, WarnsAndPasses) {
  struct Case {
    Dialect dialect;
    const char* query;
    const char* code;
  };
  const std::vector<Case> cases = {
      {kEs, "any where nam == \"x\"", "W0201"},     {kEp, "any where nam == \"x\"", "W0201"},
      {kEp, "proces where true", "W0202"},          {kEs, "any where name == \"ba*\"", "W0203"},
      {kEp, "any where name in (\"b*\")", "W0203"}, {kEs, "any where name regex \"^a\"", "W0204"},
      {kEs, "any where ?u == \"x\"", "W0205"},      {kEs, "any where geo == null", "W0206"},
  };
  for (const Case& test : cases) {
    const Outcome outcome = CheckText(test.dialect, test.query, /*open=*/true);
    EXPECT_TRUE(outcome.passed) << test.query << conformance::Describe(outcome.diagnostics);
    EXPECT_TRUE(outcome.Has(test.code)) << test.query;
  }
}

TEST(Checker, NamesTheNearestField) {
  const Outcome outcome = CheckText(kEs, "any where nmae == \"x\"", /*open=*/true);
  ASSERT_EQ(outcome.diagnostics.size(), 1U);
  ASSERT_EQ(outcome.diagnostics[0].help.size(), 1U);
  EXPECT_NE(outcome.diagnostics[0].help[0].find("name"), std::string::npos);
}

TEST(Checker, SaysWhatNeedsState) {
  EXPECT_FALSE(CheckText(kEs, "any where true").needs_state);
  EXPECT_TRUE(CheckText(kEs, "any where true | head 1").needs_state);
  EXPECT_TRUE(CheckText(kEs, "sequence [any where true] [any where true]").needs_state);
  EXPECT_TRUE(CheckText(kEp, "any where not descendant of [process where true]").needs_state);
}

TEST(Checker, AliasesResolveByName) {
  event::Schema schema(/*open=*/true);
  const base::Source source(
      "test",
      "sequence [file where true] [process where true] as event0 [any where a == event0.b]");
  ParseResult parsed = Parse(source, kEp);
  ASSERT_TRUE(parsed.query);
  event::FieldTable fields(schema);
  std::vector<base::Diagnostic> diagnostics;
  ASSERT_TRUE(Check(*parsed.query, fields, {}, diagnostics)) << conformance::Describe(diagnostics);
  const auto& item = std::get<Sequence>(parsed.query->statement).items[2];
  const auto& field = std::get<Field>(std::get<Comparison>(item.query.condition->node).right->node);
  EXPECT_EQ(field.alias_item, 1U);
  ASSERT_TRUE(field.id);
  EXPECT_EQ(fields.entry(*field.id).path, "b");
}

}  // namespace
}  // namespace vedette::eql
