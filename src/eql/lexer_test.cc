// SPDX-License-Identifier: Apache-2.0
#include "eql/lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vedette::eql {
namespace {

constexpr Dialect kES = Dialect::kElasticsearch;
constexpr Dialect kEP = Dialect::kEndpoint;
constexpr Dialect kEG = Dialect::kEndgame;

Tokens LexIn(Dialect dialect, std::string_view text) { return Lex(text, RulesOf(dialect)); }

std::vector<std::string> Codes(const Tokens& tokens) {
  std::vector<std::string> codes;
  for (const base::Diagnostic& diagnostic : tokens.diagnostics) codes.push_back(diagnostic.code);
  return codes;
}

struct StringCase {
  const char* name;
  Dialect dialect;
  std::string text;
  std::string value;
};

class LexerStrings : public testing::TestWithParam<StringCase> {};

TEST_P(LexerStrings, Decode) {
  const StringCase& c = GetParam();
  const Tokens tokens = LexIn(c.dialect, c.text);
  EXPECT_TRUE(tokens.diagnostics.empty());
  ASSERT_EQ(tokens.tokens.size(), 2u);
  EXPECT_EQ(tokens.tokens[0].kind, TokenKind::kString);
  EXPECT_EQ(tokens.tokens[0].end, c.text.size());
  EXPECT_EQ(tokens.texts[0], c.value);
}

const StringCase kStrings[] = {
    {"Plain", kES, R"("abc")", "abc"},
    {"Empty", kES, R"("")", ""},
    {"Escapes", kES, R"("\b\t\n\f\r\"\'\\")", "\b\t\n\f\r\"'\\"},
    {"UnicodeTwoDigits", kES, R"("\u{41}")", "A"},
    {"UnicodeEightDigits", kES, R"("\u{0001F600}")", "\xF0\x9F\x98\x80"},
    {"LiteralNonAscii", kES, "\"\xC3\xA9\"", "\xC3\xA9"},
    {"Raw", kES, R"("""C:\Users\*""")", R"(C:\Users\*)"},
    {"RawEmpty", kES, R"("""""")", ""},
    {"RawOneQuoteAtEnd", kES, R"("""say "hi"""")", R"(say "hi")"},
    {"RawTwoQuotesAtEnd", kEP, R"("""a""""")", R"(a"")"},
    {"RawOnlyQuotes", kES, R"("""""""")", R"("")"},
    {"EndgameSingle", kEG, R"('it\'s "x"')", R"(it's "x")"},
    {"EndgameRaw", kEG, R"(?'\w+\'s')", R"(\w+'s)"},
    {"EndgameRawDouble", kEG, R"(?"a\d\"b")", R"(a\d"b)"},
};
INSTANTIATE_TEST_SUITE_P(All, LexerStrings, testing::ValuesIn(kStrings),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

struct ErrorCase {
  const char* name;
  Dialect dialect;
  std::string text;
  std::string code;
  std::string at;  ///< the text the span covers
};

class LexerErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(LexerErrors, Report) {
  const ErrorCase& c = GetParam();
  const Tokens tokens = LexIn(c.dialect, c.text);
  ASSERT_FALSE(tokens.diagnostics.empty());
  const base::Diagnostic& first = tokens.diagnostics[0];
  EXPECT_EQ(first.code, c.code) << first.message;
  EXPECT_EQ(c.text.substr(first.span.begin, first.span.end - first.span.begin), c.at);
}

const ErrorCase kErrors[] = {
    {"UnknownCharacter", kES, "a \x01", "E0101", "\x01"},
    {"NoBreakSpace", kES, "a\xC2\xA0", "E0101", "\xC2\xA0"},
    {"DoubleAmpersand", kES, "a && b", "E0101", "&&"},
    {"StrayTilde", kES, "in ~", "E0101", "~"},
    {"TildeAfterAnd", kES, "and~", "E0101", "~"},
    {"EndgameTilde", kEG, "in~", "E0101", "~"},
    {"LoneBang", kES, "! a", "E0101", "!"},
    {"OpenString", kES, "\"abc\n\"", "E0102", "\""},
    {"OpenRaw", kES, "\"\"\"abc\n\"\"\"", "E0102", "\"\"\""},
    {"BadUtf8", kES, "a \xFF", "E0103", "\xFF"},
    {"OverlongUtf8", kES, "\"\xC0\x80\"", "E0103", "\xC0"},
    {"UnknownEscape", kES, R"("C:\Windows")", "E0104", R"(\W)"},
    {"OldUnicodeEscape", kES, R"("\uad12")", "E0104", R"(\u)"},
    {"OneHexDigit", kES, R"("\u{D}")", "E0105", R"(\u{D})"},
    {"TenHexDigits", kES, R"("\u{123456789A}")", "E0105", R"(\u{123456789A})"},
    {"NoHexDigit", kES, R"("\u{U1}")", "E0105", R"(\u{)"},
    {"PastUnicode", kES, R"("\u{10000000}")", "E0105", R"(\u{10000000})"},
    {"Surrogate", kES, R"("\u{DcF7}")", "E0105", R"(\u{DcF7})"},
    {"OpenComment", kES, "a /* b", "E0106", "/*"},
    {"OpenNestedComment", kES, "a /* /* */ b", "E0106", "/*"},
    {"OpenQuotedName", kES, "`abc", "E0107", "`"},
    {"EmptyQuotedName", kEG, "``", "E0107", "``"},
    {"SingleQuotes", kES, "'abc'", "E0108", "'abc'"},
    {"QuestionString", kEP, "?\"abc\"", "E0109", "?\"abc\""},
    {"EndgameTripleQuotes", kEG, "\"\"\"abc\"\"\"", "E0109", "\"\"\"abc\"\"\""},
};
INSTANTIATE_TEST_SUITE_P(All, LexerErrors, testing::ValuesIn(kErrors),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

TEST(LexerTest, SeveralSlipsAreAllReported) {
  const Tokens tokens = LexIn(kES, R"('a' "\q" ?"b")");
  EXPECT_EQ(Codes(tokens), (std::vector<std::string>{"E0108", "E0104", "E0109"}));
  EXPECT_TRUE(tokens.usable);
}

TEST(LexerTest, GivesUpAfterTwentyErrors) {
  const Tokens tokens = LexIn(kES, std::string(1000, ';'));
  EXPECT_EQ(tokens.diagnostics.size(), 20u);
  EXPECT_FALSE(tokens.usable);
}

TEST(LexerTest, CommentsAreBlanks) {
  for (const Dialect dialect : {kES, kEP}) {
    EXPECT_EQ(LexIn(dialect, "a // b\n/* c /* d */ */ e").tokens.size(), 3u);
  }
  // In Endgame EQL the first closing mark closes.
  EXPECT_EQ(LexIn(kEG, "a /* c /* d */ e").tokens.size(), 3u);
}

TEST(LexerTest, NumbersByDialect) {
  using enum TokenKind;
  EXPECT_EQ(LexIn(kES, "1.").tokens[0].kind, kDecimal);
  EXPECT_EQ(LexIn(kEG, "1.").tokens[0].kind, kInteger);
  EXPECT_EQ(LexIn(kES, ".5").tokens[0].kind, kDecimal);
  EXPECT_EQ(LexIn(kEG, ".5").tokens[0].kind, kDecimal);
  EXPECT_EQ(LexIn(kES, "1.5E-2").tokens[0].end, 6u);
  EXPECT_EQ(LexIn(kES, "5m").tokens[0].end, 1u);
  EXPECT_EQ(LexIn(kES, "1e").tokens[0].end, 1u);
}

TEST(LexerTest, KeywordsByDialect) {
  using enum TokenKind;
  EXPECT_EQ(LexIn(kES, "like").tokens[0].kind, kLike);
  EXPECT_EQ(LexIn(kEG, "like").tokens[0].kind, kName);
  EXPECT_EQ(LexIn(kES, "macro").tokens[0].kind, kName);
  EXPECT_EQ(LexIn(kEG, "macro").tokens[0].kind, kMacro);
  EXPECT_EQ(LexIn(kES, "AND").tokens[0].kind, kName);
  EXPECT_EQ(LexIn(kES, "like~").tokens[0].kind, kLikeInsensitive);
  EXPECT_EQ(LexIn(kES, "startswith~").tokens[0].kind, kTildeName);
  EXPECT_EQ(LexIn(kES, "@timestamp").tokens[0].kind, kName);
  EXPECT_EQ(LexIn(kES, "`a``b`").texts[0], "a`b");
}

}  // namespace
}  // namespace vedette::eql
