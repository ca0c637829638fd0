// SPDX-License-Identifier: Apache-2.0
// The index against its definition, base::WildcardMatch, one pattern at a time.
#include "engine/pattern_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/random_query_source.h"

namespace vedette::engine {
namespace {

using base::Case;

struct Pattern {
  std::string text;
  Case fold;
};

/// A folded copy that ends with exactly the bytes that the index may read: `filler` is what lies
/// behind a text in a larger buffer.
struct Folded {
  explicit Folded(std::string_view text, char filler = '\0') : size(text.size()) {
    bytes.assign(text.begin(), text.end());
    std::transform(bytes.begin(), bytes.end(), bytes.begin(), base::AsciiLower);
    bytes.insert(bytes.end(), 16, filler);
    bytes.shrink_to_fit();
  }
  std::vector<char> bytes;
  std::size_t size;
};

std::vector<std::uint32_t> Matching(const PatternIndex& index, std::string_view text,
                                    PatternIndex::Scratch& scratch, char filler = '\0') {
  const Folded lower(text, filler);
  std::vector<std::uint32_t> out;
  index.Match(text, lower.bytes.data(), scratch, out);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::uint32_t> Expected(const std::vector<Pattern>& patterns, std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    if (base::WildcardMatch(patterns[i].text, text, patterns[i].fold)) out.push_back(i);
  }
  return out;
}

PatternIndex IndexOf(const std::vector<Pattern>& patterns) {
  PatternIndex index;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    index.Add(patterns[i].text, patterns[i].fold, i);
  }
  index.Build();
  return index;
}

TEST(PatternIndex, MatchesAsWildcards) {
  struct Named {
    const char* name;
    const char* pattern;
    Case fold;
    std::vector<const char*> matches;
    std::vector<const char*> differs;
  };
  constexpr Case kAs = Case::kSensitive;
  constexpr Case kAny = Case::kAsciiInsensitive;
  const std::vector<Named> cases = {
      {"prefix", "ab*", kAs, {"ab", "abc"}, {"a", "", "Ab", "xab"}},
      {"prefix, any case", "aB*", kAny, {"Ab", "ABc"}, {"a", "xab"}},
      {"suffix", "*ab", kAs, {"ab", "xab", "abab"}, {"abx", "b", ""}},
      {"contains", "*abcde*", kAs, {"abcde", "xabcdex", "ababcde"}, {"abcd", "abcxde"}},
      {"both ends may not overlap", "aba*aba", kAs, {"abaaba", "abaxaba"}, {"aba", "ababa"}},
      {"one letter", "*x*", kAny, {"x", "aX"}, {"", "y"}},
      {"only a star", "*", kAs, {"", "a", "\xC3\xA4"}, {}},
      {"only stars", "***", kAs, {"", "abc"}, {}},
      {"one character", "?", kAs, {"a", "\xC3\xA4", "\xE2\x82\xAC"}, {"", "ab"}},
      {"two characters", "??", kAs, {"ab", "\xC3\xA4x"}, {"a", "\xC3\xA4", "abc"}},
      {"at least one", "?*", kAs, {"a", "\xC3\xA4", "abc"}, {""}},
      {"question in a word",
       "a?c*",
       kAs,
       {"abc",
        "a\xC3\xA4"
        "c",
        "aaccc"},
       {"ac", "abbc"}},
      {"question after stars", "*a?", kAs, {"ab", "aa", "aab", "xa\xC3\xA4"}, {"a", "ba"}},
      {"question before stars",
       "?a*",
       kAs,
       {"aa",
        "\xC3\xA4"
        "a"},
       {"a", "ab"}},
      {"several parts", "*a*b*c*", kAs, {"abc", "xaxbxcx"}, {"acb", "ab"}},
      {"parts in order", "*ab*ab*", kAs, {"abab", "abxab"}, {"ab", "aab"}},
      {"no wildcard", "abc", kAs, {"abc"}, {"ab", "abcd", "ABC", ""}},
      {"empty", "", kAs, {""}, {"a"}},
      {"only ASCII folds", "*\xC3\xA4*", kAny, {"\xC3\xA4"}, {"\xC3\x84"}},
      {"not the Kelvin sign", "*k*", kAny, {"K"}, {"\xE2\x84\xAA"}},
      {"a line break", "a*b", kAs, {"a\nb"}, {"a\nc"}},
  };
  for (const Named& one : cases) {
    SCOPED_TRACE(one.name);
    const std::vector<Pattern> patterns = {{one.pattern, one.fold}};
    const PatternIndex index = IndexOf(patterns);
    PatternIndex::Scratch scratch;
    for (const char* text : one.matches) {
      EXPECT_EQ(Matching(index, text, scratch), std::vector<std::uint32_t>{0}) << text;
    }
    for (const char* text : one.differs) {
      EXPECT_TRUE(Matching(index, text, scratch).empty()) << text;
    }
  }
}

TEST(PatternIndex, LiteralsAreNoPatterns) {
  PatternIndex index;
  index.AddLiteral(PatternIndex::Kind::kPrefix, "a*b", Case::kSensitive, 7);
  index.AddLiteral(PatternIndex::Kind::kSuffix, "?", Case::kSensitive, 8);
  index.AddLiteral(PatternIndex::Kind::kContains, "*", Case::kAsciiInsensitive, 9);
  index.Build();
  PatternIndex::Scratch scratch;
  EXPECT_EQ(Matching(index, "a*bc", scratch), (std::vector<std::uint32_t>{7, 9}));
  EXPECT_EQ(Matching(index, "axb", scratch), std::vector<std::uint32_t>{});
  EXPECT_EQ(Matching(index, "axb?", scratch), std::vector<std::uint32_t>{8});
}

/// Few letters, so that grams overlap and come again; each once in a while of several bytes.
std::string RandomText(RandomSource& random, std::size_t most) {
  std::string out;
  const std::size_t size = random.Below(most + 1);
  for (std::size_t i = 0; i < size; ++i) {
    out += random.OneIn(25) ? random.Word({"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\n"})
                            : random.Word({"a", "a", "b", "A", "B", "c", "/"});
  }
  return out;
}

Pattern RandomPattern(RandomSource& random) {
  Pattern pattern{"", random.OneIn(2) ? Case::kSensitive : Case::kAsciiInsensitive};
  const std::size_t parts = 1 + random.Below(3);
  for (std::size_t i = 0; i < parts; ++i) {
    pattern.text += random.Word({"", "*", "*", "*", "?", "**", "*?", "?*"});
    if (!random.OneIn(6)) pattern.text += RandomText(random, 6);
  }
  pattern.text += random.Word({"", "*", "*", "?"});
  return pattern;
}

TEST(PatternIndex, AgreesWithTheDefinition) {
  constexpr std::uint64_t kSeed = 20261123;
  std::size_t matches = 0;
  for (std::uint64_t round = 0; round < 1500; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed + round);
    std::vector<Pattern> patterns(1 + random.Below(round % 10 == 0 ? 200 : 12));
    for (Pattern& pattern : patterns) pattern = RandomPattern(random);
    const PatternIndex index = IndexOf(patterns);
    ASSERT_EQ(index.size(), patterns.size());
    PatternIndex::Scratch scratch;
    for (int i = 0; i < 40; ++i) {
      const std::string text = RandomText(random, i % 2 == 0 ? 3 : 24);
      const auto expected = Expected(patterns, text);
      matches += expected.size();
      // What lies behind the text must not matter: it might continue a gram.
      const char filler = random.OneIn(2) ? 'a' : '\0';
      ASSERT_EQ(Matching(index, text, scratch, filler), expected) << "text \"" << text << '"';
    }
  }
  EXPECT_GT(matches, 10'000U);
}

TEST(PatternIndex, LongTextsOfOneByte) {
  const std::vector<Pattern> patterns = {
      {"*aaaa*", Case::kSensitive},     {"*aaaab*", Case::kSensitive},
      {"*a*a*a*ab", Case::kSensitive},  {"*a?a", Case::kSensitive},
      {"aaa*", Case::kSensitive},       {"*?????*", Case::kSensitive},
      {"*AAA", Case::kAsciiInsensitive}};
  const PatternIndex index = IndexOf(patterns);
  PatternIndex::Scratch scratch;
  for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 5U, 255U, 100'000U}) {
    const std::string text(size, 'a');
    EXPECT_EQ(Matching(index, text, scratch), Expected(patterns, text)) << size;
    const std::string other = text + "b";
    EXPECT_EQ(Matching(index, other, scratch), Expected(patterns, other)) << size;
  }
}

