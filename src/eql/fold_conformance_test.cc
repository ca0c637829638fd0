// SPDX-License-Identifier: Apache-2.0
// Constant expressions of the shared conformance data: evaluated as written and folded, both must
// give what is expected.
#include <gtest/gtest.h>

#include <toml++/toml.h>

#include "eql/conformance_support.h"
#include "eql/value_ops.h"

namespace vedette::eql::conformance {
namespace {

bool Same(const event::Value& a, const event::Value& b) {
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  if (a.is_string()) return a.text() == b.text();
  return Compact(a) == Compact(b);
}

struct Case {
  Dialect dialect;
  bool case_sensitive = false;
  std::string expression;
};

/// Parses and checks a lone expression; null when refused.
ExprPtr Prepare(const Case& test, std::string& error) {
  const base::Source source("case", test.expression);
  ParseExpressionResult parsed = ParseExpression(source, test.dialect);
  if (parsed.expression == nullptr) {
    error = Describe(parsed.diagnostics);
    return nullptr;
  }
  // `expr == null` is a condition whatever the expression is.
  auto null = std::make_unique<Expr>();
  null->node = Literal{};
  auto condition = std::make_unique<Expr>();
  condition->node =
      Comparison{ComparisonOp::kEqual, std::move(parsed.expression), std::move(null), {}};
  Query query;
  query.dialect = test.dialect;
  EventQuery event_query;
  event_query.any = true;
  event_query.condition = std::move(condition);
  query.statement = std::move(event_query);
  const event::Schema schema(/*open=*/true);
  event::FieldTable fields(schema);
  CheckOptions options;
  options.case_sensitive = test.case_sensitive;
  std::vector<base::Diagnostic> diagnostics;
  if (!Check(query, fields, options, diagnostics)) {
    error = Describe(diagnostics);
    return nullptr;
  }
  auto& checked = std::get<EventQuery>(query.statement).condition;
  return std::move(std::get<Comparison>(checked->node).left);
}

void ExpectValue(Tally& tally, const Case& test, const event::Value& expected) {
  std::string error;
  ExprPtr expr = Prepare(test, error);
  CheckOptions options;
  options.case_sensitive = test.case_sensitive;
  bool good = expr != nullptr;
  EXPECT_NE(expr, nullptr) << test.expression << "\n" << error;
  if (expr != nullptr) {
    base::Arena arena;
    const event::Value plain = Evaluate(*expr, test.dialect, options, event::Event{}, arena);
    FoldConstants(expr, test.dialect, options);
    const bool folded = std::holds_alternative<Literal>(expr->node);
    const event::Value after =
        folded ? ToValue(std::get<Literal>(expr->node)) : event::Value::String("not folded");
    EXPECT_TRUE(Same(plain, expected))
        << test.expression << "\nevaluated " << Compact(plain) << " wanted " << Compact(expected);
    EXPECT_TRUE(Same(after, expected))
        << test.expression << "\nfolded " << Compact(after) << " wanted " << Compact(expected);
    good = Same(plain, expected) && Same(after, expected);
  }
  ++(good ? tally.passed : tally.failed);
}

void ExpectRefused(Tally& tally, const Case& test) {
  std::string error;
  const bool refused = Prepare(test, error) == nullptr;
  EXPECT_TRUE(refused) << test.expression;
  ++(refused ? tally.passed : tally.failed);
}

TEST(FoldConformance, Elasticsearch) {
  VEDETTE_NEED_SHARED(shared);
  Tally tally{"elasticsearch/fold_cases"};
  Tally contested{"elasticsearch/fold_cases, contested (informational, against implementation)"};
  const auto path = shared / "eql" / "conformance" / "elasticsearch" / "fold_cases.jsonl";
  for (const std::string& line : ReadLines(path)) {
    const Json record(line);
    const Case test{Dialect::kElasticsearch, false, Text(record->Get("expression"))};
    if (!record->Get("contested").is_null()) {
      const event::Value implementation = record->Get("implementation_result");
      if (implementation.is_null()) {
        ++contested.skipped;
      } else {
        ExpectValue(contested, test, implementation);
      }
    } else if (record->Get("expect_error").is_object()) {
      ExpectRefused(tally, test);
    } else {
      ExpectValue(tally, test, record->Get("expected"));
    }
  }
}

event::Value FromToml(const toml::node* node) {
  if (node == nullptr) return {};
  if (const auto* v = node->as_boolean()) return event::Value::Boolean(v->get());
  if (const auto* v = node->as_integer()) return event::Value::Integer(v->get());
  if (const auto* v = node->as_floating_point()) return event::Value::Double(v->get());
  if (const auto* v = node->as_string()) return event::Value::String(v->get());
  return {};
}

std::string ReplaceAll(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

using Substitutions = std::vector<std::pair<std::string, std::string>>;

class EndgameGroup {
 public:
  EndgameGroup(Tally& values, Tally& refusals, bool sensitive)
      : values_(values), refusals_(refusals), sensitive_(sensitive) {}

  void Run(const toml::table& group, const Substitutions& substitutions) {
    RunTests(group["fold"]["tests"].as_array(), substitutions);
    RunTests(group["tests"].as_array(), substitutions);
    if (const toml::array* failures = group["verifier"]["failures"].as_array()) {
      for (const toml::node& failure : *failures) {
        ExpectRefused(refusals_, MakeCase(*failure.as_table(), substitutions));
      }
    }
    if (const toml::array* loops = group["loop"].as_array()) {
      for (const toml::node& loop : *loops) RunLoop(*loop.as_table(), substitutions);
    }
  }

 private:
  Case MakeCase(const toml::table& test, const Substitutions& substitutions) const {
    std::string expression = test["expression"].value_or(std::string());
    for (const auto& [name, value] : substitutions)
      expression = ReplaceAll(expression, name, value);
    return {Dialect::kEndgame, sensitive_, expression};
  }

  void RunTests(const toml::array* tests, const Substitutions& substitutions) {
    if (tests == nullptr) return;
    for (const toml::node& node : *tests) {
      const toml::table& test = *node.as_table();
      ExpectValue(values_, MakeCase(test, substitutions), FromToml(test.get("expected")));
    }
  }

  void RunLoop(const toml::table& loop, const Substitutions& outer) {
    static const std::map<std::string, std::string> kLiterals = {{"null", "null"},
                                                                 {"bool", "true"},
                                                                 {"int", "-7"},
                                                                 {"string", "\"ab c\""},
                                                                 {"float", "2.5"}};
    const std::string name = loop["param"]["name"].value_or(std::string());
    for (const toml::node& type : *loop["param"]["type"].as_array()) {
      Substitutions inner = outer;
      inner.emplace_back("$" + name, kLiterals.at(type.value_or(std::string())));
      Run(loop, inner);
    }
  }

  Tally& values_;
  Tally& refusals_;
  bool sensitive_;
};

TEST(FoldConformance, Endgame) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "endgame";
  Tally values{"endgame folding and string functions"};
  Tally refusals{"endgame refusals"};
  for (const char* name : {"test_folding.toml", "test_string_functions.toml"}) {
    const toml::table file = toml::parse(ReadFile(folder / name));
    for (const auto& [key, node] : file) {
      const toml::table& group = *node.as_table();
      for (const bool sensitive : {false, true}) {
        if (group["case_sensitive"].value_or(false) && !sensitive) continue;
        if (group["case_insensitive"].value_or(false) && sensitive) continue;
        SCOPED_TRACE(std::string(key.str()) + (sensitive ? ", sensitive" : ", insensitive"));
        EndgameGroup(values, refusals, sensitive).Run(group, {});
      }
    }
  }
}

}  // namespace
}  // namespace vedette::eql::conformance
