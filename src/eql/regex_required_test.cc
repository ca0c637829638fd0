// SPDX-License-Identifier: Apache-2.0
// Regex::RequiredTexts must never rule out a text that matches.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.h"
#include "eql/regex.h"

namespace vedette::eql {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), base::AsciiLower);
  return text;
}

bool SomeOccurs(const std::vector<std::string>& required, const std::string& text) {
  const std::string lower = Lower(text);
  return std::any_of(required.begin(), required.end(),
                     [&](const std::string& one) { return lower.find(one) != std::string::npos; });
}

TEST(RegexRequiredTexts, SaysWhatItKnows) {
  struct Case {
    const char* name;
    RegexFlavour flavour;
    bool insensitive;
    std::vector<std::string_view> patterns;
    bool known;
  };
  constexpr auto kLucene = RegexFlavour::kLucene;
  constexpr auto kPython = RegexFlavour::kPython;
  const std::vector<Case> cases = {
      {"literal", kLucene, false, {"abcdef"}, true},
      {"literal, any case", kLucene, true, {"abcDEF"}, true},
      {"middle", kLucene, false, {".*abcdef.*"}, true},
      {"alternatives", kLucene, false, {"abcd|efgh"}, true},
      {"one of several has none", kLucene, false, {"abcd", ".*"}, false},
      {"anything", kLucene, false, {".*"}, false},
      {"may be empty", kLucene, false, {"(abcd)*"}, false},
      {"complement", kLucene, false, {"~(abcd)"}, false},
      {"complement of a part", kLucene, false, {"~(abcd)&.*efgh.*"}, true},
      {"python", kPython, false, {"kick"}, true},
      {"not ASCII", kLucene, true, {"\xC3\xA4\xC3\xA4\xC3\xA4"}, false},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const auto regex = Regex::Compile(one.patterns, one.flavour, one.insensitive);
    ASSERT_TRUE(regex.has_value()) << regex.error().message();
    const auto required = regex->RequiredTexts();
    EXPECT_EQ(!required.empty(), one.known);
    for (const std::string& text : required) {
      EXPECT_FALSE(text.empty()) << "the empty text is in every text";
      EXPECT_EQ(text, Lower(text));
    }
  }
}

/// Python's folding makes a Kelvin sign a k; then no text is required.
TEST(RegexRequiredTexts, PythonFoldsMoreThanAscii) {
  const std::string_view patterns[] = {"kicks"};
  const auto regex = Regex::Compile(patterns, RegexFlavour::kPython, true);
  ASSERT_TRUE(regex.has_value());
  for (const char* text : {"kicks", "KICKS", "\xE2\x84\xAAicks", "kick\xC5\xBF"}) {
    ASSERT_TRUE(regex->Matches(text)) << text;
    const auto required = regex->RequiredTexts();
    EXPECT_TRUE(required.empty() || SomeOccurs(required, text)) << text;
  }
}

/// Builds a pattern and, along with it, a text that it matches.
class RandomRegex {
 public:
  RandomRegex(std::mt19937_64& random, RegexFlavour flavour, bool insensitive)
      : random_(random), flavour_(flavour), insensitive_(insensitive) {}
  std::string pattern;
  std::string text;
  void Make() {
    Alternation(3);
    if (flavour_ == RegexFlavour::kPython && OneIn(2)) text += Word();
  }

