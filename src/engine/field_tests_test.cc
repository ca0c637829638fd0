// SPDX-License-Identifier: Apache-2.0
#include "engine/field_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/random_query_source.h"
#include "eql/value_ops.h"

namespace vedette::engine {
namespace {

using base::Case;
using eql::ComparisonOp;
using event::Value;
using testing::UnorderedElementsAre;

std::vector<TestId> OfText(const FieldTests& tests, std::string_view text) {
  FieldTests::Scratch scratch;
  std::vector<TestId> out;
  tests.MatchText(text, scratch, out);
  return out;
}

std::vector<TestId> OfNumber(const FieldTests& tests, const Value& number) {
  std::vector<TestId> out;
  tests.MatchNumber(number, out);
  return out;
}

TEST(FieldTests, EqualTestsAreOne) {
  FieldTests tests;
  const TestId bash = tests.AddExact("bash", Case::kSensitive);
  EXPECT_EQ(tests.AddExact("bash", Case::kSensitive), bash);
  EXPECT_NE(tests.AddExact("Bash", Case::kSensitive), bash);
  const TestId folded = tests.AddExact("BASH", Case::kAsciiInsensitive);
  EXPECT_NE(folded, bash);
  EXPECT_EQ(tests.AddExact("bAsh", Case::kAsciiInsensitive), folded);
  EXPECT_EQ(tests.AddPattern("bash", Case::kAsciiInsensitive), folded);
  const TestId pattern = tests.AddPattern("b*", Case::kSensitive);
  EXPECT_EQ(tests.AddPattern("b*", Case::kSensitive), pattern);
  EXPECT_NE(tests.AddPattern("b*", Case::kAsciiInsensitive), pattern);
  EXPECT_NE(tests.AddLiteral(PatternIndex::Kind::kPrefix, "b*"), pattern);
  EXPECT_NE(tests.AddContains("bash"), bash);
  const TestId number = tests.AddNumber(ComparisonOp::kLess, Value::Integer(5));
  EXPECT_EQ(tests.AddNumber(ComparisonOp::kLess, Value::Double(5)), number);
  EXPECT_NE(tests.AddNumber(ComparisonOp::kLessEqual, Value::Integer(5)), number);
  const TestId block = tests.AddBlock(*base::ParseCidr("10.0.0.0/8"));
  EXPECT_EQ(tests.AddBlock(*base::ParseCidr("10.0.0.0/8")), block);
  EXPECT_NE(tests.AddBlock(*base::ParseCidr("10.0.0.0/9")), block);
  EXPECT_NE(tests.AddOther(), tests.AddOther());
}

TEST(FieldTests, Texts) {
  FieldTests tests;
  const TestId exact = tests.AddExact("Bash", Case::kSensitive);
  const TestId folded = tests.AddExact("bash", Case::kAsciiInsensitive);
  const TestId empty = tests.AddExact("", Case::kSensitive);
  const TestId sharp = tests.AddExact(
      "STRA\xC3\x9F"
      "E",
      Case::kAsciiInsensitive);
  const TestId prefix = tests.AddLiteral(PatternIndex::Kind::kPrefix, "Ba");
  const TestId contains = tests.AddContains("as");
  const TestId number = tests.AddNumber(ComparisonOp::kEqual, Value::Integer(1));
  tests.Build();
  EXPECT_THAT(OfText(tests, "Bash"), UnorderedElementsAre(exact, folded, prefix, contains));
  EXPECT_THAT(OfText(tests, "BASH"), UnorderedElementsAre(folded, contains));
  EXPECT_THAT(OfText(tests, "bash "), UnorderedElementsAre(contains));
  EXPECT_THAT(OfText(tests, ""), UnorderedElementsAre(empty));
  EXPECT_THAT(OfText(tests,
                     "stra\xC3\x9F"
                     "e"),
              UnorderedElementsAre(sharp));
  EXPECT_THAT(OfText(tests, "strasse"), UnorderedElementsAre(contains));
  EXPECT_THAT(OfText(tests, "1"), UnorderedElementsAre());
  EXPECT_THAT(OfText(tests, std::string(100'000, 'x')), UnorderedElementsAre());
  EXPECT_THAT(OfNumber(tests, Value::Integer(1)), UnorderedElementsAre(number));
}

TEST(FieldTests, AddressBlocks) {
  FieldTests tests;
  const TestId all4 = tests.AddBlock(*base::ParseCidr("0.0.0.0/0"));
  const TestId ten = tests.AddBlock(*base::ParseCidr("10.0.0.0/8"));
  const TestId one = tests.AddBlock(*base::ParseCidr("10.1.2.3/32"));
  const TestId odd = tests.AddBlock(*base::ParseCidr("10.1.2.99/25"));  // host bits
  const TestId link = tests.AddBlock(*base::ParseCidr("fe80::/10"));
  const TestId all = tests.AddBlock(*base::ParseCidr("::/0"));
  tests.Build();
  EXPECT_THAT(OfText(tests, "10.1.2.3"), UnorderedElementsAre(all4, ten, one, odd, all));
  EXPECT_THAT(OfText(tests, "10.1.2.128"), UnorderedElementsAre(all4, ten, all));
  EXPECT_THAT(OfText(tests, "::ffff:10.255.255.255"), UnorderedElementsAre(all4, ten, all));
  EXPECT_THAT(OfText(tests, "11.0.0.0"), UnorderedElementsAre(all4, all));
  EXPECT_THAT(OfText(tests, "febf::1"), UnorderedElementsAre(link, all));
  EXPECT_THAT(OfText(tests, "fec0::1"), UnorderedElementsAre(all));
  for (const char* text :
       {"", "10.1.2", "10.1.2.3/32", "10.1.2.256", "10.1.2.3 ", "fe80::1%eth0"}) {
    const bool parses = base::ParseIp(text).has_value();
    EXPECT_EQ(OfText(tests, text).empty(), !parses) << text;
  }
}

std::vector<Value> EdgeNumbers() {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::uint64_t kMostUnsigned = std::numeric_limits<std::uint64_t>::max();
  return {Value::Integer(0),
          Value::Integer(-1),
          Value::Integer(1),
          Value::Integer(kMost),
          Value::Integer(kMost - 1),
          Value::Integer(kLeast),
          Value::Unsigned(std::uint64_t{1} << 63U),
          Value::Unsigned(kMostUnsigned),
          Value::Unsigned(kMostUnsigned - 1),
          Value::Double(0.0),
          Value::Double(-0.0),
          Value::Double(0.5),
          Value::Double(-0.5),
          Value::Double(1.0),
          Value::Double(9007199254740992.0),
          Value::Integer(9007199254740993),
          Value::Double(9223372036854775808.0),
          Value::Double(18446744073709551616.0),
          Value::Double(-9223372036854775808.0),
          Value::Double(1e300),
          Value::Double(5e-324),
          Value::NumberText("18446744073709551616"),
          Value::NumberText("-9223372036854775809"),
          Value::NumberText("123456789012345678901234567890")};
}

/// The order of two whole numbers that both fit 128 bits, by arithmetic of our own.
TEST(FieldTests, WholeNumbersAreExact) {
  struct Pair {
    const char* name;
    Value value;
    Value bound;
    std::partial_ordering order;
  };
  constexpr auto kLess = std::partial_ordering::less;
  constexpr auto kEqual = std::partial_ordering::equivalent;
  constexpr auto kGreater = std::partial_ordering::greater;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::uint64_t kMostUnsigned = std::numeric_limits<std::uint64_t>::max();
  const std::vector<Pair> pairs = {
      {"least, most", Value::Integer(kLeast), Value::Integer(kMost), kLess},
      {"most, one more", Value::Integer(kMost), Value::Unsigned(std::uint64_t{1} << 63U), kLess},
      {"minus one, all bits", Value::Integer(-1), Value::Unsigned(kMostUnsigned), kLess},
      {"2^63", Value::Double(0x1p63), Value::Unsigned(std::uint64_t{1} << 63U), kEqual},
      {"most is below 2^63", Value::Integer(kMost), Value::Double(0x1p63), kLess},
      {"2^53 + 1", Value::Integer(9007199254740993), Value::Double(0x1p53), kGreater},
      {"2^53", Value::Integer(9007199254740992), Value::Double(0x1p53), kEqual},
      {"least is -2^63", Value::Integer(kLeast), Value::Double(-0x1p63), kEqual},
      {"2^64", Value::Double(0x1p64), Value::Unsigned(kMostUnsigned), kGreater},
      {"half", Value::Double(0.5), Value::Integer(0), kGreater},
      {"minus half", Value::Double(-0.5), Value::Integer(0), kLess},
      {"minus zero", Value::Double(-0.0), Value::Integer(0), kEqual},
  };
  for (const Pair& pair : pairs) {
    SCOPED_TRACE(pair.name);
    FieldTests tests;
    const TestId less = tests.AddNumber(ComparisonOp::kLess, pair.bound);
    const TestId less_equal = tests.AddNumber(ComparisonOp::kLessEqual, pair.bound);
    const TestId equal = tests.AddNumber(ComparisonOp::kEqual, pair.bound);
    const TestId differs = tests.AddNumber(ComparisonOp::kNotEqual, pair.bound);
    const TestId greater = tests.AddNumber(ComparisonOp::kGreater, pair.bound);
    const TestId greater_equal = tests.AddNumber(ComparisonOp::kGreaterEqual, pair.bound);
    tests.Build();
    const auto found = OfNumber(tests, pair.value);
    if (pair.order == kLess) {
      EXPECT_THAT(found, UnorderedElementsAre(less, less_equal, differs));
    }
    if (pair.order == kEqual) {
      EXPECT_THAT(found, UnorderedElementsAre(less_equal, equal, greater_equal));
    }
    if (pair.order == kGreater) {
      EXPECT_THAT(found, UnorderedElementsAre(greater, greater_equal, differs));
    }
  }
}

/// Every bound together, as rules have them: each decides as it does alone.
TEST(FieldTests, BoundsDoNotDisturbEachOther) {
  constexpr ComparisonOp kOps[] = {ComparisonOp::kEqual,   ComparisonOp::kNotEqual,
                                   ComparisonOp::kLess,    ComparisonOp::kLessEqual,
                                   ComparisonOp::kGreater, ComparisonOp::kGreaterEqual};
  const auto holds = [](std::partial_ordering order, ComparisonOp op) {
    switch (op) {
      case ComparisonOp::kEqual:
        return order == 0;
      case ComparisonOp::kNotEqual:
        return order < 0 || order > 0;
      case ComparisonOp::kLess:
        return order < 0;
      case ComparisonOp::kLessEqual:
        return order <= 0;
      case ComparisonOp::kGreater:
        return order > 0;
      case ComparisonOp::kGreaterEqual:
        return order >= 0;
    }
    return false;
  };
  const auto numbers = EdgeNumbers();
  FieldTests tests;
  std::vector<std::pair<std::pair<ComparisonOp, Value>, TestId>> added;
  for (const Value& bound : numbers) {
    for (const ComparisonOp op : kOps) added.push_back({{op, bound}, tests.AddNumber(op, bound)});
  }
  tests.Build();
  for (const Value& number : numbers) {
    auto found = OfNumber(tests, number);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end()) << "a test twice";
    for (const auto& [what, test] : added) {
      const auto order = eql::CompareNumbers(number, what.second);
      EXPECT_EQ(std::binary_search(found.begin(), found.end(), test), holds(order, what.first));
    }
  }
}

std::string RandomWord(RandomSource& random) {
  std::string out;
  for (std::size_t i = random.Below(7); i > 0; --i) {
    out += random.Word({"a", "b", "A", "\xC3\xA4", "-", "1"});
  }
  return out;
}

/// All kinds of tests at once, each against its definition; and what MayHoldIn denies of a list.
TEST(FieldTests, AgreeWithTheirDefinitions) {
  constexpr std::uint64_t kSeed = 11;
  std::size_t holding = 0;
  std::size_t denied = 0;
  for (std::uint64_t round = 0; round < 800; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed * 100'000 + round);
    struct Definition {
      std::string pattern;
      Case fold;
      bool whole;
      TestId test;
    };
    FieldTests tests;
    std::vector<Definition> definitions;
    const std::size_t count = 1 + random.Below(round % 20 == 0 ? 150 : 6);
    for (std::size_t i = 0; i < count; ++i) {
      Definition one{RandomWord(random),
                     random.OneIn(2) ? Case::kSensitive : Case::kAsciiInsensitive, true, 0};
      if (random.OneIn(2)) {
        one.test = tests.AddExact(one.pattern, one.fold);
      } else {
        one.whole = false;
        one.pattern = random.Word({"*", "?", "", "a*"}) + one.pattern + random.Word({"*", "", "?"});
        one.test = tests.AddPattern(one.pattern, one.fold);
      }
      definitions.push_back(one);
    }
    tests.Build();
    FieldTests::Scratch scratch;
    for (int i = 0; i < 30; ++i) {
      std::vector<std::string> elements(1 + random.Below(3));
      std::string list = "[";
      bool any = false;
      for (std::string& element : elements) {
        element = RandomWord(random);
        if (list.size() > 1) list += ',';
        list += '"' + element + '"';
        std::vector<TestId> found;
        tests.MatchText(element, scratch, found);
        std::sort(found.begin(), found.end());
        ASSERT_EQ(std::adjacent_find(found.begin(), found.end()), found.end()) << "a test twice";
        any = any || !found.empty();
        holding += found.size();
        for (const Definition& one : definitions) {
          const bool expected =
              one.whole ? (one.fold == Case::kSensitive ? one.pattern == element
                                                        : base::EqualFold(one.pattern, element))
                        : base::WildcardMatch(one.pattern, element, one.fold);
          ASSERT_EQ(std::binary_search(found.begin(), found.end(), one.test), expected)
              << one.pattern << " on " << element;
        }
      }
      const bool may = tests.MayHoldIn(list + "]", scratch);
      ASSERT_TRUE(may || !any) << list;
      denied += may ? 0U : 1U;
    }
  }
  EXPECT_GT(holding, 5'000U);
  EXPECT_GT(denied, 500U);
}

TEST(FieldTests, MayHoldInIsCautious) {
  FieldTests::Scratch scratch;
  FieldTests words;
  words.AddExact("bash", Case::kSensitive);
  words.Build();
  EXPECT_FALSE(words.MayHoldIn(R"(["zsh","dash"])", scratch));
  EXPECT_TRUE(words.MayHoldIn(R"(["zsh","bash"])", scratch));
  EXPECT_TRUE(words.MayHoldIn(R"(["z\u0073h"])", scratch)) << "an escape may hide anything";
  FieldTests numbers;
  numbers.AddExact("bash", Case::kSensitive);
  numbers.AddNumber(ComparisonOp::kLess, Value::Integer(3));
  numbers.Build();
  EXPECT_TRUE(numbers.MayHoldIn(R"(["1"])", scratch));
  FieldTests empty;
  empty.AddExact("", Case::kSensitive);
  empty.Build();
  EXPECT_TRUE(empty.MayHoldIn(R"([""])", scratch));
}

}  // namespace
}  // namespace vedette::engine
