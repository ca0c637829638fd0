// SPDX-License-Identifier: Apache-2.0
#include "eql/parser.h"

#include <gtest/gtest.h>

#include <string>

namespace vedette::eql {
namespace {

constexpr Dialect kES = Dialect::kElasticsearch;
constexpr Dialect kEP = Dialect::kEndpoint;
constexpr Dialect kEG = Dialect::kEndgame;

std::string Repeat(std::string_view text, std::size_t times) {
  std::string repeated;
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

ParseResult ParseText(std::string text, Dialect dialect, const ParseLimits& limits = {}) {
  return Parse(base::Source("test", std::move(text)), dialect, limits);
}

std::string FirstCode(const ParseResult& result) {
  return result.diagnostics.empty() ? "none" : result.diagnostics[0].code;
}

struct ErrorCase {
  const char* name;
  Dialect dialect;
  std::string text;
  std::string code;
  std::string at;  ///< the text that the span covers
};

class ParserErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(ParserErrors, ReportOneGoodError) {
  const ErrorCase& c = GetParam();
  const ParseResult result = ParseText(c.text, c.dialect);
  EXPECT_FALSE(result.query.has_value());
  ASSERT_EQ(result.diagnostics.size(), 1u)
      << (result.diagnostics.empty()
              ? ""
              : result.diagnostics[0].message + " / " + result.diagnostics.back().message);
  const base::Diagnostic& error = result.diagnostics[0];
  EXPECT_EQ(error.code, c.code) << error.message;
  EXPECT_EQ(c.text.substr(error.span.begin, error.span.end - error.span.begin), c.at)
      << error.message;
}

const ErrorCase kErrors[] = {
    {"Empty", kES, "", "E0130", ""},
    {"NumberFirst", kES, "42 where true", "E0130", "42"},
    {"NoWhere", kES, "process", "E0130", ""},
    {"UpperCaseWhere", kES, "process WHERE true", "E0130", "WHERE"},
    {"OptionalCategory", kES, "?x where true", "E0130", "?"},
    {"OpenBracket", kES, "any where (a or b", "E0130", ""},
    {"StrayBracket", kES, "any where a)", "E0130", ")"},
    {"NotInTheMiddle", kES, "any where a == not b", "E0130", "not"},
    {"NotLike", kES, "any where a not like \"x\"", "E0138", "not"},
    {"DigitFirst", kES, "any where 6eth", "E0138", "eth"},
    {"TrailingComma", kES, "any where a in (1,)", "E0130", ")"},
    {"EndgameSpaceBeforeDot", kEG, "any where a .b", "E0130", "."},
    {"KeywordInPath", kES, "any where event.sequence == 1", "E0131", "sequence"},
    {"KeywordAsField", kES, "any where sample == 1", "E0131", "sample"},
    {"KeywordAsCategory", kES, "sample where true", "E0130", "where"},
    {"KeywordAsCategory2", kES, "with where true", "E0131", "with"},
    {"SingleEquals", kES, "any where a = 2.0", "E0132", "="},
    {"Chained", kES, "any where a < b <= c", "E0133", "<="},
    {"ChainedIn", kEG, "any where a in (1) in (2)", "E0133", "in"},
    {"EmptyList", kES, "any where a in ()", "E0134", "()"},
    {"EmptyPatterns", kES, "any where a like ()", "E0134", "()"},
    {"PatternField", kES, "any where a like b", "E0135", "b"},
    {"PatternSign", kES, "any where a : -1", "E0135", "-"},
    {"QuotedCategory", kES, "`a` where true", "E0137", "`a`"},
    {"Trailing", kES, "any where a b", "E0138", "b"},
    {"HugeNumber", kES, "any where a == 1e999", "E0110", "1e999"},
    {"NoUnit", kES, "sequence with maxspan=30 [a where b] [c where d]", "E0140", "30"},
    {"DecimalSpan", kES, "sequence with maxspan=2.0h [a where b] [c where d]", "E0141", "2.0"},
    {"Weeks", kES, "sequence with maxspan=5w [a where b] [c where d]", "E0142", "w"},
    {"ZeroSpan", kES, "sequence with maxspan=0s [a where b] [c where d]", "E0143", "0s"},
    {"NegativeSpan", kEP, "sequence with maxspan=-1s [a where b] [c where d]", "E0143", "-1s"},
    {"WithBeforeBy", kES, "sequence with maxspan=1s by k [a where b] [c where d]", "E0144", "by"},
    {"KeyCount", kES, "sequence [a where b] by k [c where d]", "E0150", "[c where d]"},
    {"UntilKeyCount", kES, "sequence [a where b] by k [c where d] by k until [e where f]", "E0150",
     "[e where f]"},
    {"OneItem", kES, "sequence [a where b] until [c where d]", "E0151", "sequence"},
    {"OneJoinItem", kEG, "join [a where b]", "E0151", "join"},
    {"OneSampleItem", kES, "sample by k [a where b]", "E0151", "sample"},
    {"RunsZero", kES, "sequence [a where b] with runs=0 [c where d]", "E0152", "0"},
    {"RunsTooMany", kES, "sequence [a where b] with runs=101 [c where d]", "E0152", "101"},
    {"RunsNegative", kES, "sequence [a where b] with runs=-1 [c where d]", "E0152", "-1"},
    {"RunsCutShort", kES, "sequence [a where b] with", "E0130", ""},
    {"MissingWithoutSpan", kES, "sequence [a where b] ![c where d]", "E0153", "![c where d]"},
    {"OnlyMissing", kES, "sequence with maxspan=1s ![a where b] ![c where d]", "E0154",
     "![a where b]"},
    {"MissingUntil", kES, "sequence with maxspan=1s [a where b] [c where d] until ![e where f]",
     "E0155", "!["},
    {"MissingInSample", kES, "sample by k [a where b] ![c where d]", "E0155", "!["},
    {"SampleWithoutKey", kES, "sample [a where b] [c where d]", "E0156", "sample"},
    {"KeyExpression", kES, "sequence by a * 2 [a where b] [c where d]", "E0157", "*"},
    {"KeyCall", kES, "sequence by length(a) [a where b] [c where d]", "E0157", "length"},
    {"KeyString", kES, "sequence by \"a\" [a where b] [c where d]", "E0157", "\"a\""},
    {"OptionTwice", kES, "sequence [a where b] by c by d [a where b]", "E0158", "by"},
    {"OptionOrder", kES, "sequence [a where b] with runs=2 by d", "E0158", "by"},
    {"UntilRuns", kES, "sequence [a where b] [a where b] until [c where d] with runs=2", "E0158",
     "with"},
    {"SampleSpan", kES, "sample by k with maxspan=1s [a where b] [a where b]", "E0158", "with"},
    {"EndgamePipe", kES, "any where a | unique b c, d", "E0160", "unique"},
    {"PipeInEndpoint", kEP, "any where a | head 1", "E0160", "|"},
    {"UnknownPipe", kES, "any where a | heads 5", "E0161", "heads"},
    {"NoPipeArgument", kES, "any where a | head", "E0162", "head"},
    {"TwoPipeArguments", kES, "any where a | head 1, 2", "E0162", "head"},
    {"FilterArguments", kEG, "any where a | filter b, c", "E0162", "filter"},
    {"DecimalCount", kES, "any where a | head 5.5", "E0163", "5.5"},
    {"NegativeCount", kES, "any where a | tail -1", "E0163", "-1"},
    {"ZeroCount", kEG, "any where a | tail 0", "E0163", "0"},
    {"DefinedTwice", kEG, "const A = 1 const A = 2 any where a", "E0170", "A"},
    {"ParameterTwice", kEG, "macro A(x, x) x any where a", "E0170", "x"},
    {"MacroArguments", kEG, "macro A(x) x any where A()", "E0171", "A"},
    {"Recursion", kEG, "macro A(x) A(x) any where A(1)", "E0172", "A"},
    {"UsedBefore", kEG, "macro A() B() macro B() c any where A()", "E0173", "B"},
    {"Index", kES, "any where a[0].b", "E0180", "[0]"},
    {"Descendant", kES, "any where a and descendant of [b where c]", "E0181", "descendant of"},
    {"Child", kEP, "any where child of [b where c]", "E0181", "child of"},
    {"RelationCompared", kEP, "any where descendant of [b where c] == true", "E0138", "=="},
    {"Optional", kEP, "any where ?a == 1", "E0182", "?"},
    {"Variable", kES, "any where $x == 1", "E0183", "$"},
    {"Alias", kES, "sequence [a where b] as e0 [c where d]", "E0184", "as"},
    {"Fork", kES, "sequence [a where b] [c where d] fork=true", "E0185", "fork"},
    {"Runs", kEP, "sequence [a where b] with runs=3", "E0186", "with runs=3"},
    {"Missing", kEP, "sequence [a where b] ![c where d]", "E0187", "!["},
    {"Sample", kEP, "sample by k [a where b] [c where d]", "E0188", "sample"},
    {"Join", kES, "join by k [a where b] [c where d]", "E0189", "join"},
    {"StringCategory", kEP, "\"a\" where b", "E0192", "\"a\""},
    {"MethodInElastic", kES, "any where a:length()", "E0135", "length"},
    {"ColonInEndgame", kEG, "any where a : \"b*\"", "E0138", ":"},
    {"LikeInEndgame", kEG, "any where a like \"b*\"", "E0138", "like"},
    {"SingleQuotes", kES, "any where a == 'b'", "E0108", "'b'"},
};
INSTANTIATE_TEST_SUITE_P(All, ParserErrors, testing::ValuesIn(kErrors),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

TEST(ParserTest, SlipsOfClearMeaningAreAllReported) {
  const ParseResult result = ParseText("any where a = 'b' and c[0] = 1 | sort d | heads 5", kES);
  std::string codes;
  for (const base::Diagnostic& diagnostic : result.diagnostics) codes += diagnostic.code + " ";
  EXPECT_EQ(codes, "E0132 E0108 E0180 E0132 E0160 E0161 ");
}

TEST(ParserTest, HelpNamesTheRemedy) {
  const auto help = [](const char* text, Dialect dialect) {
    const ParseResult result = ParseText(text, dialect);
    return result.diagnostics.empty() || result.diagnostics[0].help.empty()
               ? std::string()
               : result.diagnostics[0].help[0];
  };
  EXPECT_EQ(help("any where a = 1", kES), "compare with `==`");
  EXPECT_EQ(help("any where a == 'b'", kES), "use double quotes: `\"b\"`");
  EXPECT_EQ(help("any where a AND b", kES), "keywords are lower case: write `and`");
  EXPECT_EQ(help("process wher a", kES), "did you mean `where`?");
  EXPECT_EQ(help("any where a | heads 1", kES), "did you mean `head`?");
  EXPECT_EQ(help("any where event.sequence == 1", kES), "quote it: `` `sequence` ``");
}

TEST(ParserTest, EndgameForms) {
  for (const char* text : {
           "process where process_name = 'a*'",
           "any where a in (1, 2,)",
           "any where f(a, b,)",
           "sequence with maxspan == 5s by k [a where b] [c where d]",
           "sequence by k with maxspan=0s [a where b] [c where d]",
           "any where subtype.create and a[3].b == 1",
           "any where true | count",
           "any where true | filter events[1].a == 92 | unique a b",
           "any where event of [process where child of [file where x]] | head",
           "any where like == maxspan and regex == any",
       }) {
    const ParseResult result = ParseText(text, kEG);
    EXPECT_TRUE(result.query.has_value()) << text << ": " << FirstCode(result);
  }
}

TEST(ParserTest, SpansCoverTheExpression) {
  const auto parsed = ParseExpression(base::Source("test", " (a) + b * c "), kES);
  ASSERT_NE(parsed.expression, nullptr);
  EXPECT_EQ(parsed.expression->span.begin, 1u);
  EXPECT_EQ(parsed.expression->span.end, 12u);
}

TEST(ParserTest, LongSpansSaturate) {
  const ParseResult result =
      ParseText("sequence with maxspan=99999999999999999999d [a where b] [c where d]", kES);
  ASSERT_TRUE(result.query.has_value());
  EXPECT_EQ(std::get<Sequence>(result.query->statement).maxspan, base::Duration::max());
}

// Nesting at the limit must neither be refused nor exhaust the stack, in any walk over the tree.
class DeepNesting : public testing::TestWithParam<Dialect> {};

void ExpectDeepIsFine(const std::string& text, Dialect dialect) {
  const ParseResult result = ParseText(text, dialect);
  ASSERT_TRUE(result.query.has_value()) << text.substr(0, 60) << ": " << FirstCode(result);
  const std::string printed = Print(*result.query);
  const ParseResult again = ParseText(printed, dialect);
  ASSERT_TRUE(again.query.has_value()) << FirstCode(again);
  EXPECT_TRUE(Equal(*result.query, *again.query));
  if (const auto* event = std::get_if<EventQuery>(&result.query->statement)) {
    EXPECT_TRUE(Equal(*event->condition, *Clone(*event->condition)));
  }
}

TEST_P(DeepNesting, AtTheLimit) {
  const Dialect d = GetParam();
  ExpectDeepIsFine("any where " + Repeat("(", 1000) + "a" + Repeat(")", 1000), d);
  ExpectDeepIsFine("any where " + Repeat("not ", 999) + "a", d);
  ExpectDeepIsFine("any where a == " + Repeat("1 + ", 998) + "1", d);
  ExpectDeepIsFine("any where " + Repeat("f(", 999) + "a" + Repeat(")", 999), d);
  ExpectDeepIsFine("any where " + Repeat("a in (", 999) + "a" + Repeat(")", 999), d);
  ExpectDeepIsFine("any where " + Repeat("a or b and c == d + e * (", 199) + "a" + Repeat(")", 199),
                   d);
}

TEST_P(DeepNesting, PastTheLimit) {
  const Dialect d = GetParam();
  for (const std::string& condition :
       {Repeat("(", 1001) + "a" + Repeat(")", 1001), Repeat("(", 500'000),
        Repeat("not ", 1000) + "a", Repeat("1 + ", 1000) + "1", Repeat("f(", 300'000),
        Repeat("a in (", 100'000), Repeat("a or b and c == d + e * (", 40'000),
        Repeat("not ", 200'000) + "a"}) {
    const ParseResult result = ParseText("any where " + condition, d);
    EXPECT_EQ(FirstCode(result), "E0121") << condition.substr(0, 40);
    EXPECT_EQ(result.diagnostics.size(), 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(All, DeepNesting, testing::Values(kES, kEP, kEG));

TEST(ParserLimits, RelationsNest) {
  ExpectDeepIsFine("any where " + Repeat("child of [any where ", 998) + "a" + Repeat("]", 998),
                   kEG);
  EXPECT_EQ(FirstCode(ParseText("any where " + Repeat("descendant of [any where ", 40'000), kEP)),
            "E0121");
}

TEST(ParserLimits, ChainsAreFlat) {
  ExpectDeepIsFine("any where a" + Repeat(" or a", 50'000), kES);
  const ParseResult result = ParseText("any where a or b or c", kES);
  ASSERT_TRUE(result.query.has_value());
  const auto& event = std::get<EventQuery>(result.query->statement);
  EXPECT_EQ(std::get<Logical>(event.condition->node).operands.size(), 3u);
}

TEST(ParserLimits, TextIsBounded) {
  EXPECT_EQ(FirstCode(ParseText(Repeat(" ", 1024 * 1024 + 1), kES)), "E0120");
  EXPECT_TRUE(ParseText("any where a" + Repeat(" ", 1024 * 1024 - 11), kES).query.has_value());
}

TEST(ParserLimits, NodesAreBounded) {
  EXPECT_EQ(FirstCode(ParseText("any where a in (1" + Repeat(",1", 100'000) + ")", kES)), "E0122");
  ParseLimits limits;
  limits.max_nodes = 4;
  EXPECT_TRUE(ParseText("any where a or b", kES, limits).query.has_value());
  EXPECT_EQ(FirstCode(ParseText("any where a or b or c", kES, limits)), "E0122");
}

TEST(ParserLimits, MacrosCannotMultiply) {
  std::string nodes = "macro M0(x) x + x\n";
  std::string bytes = "const S = \"" + Repeat("s", 400'000) + "\" any where a in (S";
  for (int i = 1; i < 60; ++i) {
    const std::string n = std::to_string(i);
    nodes += "macro M" + n + "(x) M" + std::to_string(i - 1) + "(x) + M" + std::to_string(i - 1) +
             "(x)\n";
  }
  EXPECT_EQ(FirstCode(ParseText(nodes + "any where M59(1)", kEG)), "E0122");
  EXPECT_EQ(FirstCode(ParseText(bytes + Repeat(",S", 1000) + ")", kEG)), "E0122");
}

}  // namespace
}  // namespace vedette::eql
