// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_language.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "eql/regex.h"

namespace vedette::rules {
namespace {

constexpr auto kSensitive = base::Case::kSensitive;
constexpr auto kFold = base::Case::kAsciiInsensitive;

struct MemberCase {
  const char* name;
  Language language;
  std::vector<std::string> in, out;
};

TEST(ProofLanguage, HoldsWhatItsConstructorSays) {
  const MemberCase cases[] = {
      {"exact", Language::Exactly("Ab", kSensitive), {"Ab"}, {"ab", "Abc", ""}},
      {"exact folded", Language::Exactly("Ab", kFold), {"ab", "AB"}, {"abc"}},
      {"wildcard", Language::Wildcard("a*c?", kSensitive), {"acx", "abcdcé"}, {"ac", "bacx"}},
      {"empty wildcard", Language::Wildcard("", kSensitive), {""}, {"a"}},
      {"prefix keeps stars literal", Language::StartingWith("a*", kSensitive), {"a*b"}, {"ab"}},
      {"suffix", Language::EndingWith("ab", kSensitive), {"ab", "aab", "abab"}, {"aba"}},
      {"contains", Language::Containing("aab", kSensitive), {"aaab", "xaaby"}, {"aba"}},
      {"prefixes of", Language::PrefixesOf("abc", kSensitive), {"", "ab", "abc"}, {"b", "abcd"}},
      {"suffixes of", Language::SuffixesOf("abc", kSensitive), {"", "bc", "abc"}, {"ab"}},
      {"parts of", Language::PartsOf("abc", kSensitive), {"b", "bc"}, {"ac"}},
      {"length from to", Language::OfLength(1, 2), {"a", "éé"}, {"", "abc"}},
      {"length from", Language::OfLength(2, std::nullopt), {"ab", "abcd"}, {"a"}},
      {"concat pulled back",
       Language::Wildcard("<*>", kSensitive).Without("<", ">"),
       {"", "a"},
       {}},
      {"substring pulled back", Language::Exactly("b", kSensitive).Padded(1, 2), {"xbyz"}, {"b"}},
  };
  for (const MemberCase& one : cases) {
    for (const std::string& text : one.in) {
      EXPECT_TRUE(one.language.Contains(text)) << one.name << ": " << text;
    }
    for (const std::string& text : one.out) {
      EXPECT_FALSE(one.language.Contains(text)) << one.name << ": " << text;
    }
  }
}

TEST(ProofLanguage, RegexAgreesWithTheEngine) {
  const char* const patterns[] = {"a(b|cd)*e?",   "[a-c]+\\d{2,3}", "x{0,2}y{2,}", "[^a]\\s\\S",
                                  "(ab){2}c?",    "\\w+\\.txt",     "a|b|",        "[\\w.-]+",
                                  "[A-Z]:\\\\.+", "(a?){3}",        ".*?x",        "a\\*b"};
  const char* const texts[] = {"a",   "ab",   "acde",  "abcdcde", "a12", "b1234", "xxyy",  "yy",
                               "b c", "abab", "ababc", "f.txt",   "",    "b",     "a-b.c", "C:\\d",
                               "aaa", "aaaa", "zzx",   "a*b",     "xy",  "ccc99"};
  for (const bool insensitive : {false, true}) {
    for (const char* pattern : patterns) {
      const std::string_view list[] = {pattern};
      const auto engine = eql::Regex::Compile(list, eql::RegexFlavour::kLuceneBasic, insensitive);
      ASSERT_TRUE(engine.has_value()) << pattern;
      const auto language = Language::Regex(pattern, insensitive, false);
      ASSERT_TRUE(language.has_value()) << pattern;
      for (const char* text : texts) {
        EXPECT_EQ(language->Contains(text), engine->Matches(text)) << pattern << " on " << text;
      }
    }
  }
}

TEST(ProofLanguage, RegexRefusesWhatItCannotExpress) {
  for (const char* pattern : {"a{2000}", "(a{500}){500}", "(a", "a)", "[a", "a{,2}", "(?=a)"}) {
    EXPECT_FALSE(Language::Regex(pattern, false, false).has_value()) << pattern;
  }
  EXPECT_FALSE(Language::Regex("~a", false, true).has_value());
  EXPECT_TRUE(Language::Regex("~a", false, false).has_value());
  EXPECT_FALSE(Language::Regex(std::string(500, '('), false, false).has_value());
}

std::vector<std::string> Words(std::vector<Language> in, std::vector<Language> out,
                               bool* complete = nullptr) {
  std::vector<const Language*> inside;
  std::vector<const Language*> outside;
  for (Language& language : in) language.Prepare(), inside.push_back(&language);
  for (Language& language : out) language.Prepare(), outside.push_back(&language);
  WordSearch found = FindWords(inside, outside, 1);
  if (complete != nullptr) *complete = found.complete;
  return std::move(found.words);
}

TEST(ProofWords, FindsATextInAllAndOutsideOfOthers) {
  const auto like = [](const char* pattern) { return Language::Wildcard(pattern, kSensitive); };
  EXPECT_EQ(Words({like("/tmp/*.sh")}, {}), std::vector<std::string>{"/tmp/.sh"});
  // Two parts in one text, whichever comes first, and not the shortest one.
  const auto both = Words({like("*curl*"), like("*http*")}, {like("curl*"), like("http*")});
  ASSERT_EQ(both.size(), 1U);
  EXPECT_NE(both[0].find("curl"), std::string::npos);
  EXPECT_NE(both[0].find("http"), std::string::npos);
  EXPECT_FALSE(both[0].starts_with("curl") || both[0].starts_with("http")) << both[0];
  const auto longer = Words({like("a*"), Language::OfLength(50, std::nullopt)}, {});
  ASSERT_EQ(longer.size(), 1U);
  EXPECT_GE(longer[0].size(), 50U);
}

TEST(ProofWords, ShowsThatThereIsNone) {
  const auto like = [](const char* pattern) { return Language::Wildcard(pattern, kSensitive); };
  bool complete = false;
  EXPECT_TRUE(Words({like("a*")}, {like("?*")}, &complete).empty());
  EXPECT_TRUE(complete);
  EXPECT_TRUE(Words({like("*.txt"), like("*.conf")}, {}, &complete).empty());
  EXPECT_TRUE(complete);
}

}  // namespace
}  // namespace vedette::rules
