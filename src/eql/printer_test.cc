// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "eql/parser.h"

namespace vedette::eql {
namespace {

constexpr Dialect kES = Dialect::kElasticsearch;
constexpr Dialect kEP = Dialect::kEndpoint;
constexpr Dialect kEG = Dialect::kEndgame;

struct PrintCase {
  const char* name;
  Dialect dialect;
  std::string text;
  std::string printed;
};

class PrintExpression : public testing::TestWithParam<PrintCase> {};

TEST_P(PrintExpression, IsCanonicalAndStable) {
  const PrintCase& c = GetParam();
  const auto parsed = ParseExpression(base::Source("test", c.text), c.dialect);
  ASSERT_NE(parsed.expression, nullptr)
      << (parsed.diagnostics.empty() ? "" : parsed.diagnostics[0].message);
  const std::string printed = Print(*parsed.expression, c.dialect);
  EXPECT_EQ(printed, c.printed);
  const auto again = ParseExpression(base::Source("test", printed), c.dialect);
  ASSERT_NE(again.expression, nullptr);
  EXPECT_TRUE(Equal(*parsed.expression, *again.expression));
  EXPECT_EQ(Print(*again.expression, c.dialect), printed);
  EXPECT_TRUE(Equal(*parsed.expression, *Clone(*parsed.expression)));
}

const PrintCase kExpressions[] = {
    {"KeepsNeededBrackets", kES, "(a or b) and c", "(a or b) and c"},
    {"DropsOthers", kES, "((a)) or (b and c)", "a or b and c"},
    {"KeepsNestedChain", kES, "a or (b or c)", "a or (b or c)"},
    {"NotOfComparison", kES, "not (a == b) and c", "not a == b and c"},
    {"NotOfOr", kES, "not (a or b)", "not (a or b)"},
    {"NotInComparison", kES, "(not a) == true", "(not a) == true"},
    {"LeftArithmetic", kES, "a - b - c", "a - b - c"},
    {"RightArithmetic", kES, "a - (b - c)", "a - (b - c)"},
    {"SumInProduct", kES, "(a + b) * c", "(a + b) * c"},
    {"PredicateBindsToPrimary", kES, "a + b in (1)", "a + b in (1)"},
    {"SumInPredicate", kES, "(a + b) in (1)", "(a + b) in (1)"},
    {"EndgameInTakesTheSum", kEG, "a + b in (1)", "a + b in (1)"},
    {"EndgameInInSum", kEG, "a + (b in (1))", "a + (b in (1))"},
    {"Signs", kES, "- -x : \"y\"", "--x : \"y\""},
    {"EndgameSigns", kEG, "-(-x)", "-(-x)"},
    {"NotIn", kES, "a not in~ (\"b\", \"c\")", "a not in~ (\"b\", \"c\")"},
    {"PatternList", kES, "a like~ (\"b*\")", "a like~ (\"b*\")"},
    {"RawString", kES, R"(a == "C:\\x")", R"(a == """C:\x""")"},
    {"EndgameString", kEG, R"(a == ?'C:\x')", R"(a == "C:\\x")"},
    {"ControlCharacters", kES, R"(a == "\n\u{01}\\")", R"(a == "\n\u{01}\\")"},
    {"Double", kES, "a == 5.0 or a == 1e300 or a == .5", "a == 5.0 or a == 1e+300 or a == 0.5"},
    {"BigNumbers", kES, "a in (9223372036854775807, 18446744073709551615, 18446744073709551616)",
     "a in (9223372036854775807, 18446744073709551615, 18446744073709551616.0)"},
    {"QuotedNames", kES, "event.`sequence`.`a-b`.`c`", "event.`sequence`.`a-b`.c"},
    {"Backtick", kES, "`a``b`", "`a``b`"},
    {"Optional", kES, "?a . b == null", "?a.b == null"},
    {"Variable", kEP, "_arraysearch(a, $e, $e.x : \"*\")", "_arraysearch(a, $e, $e.x : \"*\")"},
    {"EndpointRelation", kEP, "not descendant of [process where x]",
     "not descendant of [process where x]"},
    {"RelationInBrackets", kEP, "(descendant of [process where x]) == true",
     "(descendant of [process where x]) == true"},
    {"EndgameRelation", kEG, "child of [any where x] == true", "child of [any where x] == true"},
    {"Index", kEG, "a[0][1].b", "a[0][1].b"},
    {"Method", kEG, "a:length() > 2", "a:length() > 2"},
    {"MethodChain", kEG, "-a:f(1):g()", "-a:f(1):g()"},
    {"SignOfMethod", kEG, "-(a:f())", "-(a:f())"},
    {"Equals", kEG, "a = 'b'", "a == \"b\""},
    {"TildeCall", kES, "endswith~(a, \"b\")", "endswith~(a, \"b\")"},
};
INSTANTIATE_TEST_SUITE_P(All, PrintExpression, testing::ValuesIn(kExpressions),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

class PrintQuery : public testing::TestWithParam<PrintCase> {};

TEST_P(PrintQuery, IsCanonicalAndStable) {
  const PrintCase& c = GetParam();
  const ParseResult parsed = Parse(base::Source("test", c.text), c.dialect);
  ASSERT_TRUE(parsed.query.has_value())
      << (parsed.diagnostics.empty() ? "" : parsed.diagnostics[0].message);
  const std::string printed = Print(*parsed.query);
  EXPECT_EQ(printed, c.printed);
  const ParseResult again = Parse(base::Source("test", printed), c.dialect);
  ASSERT_TRUE(again.query.has_value());
  EXPECT_TRUE(Equal(*parsed.query, *again.query));
}

const PrintCase kQueries[] = {
    {"Event", kES, "process  where true", "process where true"},
    {"QuotedCategory", kES, "\"any\" where true", "\"any\" where true"},
    {"Pipes", kES, "any where x|tail 4|head 1", "any where x\n| tail 4\n| head 1"},
    {"Sequence", kES,
     "sequence by a, ?b with maxspan = 05 m [x where 1 == 1] by c with runs = 3 ![y where z] by d "
     "until [w where v] by e",
     "sequence by a, ?b with maxspan=5m\n  [x where 1 == 1] by c with runs=3\n  ![y where z] by "
     "d\nuntil [w where v] by e"},
    {"Alias", kEP, "sequence [a where b] as e0 [c where d == e0.x]",
     "sequence\n  [a where b] as e0\n  [c where d == e0.x]"},
    {"Sample", kES, "sample by h [a where b] [c where d]",
     "sample by h\n  [a where b]\n  [c where d]"},
    {"Join", kEG, "join by string(p), p * 2, [a where b] [c where d] until [e where f]",
     "join by string(p), p * 2\n  [a where b]\n  [c where d]\nuntil [e where f]"},
    {"Fork", kEG, "sequence [a where b] fork=true by x [c where d] fork=false by y",
     "sequence\n  [a where b] fork by x\n  [c where d] fork=false by y"},
    {"CommaFreePipe", kEG, "any where x | sort a b, c", "any where x\n| sort a, b, c"},
    {"Macro", kEG, "macro M(a, b) a == b or a const C = 5 any where M(x, C) and y",
     "macro M(a, b) a == b or a\nconst C = 5\nany where (x == 5 or x) and y"},
    {"FieldNamedAsConstant", kEG, "const C = 5 any where `C` == C",
     "const C = 5\nany where `C` == 5"},
    {"NestedMacro", kEG, "macro A(x) x + 1 macro B(y) A(y) * 2 any where B(z) == 4",
     "macro A(x) x + 1\nmacro B(y) (y + 1) * 2\nany where (z + 1) * 2 == 4"},
};
INSTANTIATE_TEST_SUITE_P(All, PrintQuery, testing::ValuesIn(kQueries),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

TEST(FieldTest, DottedJoinsNamesAndIndexes) {
  Field field;
  field.path.push_back({std::string("a")});
  field.path.push_back({std::uint64_t{3}});
  field.path.push_back({std::string("b")});
  EXPECT_EQ(field.Dotted(), "a[3].b");
}

}  // namespace
}  // namespace vedette::eql
