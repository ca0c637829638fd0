// SPDX-License-Identifier: Apache-2.0
#include "event/json_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace vedette::event {
namespace {

std::string RoundTrip(std::string_view json) {
  base::Arena arena;
  JsonReader reader;
  const auto value = reader.Read(json, arena);
  if (!value) return "error: " + value.error().message();
  std::string out;
  WriteJson(*value, out);
  return out;
}

TEST(JsonReaderTest, ReadsAndWritesBack) {
  const struct {
    const char* name;
    std::string in, out;
  } kCases[] = {
      {"empty object", "{}", "{}"},
      {"nesting", R"({"a":{"b":[1,2,{"c":null}]}})", R"({"a":{"b":[1,2,{"c":null}]}})"},
      {"white space", " { \"a\" : [ ] } \n", R"({"a":[]})"},
      {"escapes", R"({"a":"\u003d\t\"\\\u00e9"})", "{\"a\":\"=\\t\\\"\\\\é\"}"},
      {"int64 edges", R"([9223372036854775807,-9223372036854775808])",
       "[9223372036854775807,-9223372036854775808]"},
      {"uint64", "[18446744073709551615]", "[18446744073709551615]"},
      {"past 64 bits keeps its digits", "[123456789012345678901234567890]",
       "[123456789012345678901234567890]"},
      {"past double keeps its digits", "[1e400]", "[1e400]"},
      {"double", "[1.5,-0.25,1e3]", "[1.5,-0.25,1000.0]"},
      {"duplicate keys are all kept", R"({"a":1,"a":2})", R"({"a":1,"a":2})"},
      {"booleans", "[true,false]", "[true,false]"},
  };
  for (const auto& c : kCases) EXPECT_EQ(RoundTrip(c.in), c.out) << c.name;
}

TEST(JsonReaderTest, RefusesDamage) {
  const std::string kCases[] = {
      R"({"a":1)",
      R"({"a":})",
      R"({"a" 1})",
      R"({"a":tru})",
      R"({"a":nul})",
      R"({"a":01})",
      R"({"a":1.})",
      R"({"a":-})",
      R"([1,])",
      R"({"a":1} x)",
      "{\"a\":\"\n\"}",
      "",
      "   ",
      "{]",
      R"({"a":"\x"})",
      R"({"a":1}{"b":2})",
      std::string("{\"a\":\"x\0y\"}", 11),
  };
  for (const auto& c : kCases)
    EXPECT_TRUE(RoundTrip(c).starts_with("error: not valid JSON")) << c << RoundTrip(c);
}

TEST(JsonReaderTest, RepairsUtf8AndSaysSo) {
  base::Arena arena;
  JsonReader reader;
  const auto value = reader.Read("{\"a\":\"x\xff\xc3(\"}", arena);
  ASSERT_TRUE(value.has_value()) << value.error().message();
  EXPECT_EQ(value->Get("a").text(), "x\xEF\xBF\xBD\xEF\xBF\xBD(");
  EXPECT_TRUE(reader.utf8_repaired());
  ASSERT_TRUE(reader.Read("{}", arena).has_value());
  EXPECT_FALSE(reader.utf8_repaired());
}

TEST(JsonReaderTest, BoundsDepthAndSize) {
  base::Arena arena;
  JsonReader reader(JsonReader::Limits{.max_depth = 100, .max_bytes = 100'000});
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(reader.Read(nested(100), arena).has_value());
  const auto deep = reader.Read(nested(10'000), arena);
  ASSERT_FALSE(deep.has_value());
  EXPECT_EQ(deep.error().code(), base::ErrorCode::kLimitExceeded);
  EXPECT_FALSE(reader.Read("\"" + std::string(100'001, 'x') + "\"", arena).has_value());
  EXPECT_TRUE(reader.Read("{}", arena).has_value()) << "a refused record must not spoil the next";
}

TEST(ValueTest, GetPathTakesNestedAndDottedKeys) {
  base::Arena arena;
  JsonReader reader;
  const auto value =
      reader.Read(R"({"a":{"b":{"c":1}},"d.e":{"f":2},"g":{"h.i":3},"a.x":4})", arena);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->GetPath("a.b.c").integer(), 1);
  EXPECT_EQ(value->GetPath("d.e.f").integer(), 2);
  EXPECT_EQ(value->GetPath("g.h.i").integer(), 3);
  EXPECT_EQ(value->GetPath("a.x").integer(), 4);
  EXPECT_TRUE(value->GetPath("a.b.z").is_null());
}

}  // namespace
}  // namespace vedette::event
