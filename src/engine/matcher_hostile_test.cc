// SPDX-License-Identifier: Apache-2.0
// Values that nobody means well with: answers stay right, memory stays bounded.
#include <gtest/gtest.h>

#include <initializer_list>
#include <iostream>
#include <string>
#include <vector>

#include "engine/matcher.h"
#include "engine/random_conditions_for_test.h"

namespace vedette::engine {
namespace {

constexpr std::size_t kMemoBytes = 256 * 1024;
constexpr std::size_t kResidualBytes = 512 * 1024;

void AddQueries(RandomConditions& conditions) {
  for (const char* query :
       {R"(any where s == "a")", R"(any where s : "a*")", R"(any where s like "*b")",
        R"(any where s like~ "*ab*ba*")", R"(any where s like "??????*")",
        R"(any where not s : ("x*", "*y"))", R"(any where s regex ".*[ab]{3}.*")",
        R"(any where length(s) > 1000)", R"(any where n > 5 and n < 9000)", R"(any where n == 77)",
        R"(any where s in ("v1", "v77", "v9999"))", R"(any where s == null)",
        R"(any where substring(s, 0, 1) == "b")", R"(any where s : "v*7" and n != 3)",
        R"(any where d >= 0.5)", R"(any where cidrMatch(ip, "10.0.0.0/8"))",
        R"(any where b == true or t : "*77*")"}) {
    RandomCase one;
    one.query = query;
    ASSERT_TRUE(conditions.Add(one)) << query;
  }
}

std::string List(std::size_t count, const std::string& before, const std::string& after) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out += ',';
    out += before + std::to_string(i) + after;
  }
  return out + ']';
}

std::string Deep(std::size_t depth, const std::string& inside) {
  return std::string(depth, '[') + inside + std::string(depth, ']');
}

std::string Document(const std::string& s, const std::string& t, const std::string& n) {
  return R"({"event":{"category":"process"},"s":)" + s + R"(,"t":)" + t + R"(,"n":)" + n +
         R"(,"ip":["10.1.2.3","::1","none"],"b":"true","d":"0.5"})";
}

/// What the room is looked at is every 256th event: until then it may be passed by what these
/// events bring. `slack`: a bound on that.
void ExpectBounded(const std::vector<std::string>& lines, std::size_t passes, std::size_t slack,
                   const char* name) {
  SCOPED_TRACE(name);
  RandomConditions conditions;
  AddQueries(conditions);
  RandomSource random(1);
  RawComparison sums;
  EXPECT_EQ(conditions.Compare(lines, {kMemoBytes, kResidualBytes, 9}, passes, random, sums), "");
  EXPECT_GT(sums.holding, 0U);
  EXPECT_LE(sums.most_bytes, kMemoBytes + kResidualBytes + slack);
  std::cout << "[ ROOM     ] " << name << ": " << sums.most_bytes << " bytes\n";
}

TEST(MatcherHostile, LongTexts) {
  const std::string a(100'000, 'a');
  std::string alternating;
  for (int i = 0; i < 50'000; ++i) alternating += "ab";
  std::vector<std::string> lines;
  for (const std::string& text : {a, a + "b", "b" + a, alternating, alternating + "\xC3\xA4"}) {
    lines.push_back(Document('"' + text + '"', "\"a\"", "6"));
    lines.push_back(Document("[\"x\",\"" + text + "\"]", '"' + text + '"', "6"));
    lines.push_back(Document("\"\\u0061" + text + '"', "null", "\"6\""));
  }
  ExpectBounded(lines, 3, 64 * 1024, "long texts");
}

TEST(MatcherHostile, LongLists) {
  const std::vector<std::string> lines = {
      Document(List(10'000, "\"v", "\""), "\"v77\"", "6"),
      Document(List(10'000, "\"x", "\""), List(10'000, "\"w", "\""), List(10'000, "", "")),
      Document(List(10'000, "", ""), "true", List(10'000, "\"", "\"")),
      Document(List(10'000, "\"\\u0076", "\""), "[]", "[null]"),
      Document(List(10'000, "[\"v", "\"]"), "[[]]", List(10'000, "-", ".5")),
  };
  ExpectBounded(lines, 3, 256 * 1024, "long lists");
}

TEST(MatcherHostile, ManyListsThatDiffer) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < 1'000; ++i) {
    lines.push_back(Document(List(i % 211, "\"v" + std::to_string(i), "\""),
                             List(i % 17, "\"a", "\""), List(i % 13, std::to_string(i), "")));
  }
  ExpectBounded(lines, 2, 512 * 1024, "lists that differ");
}

TEST(MatcherHostile, ValuesThatAllDiffer) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < 6'000; ++i) {
    const std::string number = std::to_string(i);
    // The category is a field whose values are expected to be few.
    lines.push_back(R"({"event":{"category":"c)" + number + R"("},"s":"v)" + number +
                    R"(","t":"a)" + number + R"(","n":)" + number + "}");
  }
  ExpectBounded(lines, 2, 512 * 1024, "values that all differ");
}

TEST(MatcherHostile, DeepLists) {
  std::vector<std::string> lines;
  for (const std::size_t depth : {1U, 2U, 60U, 200U, 252U}) {
    lines.push_back(Document(Deep(depth, "\"a\""), Deep(depth, "null"), Deep(depth, "6")));
    lines.push_back(Document(Deep(depth, ""), Deep(depth, "\"a\",[\"b\"]"), "[6,[7,[8]]]"));
  }
  ExpectBounded(lines, 3, 64 * 1024, "deep lists");
}

TEST(MatcherHostile, OddNumbers) {
  std::vector<std::string> lines;
  for (const char* number : {"0",
                             "-0",
                             "77",
                             "77.0",
                             "7.7e1",
                             "\"77\"",
                             "\"77.0\"",
                             "\" 77\"",
                             "\"0x4D\"",
                             "1e400",
                             "-1e400",
                             "9223372036854775807",
                             "9223372036854775808",
                             "18446744073709551616",
                             "5e-324",
                             "123456789012345678901234567890",
                             "true",
                             "{}",
                             "{\"x\":77}",
                             "\"\"",
                             "[77,[78]]"}) {
    lines.push_back(Document(number, number, number));
    lines.push_back(R"({"d":)" + std::string(number) + R"(,"b":)" + number + R"(,"ip":)" + number +
                    "}");
  }
  ExpectBounded(lines, 3, 64 * 1024, "odd numbers");
}

}  // namespace
}  // namespace vedette::engine
