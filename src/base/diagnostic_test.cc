// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace vedette::base {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Diagnostic At(Span span) {
  Diagnostic d;
  d.code = "E0203";
  d.message = "`:` compares strings, `process.pid` is a number";
  d.span = span;
  d.label = "needs a string on its left";
  return d;
}

TEST(Source, PlacesCountCodePointsAndLines) {
  const Source source("a.toml", "one\ntwé x\n\nlast");
  const auto place = [&](std::uint32_t offset) {
    const auto p = source.PlaceOf(offset);
    return std::to_string(p.line) + ":" + std::to_string(p.column);
  };
  EXPECT_EQ(place(0), "1:1");
  EXPECT_EQ(place(3), "1:4");
  EXPECT_EQ(place(4), "2:1");
  EXPECT_EQ(place(9), "2:5");  // after the two bytes of é
  EXPECT_EQ(place(11), "3:1");
  EXPECT_EQ(place(12), "4:1");
  EXPECT_EQ(place(16), "4:5");
  EXPECT_EQ(place(9999), "4:5");
  EXPECT_EQ(source.LineAt(6), "twé x");
  EXPECT_EQ(source.LineAt(11), "");
  EXPECT_EQ(source.LineAt(9999), "last");
  EXPECT_EQ(source.LineStart(9), 4U);
}

TEST(Source, QueryInsideAFileCountsFromItsPlace) {
  const Source source("a.toml", "process where\ntrue", 14, 9);
  EXPECT_EQ(source.PlaceOf(0).line, 14U);
  EXPECT_EQ(source.PlaceOf(0).column, 9U);
  EXPECT_EQ(source.PlaceOf(8).column, 17U);
  EXPECT_EQ(source.PlaceOf(14).line, 15U);
  EXPECT_EQ(source.PlaceOf(14).column, 1U);
}

TEST(Source, CarriageReturnsAreNotPartOfALine) {
  const Source source("a", "x\r\ny\r\n");
  EXPECT_EQ(source.LineAt(0), "x");
  EXPECT_EQ(source.LineAt(3), "y");
  EXPECT_EQ(Source("a", "").LineAt(0), "");
}

TEST(RenderDiagnostic, ShowsLineAndCaret) {
  const Source source("r.toml", "process where process.pid : \"1234\"", 14, 1);
  Diagnostic d = At({26, 27});
  d.labels.push_back({{14, 25}, "this is a long"});
  d.help.push_back("compare numbers with `==`");
  d.notes.push_back("the field is mapped by ECS");
  EXPECT_EQ(RenderDiagnostic(d, &source, false),
            "error[E0203]: `:` compares strings, `process.pid` is a number\n"
            "  --> r.toml:14:27\n"
            "   |\n"
            "14 | process where process.pid : \"1234\"\n"
            "   |                           ^ needs a string on its left\n"
            "14 | process where process.pid : \"1234\"\n"
            "   |               ----------- this is a long\n"
            "   = help: compare numbers with `==`\n"
            "   = note: the field is mapped by ECS\n");
}

TEST(RenderDiagnostic, CaretStandsUnderCodePoints) {
  const Source source("r", "é == x");
  EXPECT_THAT(RenderDiagnostic(At({6, 7}), &source, false), HasSubstr("\n   |      ^ needs"));
}

TEST(RenderDiagnostic, WithoutSource) {
  Diagnostic d = At({});
  d.severity = Severity::kWarning;
  d.code.clear();
  EXPECT_EQ(RenderDiagnostic(d, nullptr, false),
            "warning: `:` compares strings, `process.pid` is a number\n");
}

TEST(RenderDiagnostic, ColourOnlyWhenAsked) {
  const Source source("r", "x");
  EXPECT_THAT(RenderDiagnostic(At({0, 1}), &source, true), HasSubstr("\x1b[1;31m"));
  EXPECT_THAT(RenderDiagnostic(At({0, 1}), &source, false), Not(HasSubstr("\x1b")));
}

TEST(RenderDiagnostic, TerminalEscapesOfTheInputAreNotPassedOn) {
  const Source source("evil\x1b[2J.toml",
                      "\x1b[31mx \xC2\x9B"
                      "y\a");
  Diagnostic d = At({0, 3});
  d.message = "bad \x1b]0;title\a word";
  d.label = "\x1b[0m";
  d.help.push_back("\r\x1b[K");
  const std::string text = RenderDiagnostic(d, &source, false);
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int(c);
  }
  EXPECT_THAT(text, Not(HasSubstr("\xC2\x9B")));
}

TEST(RenderDiagnostic, LongLinesAreCutAroundTheCaret) {
  const std::string line = std::string(30'000, 'a') + "HERE" + std::string(30'000, 'b');
  const Source source("r", line);
  const std::string text = RenderDiagnostic(At({30'000, 30'004}), &source, false);
  EXPECT_LT(text.size(), 1'000U);
  EXPECT_THAT(text, HasSubstr("HERE"));
  EXPECT_THAT(text, HasSubstr("^^^^ needs"));
  EXPECT_LT(RenderDiagnostic(At({0, 60'000}), &source, false).size(), 1'000U);
}

TEST(RenderDiagnostic, AnySpanOnAnyBytesIsRendered) {
  std::mt19937 random(12);
  for (int i = 0; i < 3'000; ++i) {
    std::string text(random() % 400, 'x');
    for (char& c : text) {
      if (random() % 3 == 0) c = static_cast<char>(random() % 256);
    }
    const Source source("r", text);
    Diagnostic d = At(
        {static_cast<std::uint32_t>(random() % 500), static_cast<std::uint32_t>(random() % 500)});
    d.labels.push_back({{static_cast<std::uint32_t>(random()), 0}, "x"});
    const std::string out = RenderDiagnostic(d, &source, i % 2 == 0);
    ASSERT_FALSE(out.empty());
    ASSERT_EQ(out.back(), '\n');
  }
}

TEST(Nearest, SuggestsLikelySlipsOnly) {
  const std::vector<std::string_view> words = {"check", "list", "show", "process.name",
                                               "process.args"};
  EXPECT_EQ(Nearest("chek", words), "check");
  EXPECT_EQ(Nearest("hceck", words), "check");
  EXPECT_EQ(Nearest("check", words), "check");
  EXPECT_EQ(Nearest("process.nmae", words), "process.name");
  EXPECT_EQ(Nearest("frobnicate", words), "");
  EXPECT_EQ(Nearest("x", {}), "");
  EXPECT_EQ(Nearest(std::string(100'000, 'x'), words), "");
}

}  // namespace
}  // namespace vedette::base
