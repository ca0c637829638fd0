// SPDX-License-Identifier: Apache-2.0
#include "base/glob.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace vedette::base {
namespace {

TEST(WildcardMatch, Cases) {
  struct {
    const char* pattern;
    const char* text;
    bool match;
  } const cases[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "anything\nwith a break", true},
      {"**", "", true},
      {"?", "", false},
      {"?", "é", true},
      {"??", "é", false},
      {"?", "\xF0\x9F\x90\x8E", true},
      {"a*b", "ab", true},
      {"a*b", "a--b", true},
      {"a*b", "a--bc", false},
      {"*.sh", "/tmp/a.sh", true},
      {"*.sh", "/tmp/a.shx", false},
      {"/home/*/.ssh/*", "/home/ann/.ssh/id", true},
      {"*aab", "aaaab", true},
      {"*a*b*c*", "cab", false},
      {"*a*b*c*", "xaxbxcx", true},
      {"a?c", "abc", true},
      {"a?c", "ac", false},
      {"*é?", "xxéy", true},
      {"\\*", "\\anything", true},
      {"\\*", "*", false},
      {"[a]", "a", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(WildcardMatch(c.pattern, c.text, Case::kSensitive), c.match)
        << c.pattern << " on " << c.text;
  }
}

TEST(WildcardMatch, QuestionMarkIsLiteralWhenSwitchedOff) {
  EXPECT_TRUE(WildcardMatch("a?c", "a?c", Case::kSensitive, false));
  EXPECT_FALSE(WildcardMatch("a?c", "abc", Case::kSensitive, false));
  EXPECT_TRUE(WildcardMatch("*?", "x?", Case::kSensitive, false));
}

TEST(WildcardMatch, FoldsAsciiOnly) {
  EXPECT_TRUE(WildcardMatch("*.EXE", "cmd.exe", Case::kAsciiInsensitive));
  EXPECT_FALSE(WildcardMatch("*.EXE", "cmd.exe", Case::kSensitive));
  EXPECT_FALSE(WildcardMatch("É", "é", Case::kAsciiInsensitive));
  EXPECT_FALSE(WildcardMatch("k", "\xE2\x84\xAA", Case::kAsciiInsensitive));  // Kelvin sign
  EXPECT_FALSE(WildcardMatch("@", "`", Case::kAsciiInsensitive));
  EXPECT_FALSE(WildcardMatch("[", "{", Case::kAsciiInsensitive));
}

TEST(EqualFold, AsciiOnly) {
  EXPECT_TRUE(EqualFold("PowerShell", "powershell"));
  EXPECT_TRUE(EqualFold("", ""));
  EXPECT_FALSE(EqualFold("a", "aa"));
  EXPECT_FALSE(
      EqualFold("stra\xC3\x9F"
                "e",
                "strasse"));
  EXPECT_FALSE(EqualFold("I", "\xC4\xB0"));
  for (int c = 0; c < 256; ++c) {
    const char ch = static_cast<char>(c);
    const bool upper = ch >= 'A' && ch <= 'Z';
    EXPECT_EQ(AsciiLower(ch), upper ? static_cast<char>(ch + 32) : ch) << c;
  }
}

using Points = std::vector<std::string>;

/// The definition, word for word.
bool Oracle(const Points& pattern, std::size_t p, const Points& text, std::size_t t) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == "*") {
    for (std::size_t next = t; next <= text.size(); ++next) {
      if (Oracle(pattern, p + 1, text, next)) return true;
    }
    return false;
  }
  if (t == text.size()) return false;
  const bool same = pattern[p] == "?" || EqualFold(pattern[p], text[t]);
  return same && Oracle(pattern, p + 1, text, t + 1);
}

std::string Join(const Points& points) {
  std::string out;
  for (const auto& point : points) out += point;
  return out;
}

TEST(WildcardMatch, AgreesWithTheDefinitionOnRandomStrings) {
  const Points pattern_alphabet = {"*", "*", "?", "a", "B", "é", "\xF0\x9F\x90\x8E"};
  const Points text_alphabet = {"a", "A", "b", "é", "\xC3\xA8", "\xF0\x9F\x90\x8E"};
  std::mt19937 random(42);
  const auto draw = [&](const Points& alphabet) {
    Points out(random() % 8);
    for (auto& point : out) point = alphabet[random() % alphabet.size()];
    return out;
  };
  int matches = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Points pattern = draw(pattern_alphabet);
    const Points text = draw(text_alphabet);
    const bool expected = Oracle(pattern, 0, text, 0);
    matches += expected ? 1 : 0;
    ASSERT_EQ(WildcardMatch(Join(pattern), Join(text), Case::kAsciiInsensitive), expected)
        << Join(pattern) << " on " << Join(text);
  }
  EXPECT_GT(matches, 1'000);  // the draw must exercise both answers
}

TEST(WildcardMatch, IllFormedTextEndsAndStarsSpanIt) {
  std::mt19937 random(43);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 10, '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    EXPECT_TRUE(WildcardMatch("*", text, Case::kSensitive));
    EXPECT_TRUE(WildcardMatch("a*", "a" + text, Case::kSensitive));
    EXPECT_EQ(WildcardMatch("?*", text, Case::kSensitive), !text.empty());
  }
}

TEST(WildcardMatch, HostilePatternStaysPolynomial) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  pattern += "b";
  const std::string text(20'000, 'a');
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(WildcardMatch(pattern, text, Case::kSensitive));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace vedette::base