 private:
  struct Piece {
    std::string pattern, text;
  };
  std::size_t Below(std::size_t n) { return random_() % n; }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  std::string Word() {
    static constexpr const char* kWords[] = {
        "a", "b", "K", "ks", "abc", "/usr/", "-x", "S1", "\xC3\xA4", "\xE2\x82\xACq", "00"};
    return kWords[Below(std::size(kWords))];
  }
  /// The same to an insensitive pattern.
  std::string Varied(const std::string& word) {
    if (!insensitive_) return word;
    std::string out;
    for (char c : word) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter && OneIn(2)) c = static_cast<char>(c ^ 0x20);
      const bool unicode = flavour_ == RegexFlavour::kPython && OneIn(3);
      if (unicode && (c == 'k' || c == 'K')) {
        out += "\xE2\x84\xAA";  // Kelvin sign
      } else if (unicode && (c == 's' || c == 'S')) {
        out += "\xC5\xBF";  // long s
      } else {
        out += c;
      }
    }
    return out;
  }
  void Alternation(int depth) {
    const std::size_t count = 1 + (OneIn(2) ? Below(3) : 0);
    const std::size_t taken = Below(count);
    for (std::size_t i = 0; i < count; ++i) {
      if (i != 0) pattern += '|';
      const std::string before = text;
      Concatenation(depth);
      if (i != taken) text = before;
    }
  }
  void Concatenation(int depth) {
    for (std::size_t i = 1 + Below(3); i > 0; --i) Repeated(depth);
  }
  void Repeated(int depth) {
    const std::string before = text;
    const bool one_thing = Atom(depth);
    if (!one_thing || !OneIn(3)) return;
    const std::string piece = text.substr(before.size());
    static constexpr struct {
      const char* sign;
      std::size_t least, most;
    } kSigns[] = {{"*", 0, 3}, {"+", 1, 3}, {"?", 0, 1}, {"{2}", 2, 2}, {"{1,3}", 1, 3}};
    const auto& sign = kSigns[Below(std::size(kSigns))];
    pattern += sign.sign;
    text = before;
    for (std::size_t i = sign.least + Below(sign.most - sign.least + 1); i > 0; --i) text += piece;
  }
  /// Whether a repetition may follow.
  bool Atom(int depth) {
    switch (Below(depth == 0 ? 4 : 6)) {
      case 0:
        pattern += '.';
        text += OneIn(2) ? "q" : "\xC3\xA4";
        return true;
      case 1:
        pattern += "[a-cK]";
        text += Varied(OneIn(2) ? "b" : "K");
        return true;
      case 2:
        if (flavour_ == RegexFlavour::kLucene && OneIn(2)) {
          pattern += OneIn(2) ? "<8-120>" : "@";
          text += "99";
          return false;
        }
        [[fallthrough]];
      case 3: {
        const std::string word = Word();
        pattern += word;
        text += Varied(word);
        return false;
      }
      default:
        pattern += '(';
        Alternation(depth - 1);
        pattern += ')';
        return true;
    }
  }
  std::mt19937_64& random_;
  RegexFlavour flavour_;
  bool insensitive_;
};

TEST(RegexRequiredTexts, NeverRuleOutWhatMatches) {
  constexpr std::uint64_t kSeed = 20261123;
  std::size_t known = 0;
  std::size_t useful = 0;
  for (std::uint64_t round = 0; round < 4000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    std::mt19937_64 random(kSeed + round);
    const auto flavour = static_cast<RegexFlavour>(round % 3);
    const bool insensitive = round / 3 % 2 != 0;
    std::vector<RandomRegex> regexes;
    std::vector<std::string_view> patterns;
    for (std::size_t i = 0; i < 1 + round % 2; ++i) {
      regexes.emplace_back(random, flavour, insensitive).Make();
    }
    for (const RandomRegex& one : regexes) patterns.push_back(one.pattern);
    const auto regex = Regex::Compile(patterns, flavour, insensitive);
    ASSERT_TRUE(regex.has_value()) << patterns[0] << ": " << regex.error().message();
    const auto required = regex->RequiredTexts();
    for (const RandomRegex& one : regexes) {
      ASSERT_TRUE(regex->Matches(one.text)) << one.pattern << " on " << one.text;
      if (required.empty()) continue;
      ++known;
      ASSERT_TRUE(SomeOccurs(required, one.text)) << one.pattern << " on " << one.text;
    }
    if (!required.empty() && !SomeOccurs(required, "zzzz")) ++useful;
  }
  EXPECT_GT(known, 500U);
  EXPECT_GT(useful, 500U);
}

}  // namespace
}  // namespace vedette::eql