TEST(PatternIndex, NothingAdded) {
  PatternIndex index;
  index.Build();
  PatternIndex::Scratch scratch;
  EXPECT_TRUE(index.empty());
  EXPECT_TRUE(Matching(index, "abcdef", scratch).empty());
  const Folded lower("abcdef");
  EXPECT_FALSE(index.Occurs({lower.bytes.data(), lower.size}));
}

/// Numbers of texts run over after 2^32 of them; what was settled before must not count then.
TEST(PatternIndex, NumbersOfTextsRunOver) {
  const PatternIndex index = IndexOf({{"*abc*", Case::kSensitive}});
  PatternIndex::Scratch scratch;
  EXPECT_EQ(Matching(index, "abc", scratch).size(), 1U);
  scratch.text = 0xFFFFFFFFU;
  EXPECT_EQ(Matching(index, "abc", scratch).size(), 1U);
  EXPECT_EQ(Matching(index, "abc", scratch).size(), 1U);
}

TEST(PatternIndex, OccursNeverDeniesAMatch) {
  constexpr std::uint64_t kSeed = 7;
  std::size_t denied = 0;
  for (std::uint64_t round = 0; round < 1000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed + round);
    std::vector<Pattern> patterns(1 + random.Below(4));
    for (Pattern& pattern : patterns) pattern = RandomPattern(random);
    const PatternIndex index = IndexOf(patterns);
    for (int i = 0; i < 20; ++i) {
      std::vector<std::string> elements(random.Below(4));
      std::string list = "[";
      bool any = false;
      for (std::string& element : elements) {
        element = RandomText(random, 8);
        list += '"' + element + "\",";
        any = any || !Expected(patterns, element).empty();
      }
      const Folded lower(list + "]");
      const bool occurs = index.Occurs({lower.bytes.data(), lower.size});
      ASSERT_TRUE(occurs || !any) << list;
      denied += occurs ? 0 : 1;
    }
  }
  EXPECT_GT(denied, 500U);
}

}  // namespace
}  // namespace vedette::engine
