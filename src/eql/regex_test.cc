// SPDX-License-Identifier: Apache-2.0
#include "eql/regex.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vedette::eql {
namespace {

constexpr auto kLucene = RegexFlavour::kLucene;
constexpr auto kBasic = RegexFlavour::kLuceneBasic;
constexpr auto kPython = RegexFlavour::kPython;

struct Case {
  const char* name;
  RegexFlavour flavour;
  bool insensitive;
  const char* pattern;
  std::vector<const char*> matches;
  std::vector<const char*> differs;
};

TEST(Regex, Matches) {
  const std::vector<Case> cases = {
      {"whole value", kLucene, false, "ython", {"ython"}, {"python", "ythons"}},
      {"carets are characters", kLucene, false, "^a$", {"^a$"}, {"a"}},
      {"alternation", kLucene, false, "ab|c(d|e)", {"ab", "cd", "ce"}, {"abc", "c"}},
      {"classes", kLucene, false, R"([\w.-]+\d)", {"a-.9"}, {"a b9", "a"}},
      {"negated class", kLucene, false, "[^a-c]", {"d", "é", "\n"}, {"b"}},
      {"bounds", kLucene, false, "a{2,3}b{1}c{2,}", {"aabcc", "aaabccc"}, {"abcc", "aabbcc"}},
      {"laziness means nothing", kLucene, false, "a.*?b", {"axxb", "ab"}, {"a"}},
      {"dot and line break", kLucene, false, "a.b", {"a\nb"}, {"ab"}},
      {"any string", kLucene, false, "a@b", {"ab", "axxb"}, {"b"}},
      {"empty language", kLucene, false, "a#|b", {"b"}, {"a", ""}},
      {"quoted", kLucene, false, "\"a.b\"c", {"a.bc"}, {"axbc"}},
      {"intersection", kLucene, false, "a.*&.*z", {"az", "abz"}, {"ab", "z"}},
      {"complement", kLucene, false, "~(ab)", {"a", ""}, {"ab"}},
      {"interval", kLucene, false, "x<8-120>", {"x8", "x99", "x120", "x0010"}, {"x7", "x121"}},
      {"fixed interval", kLucene, false, "<005-017>", {"005", "010", "017"}, {"5", "018", "004"}},
      {"escaped operators", kLucene, false, R"(\@\#\.\<)", {"@#.<"}, {"x#.<"}},
      {"extras off", kBasic, false, "a@#&~<\"", {"a@#&~<\""}, {"ab"}},
      {"insensitive", kLucene, true, "[a-c]x", {"BX", "ax"}, {"dx"}},
      {"folds ASCII only", kLucene, true, "ks", {"KS"}, {"\u212As", "k\u017F"}},
      {"python anchors at the start", kPython, false, "a|b", {"ax", "bx"}, {"xa"}},
      {"python unicode classes", kPython, false, R"(\w+\s)", {"é x"}, {"- "}},
      {"python folds", kPython, true, "ABC", {"abcd"}, {"ab"}},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const std::string_view patterns[] = {test.pattern};
    const auto regex = Regex::Compile(patterns, test.flavour, test.insensitive);
    ASSERT_TRUE(regex.has_value()) << regex.error().message();
    for (const char* text : test.matches) EXPECT_TRUE(regex->Matches(text)) << text;
    for (const char* text : test.differs) EXPECT_FALSE(regex->Matches(text)) << text;
  }
}

TEST(Regex, ListsMatchAny) {
  const std::string_view patterns[] = {"a+", "~(b+)", "c"};
  const auto regex = Regex::Compile(patterns, kLucene, false);
  ASSERT_TRUE(regex.has_value());
  EXPECT_TRUE(regex->Matches("aa"));
  EXPECT_TRUE(regex->Matches("zz"));
  EXPECT_FALSE(regex->Matches("bb"));
}

TEST(Regex, RefusesWhatItCannotMean) {
  const std::vector<std::pair<RegexFlavour, std::string>> cases = {
      {kLucene, "(?i)a"},
      {kLucene, "a(?=b)"},
      {kLucene, R"(\bx)"},
      {kLucene, R"((a)\1)"},
      {kLucene, "[[:alpha:]]"},
      {kLucene, "*a"},
      {kLucene, "(a"},
      {kLucene, "a)"},
      {kLucene, "[a"},
      {kLucene, "[]"},
      {kLucene, "[b-a]"},
      {kLucene, "a{2000}"},
      {kLucene, "a{3,1}"},
      {kLucene, "a\\"},
      {kLucene, "<a-b>"},
      {kLucene, "\"a"},
      {kLucene, "(a&b)"},
      {kLucene, "x~a"},
      {kBasic, R"(\n)"},
      {kPython, "(a"},
      {kPython, "a)|(b"},
      {kPython, "(?=a)"},
      {kLucene, "((((a{900}){900}){900}){900})"},
      {kLucene, std::string(5000, '(')},
  };
  for (const auto& [flavour, pattern] : cases) {
    const std::string_view patterns[] = {pattern};
    EXPECT_FALSE(Regex::Compile(patterns, flavour, false).has_value()) << pattern.substr(0, 40);
  }
}

}  // namespace
}  // namespace vedette::eql
