// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "base/utf8.h"

namespace vedette::base {
namespace {

std::string Escaped(std::string_view text) {
  std::string out;
  AppendJsonEscaped(out, text);
  return out;
}

std::string Double(double value) {
  std::string out;
  JsonWriter(out).Double(value);
  return out;
}

TEST(JsonWriter, PlacesCommas) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Member("a", "x");
  json.MemberInt("b", -1);
  json.Key("c");
  json.BeginArray();
  json.Int(std::numeric_limits<std::int64_t>::min());
  json.Uint(std::numeric_limits<std::uint64_t>::max());
  json.BeginObject();
  json.EndObject();
  json.BeginArray();
  json.EndArray();
  json.Null();
  json.Bool(false);
  json.EndArray();
  json.Key("d");
  json.BeginObject();
  json.MemberBool("e", true);
  json.EndObject();
  json.Key("f");
  json.Raw("[1,2]");
  json.Key("");
  json.String("");
  json.EndObject();
  EXPECT_EQ(out,
            R"({"a":"x","b":-1,"c":[-9223372036854775808,18446744073709551615,{},[],null,false],)"
            R"("d":{"e":true},"f":[1,2],"":""})");
}

TEST(JsonWriter, Escapes) {
  EXPECT_EQ(Escaped("plain /path"), "plain /path");
  EXPECT_EQ(Escaped("\"\\"), R"(\"\\)");
  EXPECT_EQ(Escaped("\n\r\t"), R"(\n\r\t)");
  EXPECT_EQ(Escaped(std::string_view("\0\x1b", 2)), "\\u0000\\u001b");
  EXPECT_EQ(Escaped("é\xF0\x9F\x90\x8E"), "é\xF0\x9F\x90\x8E");
  EXPECT_EQ(Escaped("a\xFF"
                    "b"),
            "a\xEF\xBF\xBD"
            "b");
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Member("k\"", "v");
  json.EndObject();
  EXPECT_EQ(out, R"({"k\"":"v"})");
}

TEST(JsonWriter, DoublesKeepTheirKindAndValue) {
  EXPECT_EQ(Double(0.0), "0.0");
  EXPECT_EQ(Double(1.0), "1.0");
  EXPECT_EQ(Double(-2.5), "-2.5");
  EXPECT_EQ(Double(0.1), "0.1");
  EXPECT_EQ(Double(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(Double(-std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(Double(std::numeric_limits<double>::quiet_NaN()), "null");
  std::mt19937_64 random(9);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    const std::string text = Double(value);
    if (text == "null") continue;
    double back = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(error, std::errc()) << text;
    ASSERT_EQ(end, text.data() + text.size()) << text;
    ASSERT_EQ(back, value) << text;
    ASSERT_NE(text.find_first_of(".e"), std::string::npos) << text;
  }
}

TEST(RepairUtf8, OneReplacementPerMaximalSubpart) {
  const std::string r = "\xEF\xBF\xBD";
  struct {
    const char* name;
    std::string text;
    std::string repaired;
  } const cases[] = {
      {"well-formed", "aé\xE2\x82\xAC\xF0\x9F\x90\x8E", "aé\xE2\x82\xAC\xF0\x9F\x90\x8E"},
      {"stray continuation bytes", "\x80\xBF", r + r},
      {"overlong slash", "\xC0\xAF", r + r},
      {"surrogate", "\xED\xA0\x80", r + r + r},
      {"past U+10FFFF", "\xF4\x90\x80\x80", r + r + r + r},
      {"cut three-byte", "\xE2\x82", r},
      {"cut three-byte before ASCII",
       "\xE2\x82"
       "a",
       r + "a"},
      {"cut four-byte", "\xF0\x9F\x90", r},
      {"cut four-byte before a good one", "\xF0\x9F\xC3\xA9", r + "\xC3\xA9"},
      {"bytes that never occur", "\xFE\xFF", r + r},
      {"Unicode's own example", "\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64",
       "a" + r + r + r + "b" + r + "c" + r + r + "d"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(RepairUtf8(c.text), c.repaired) << c.name;
    EXPECT_EQ(IsValidUtf8(c.text), c.text == c.repaired) << c.name;
  }
}

TEST(RepairUtf8, RandomBytesBecomeValidAndValidStays) {
  std::mt19937 random(10);
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 12, '\0');
    // Lead and continuation bytes more often than chance would.
    for (char& c : text)
      c = static_cast<char>(random() % 4 == 0 ? random() % 256 : 0x80 + random() % 128);
    const std::string once = RepairUtf8(text);
    ASSERT_TRUE(IsValidUtf8(once));
    ASSERT_EQ(RepairUtf8(once), once);
    ASSERT_EQ(IsValidUtf8(text), once == text);
    ASSERT_TRUE(IsValidUtf8(Escaped(text)));
    ASSERT_EQ(Escaped(text), Escaped(once));
  }
}

TEST(AppendUtf8, EveryScalarIsOneWellFormedSequence) {
  for (char32_t c = 0; c <= 0x110000; ++c) {
    std::string text;
    AppendUtf8(text, c);
    ASSERT_EQ(Utf8SequenceLength(text), text.size()) << static_cast<std::uint32_t>(c);
    const bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    if (!scalar) {
      ASSERT_EQ(text, kReplacementCharacter) << static_cast<std::uint32_t>(c);
    }
  }
}

}  // namespace
}  // namespace vedette::base
