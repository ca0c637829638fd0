// SPDX-License-Identifier: Apache-2.0
#include "event/field_extractor.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "event/field_extractor_oracle.h"

namespace vedette::event {
namespace {

using Outcome = FieldExtractor::Outcome;

/// What Next() gives for each line of `text`, by the field `path`: its token, "-" without one, "?"
/// for an irregular line. Every event is compared with the oracle.
std::string Tokens(std::string_view text, std::string_view path, Shape shape = Shape::kFlat) {
  Fixture fixture;
  const FieldId id = fixture.table.Intern(path, shape);
  FieldExtractor extractor(fixture.table, kWatched);
  const Projector projector(fixture.table);
  // What lies behind the block must not matter.
  const std::string padded = std::string(text) + std::string(FieldExtractor::kPadding, '"');
  extractor.Load(std::string_view(padded).substr(0, text.size()));
  std::string out;
  RawEvent raw;
  for (Outcome outcome{}; (outcome = extractor.Next(raw)) != Outcome::kEnd;) {
    if (!out.empty()) out += ' ';
    if (outcome == Outcome::kIrregular) {
      out += '?';
      continue;
    }
    EXPECT_EQ(Disagreement(raw, fixture.table, projector), "") << raw.json;
    out += raw.Token(id).empty() ? "-" : raw.Token(id);
  }
  return out;
}

TEST(FieldExtractorTest, TakesTokens) {
  const struct {
    const char *name, *json, *path, *want;
  } kCases[] = {
      {"string", R"({"k":"x"})", "k", R"("x")"},
      {"number", R"({"k":1,"n":-2.5e3})", "n", "-2.5e3"},
      {"last number", R"({"n":12 })", "n", "12"},
      {"word", R"({"k":true,"z":0})", "k", "true"},
      {"null is a token", R"({"k":null})", "k", "null"},
      {"empty array is a token", R"({"k":[]})", "k", "[]"},
      {"empty object is a token", R"({"k":{}})", "k", "{}"},
      {"missing", R"({"z":1})", "k", "-"},
      {"empty record", "{}", "k", "-"},
      {"nested", R"({"o":{"z":[],"k":"x","y":{"k":1}},"k":2})", "o.k", R"("x")"},
      {"dotted", R"({"o.k":"x"})", "o.k", R"("x")"},
      {"dotted inside", R"({"o":{"p.q":"x"}})", "o.p.q", R"("x")"},
      {"dotted, then nested", R"({"o.p":{"q":"x"}})", "o.p.q", R"("x")"},
      {"alias", R"({"o":{"k":"x"}})", "alias", R"("x")"},
      {"array", R"({"k":["a", "b" ,null,{"k":[1]}] ,"n":1})", "k", R"(["a", "b" ,null,{"k":[1]}])"},
      {"object", R"({"t":{"x":[{}]}})", "t", R"({"x":[{}]})"},
      {"wanted and walked", R"({"a":{"b":{"c":1}}})", "a.b.c", "1"},
      {"escapes", R"({"k":"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"})", "k",
       R"("\"\\\/\b\f\n\r\t\u0041\ud83d\ude00")"},
      {"structure in strings", R"({"z":"}]{[\":,","k":"{"})", "k", R"("{")"},
      {"blanks everywhere", " { \"o\" : { \"k\" : \"x\" , \"p\" : { } } , \"n\" : 1 } \t", "o.k",
       R"("x")"},
      {"not ASCII", "{\"\xC3\xA4\":1,\"k\":\"\xE2\x82\xAC\"}", "k", "\"\xE2\x82\xAC\""},
      {"empty key", R"({"":{"":1},"k":2})", "k", "2"},
      {"key of 30 bytes", R"({"012345678901234567890123456789":1,"k":2})", "k", "2"},
      {"key of 31 bytes", R"({"0123456789012345678901234567890":{"k":1},"k":2})", "k", "2"},
      {"array of scalars on the way", R"({"o":[1,[2]],"k":1})", "k", "1"},
      {"scalar on the way", R"({"o":1,"k":2})", "k", "2"},
      {"array of objects elsewhere", R"({"z":[{"k":1},{"k":2}],"k":3})", "k", "3"},
      {"lines", "\n{\"k\":1}\r\n \t\r\n\r\n{\"k\":2}\n{\"k\":3}", "k", "1 2 3"},
      {"damage stays in its line", "{\"k\":1}\n{\"k\":\"2}\n{\"k\":3}\n{\"k\":[4}\n{\"k\":5}\n",
       "k", "1 ? 3 ? 5"},
      {"watched only at the top", R"({"o":{"hits":1},"k":2})", "k", "2"},
      {"watched by its whole name", R"({"hits2":1,"raw":1,"k":2})", "k", "2"},
      {"brackets nobody wants", R"({"z":{],"k":2})", "k", "2"},
      {"words nobody wants", R"({"z":tru,"k":2})", "k", "2"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Tokens(c.json, c.path), c.want) << c.name;
  EXPECT_EQ(Tokens(R"({"a":{"b":{"c":1},"z":2}})", "a.b", Shape::kTree), R"({"c":1})");
  EXPECT_EQ(Tokens(R"({"a":{"b":{"c":1},"z":2}})", "a"), R"({"b":{"c":1},"z":2})");
}

TEST(FieldExtractorTest, IsIrregular) {
  const std::string_view kCases[] = {
      // no object
      "1",
      "\"k\"",
      "[]",
      "[{}]",
      "null",
      ",",
      "{}{}",
      "{} 1",
      "{},",
      ",{}",
      "}{",
      // twice
      R"({"k":1,"k":2})",
      R"({"o":{"k":1},"o.k":2})",
      R"({"o":{"k":1},"o":{"k":1}})",
      R"({"k":null,"k":2})",
      // arrays of objects on the way
      R"({"o":[{"k":1}]})",
      R"({"o":[1,[{}]]})",
      R"({"a":{"b":[{"c":1}]}})",
      // escapes in keys
      R"({"\u006b":1})",
      R"({"o":{"p\n":1}})",
      R"({"z\"":1})",
      // watched
      R"({"_source":{}})",
      R"({"k":1,"hits":2})",
      R"({"raw_":1})",
      R"({"raw_event":1})",
      // text
      "{\"k\":\"\xFF\"}",
      "{\"z\":\"\xC3\"}",
      "{\"z\":\"a\tb\"}",
      "{\"z\":\"\x01\"}",
      "{\x01}",
      R"({"k":"x)",
      R"({"k)",
      R"({"z":"\\","k":",)",
      R"({"z":"x)",
      // brackets
      "{",
      "}",
      R"({"k":[1})",
      R"({"k":1]})",
      R"({"k":1}})",
      R"({"z":[})",

      R"({"o":{"k":1})",
      R"({"k":{"z":[1}]})",
      // commas and colons
      R"({"k":1,})",
      R"({,"k":1})",
      R"({"k":1,,"n":2})",
      R"({"k":1 "n":2})",
      R"({"k" 1})",
      R"({"k"::1})",
      R"({"k":})",
      R"({"k"})",
      R"({"k":1:"n":2})",
      R"({"k",1})",
      R"({"k":,1})",
      R"({"z":"a""n":2})",
      R"({"z":"a":"b"})",
      R"({"z":[],,"n":2})",
      R"({"z":{}"n":2})",
      "{,}",
      R"({"o":{}, ,"n":2})",
      R"({"o":{"k":1,},"n":2})",
      "{:}",
      R"({1:2})",
      R"({[]:2})",
      R"({"z":"a"1})",
      R"({"z":1"a"})",
      R"({"z":"a" 1,"k":2})",
      // in wanted values
      R"({"k":tru})",
      R"({"k":truex})",
      R"({"n":01})",
      R"({"n":1.})",
      R"({"n":+1})",
      R"({"n":-})",
      R"({"n":1e})",
      R"({"n":1 2})",
      R"({"n":NaN})",
      R"({"k":"\x"})",
      R"({"k":"\u12g4"})",
      R"({"k":"\ud83d"})",
      R"({"k":"\ude00"})",
      R"({"k":"\ud83d\u0041"})",
      R"({"k":[1,]})",
      R"({"k":[,1]})",
      R"({"k":[1 2]})",
      R"({"k":[1,,2]})",
      R"({"k":[1:2]})",
      R"({"k":["a":1]})",
      R"({"k":[{"a" 1}]})",
      R"({"k":[{"a":1,}]})",
      R"({"k":[{1:1}]})",
      R"({"k":[tru]})",
      R"({"k":["\x"]})",
      R"({"k":{"\x":1}})",
      R"({"k":{"a":}})",
      R"({"k":[[1}]})",
      R"({"k":[1]]})",
      R"({"k":[:]})",
      R"({"k":[])",
  };
  for (const std::string_view json : kCases) EXPECT_EQ(Tokens(json, "k"), "?") << json;
}

TEST(FieldExtractorTest, Depth) {
  const auto nested = [](std::string_view key, std::size_t levels) {
    return "{\"" + std::string(key) + "\":" + std::string(levels, '[') + std::string(levels, ']') +
           "}";
  };
  for (const char* key : {"k", "z"}) {
    EXPECT_NE(Tokens(nested(key, FieldExtractor::kMaxDepth - 1), "k"), "?") << key;
    EXPECT_EQ(Tokens(nested(key, FieldExtractor::kMaxDepth), "k"), "?") << key;
  }
  Schema schema(true);
  FieldTable table(schema);
  std::string path = "p";
  std::string record = "{\"p\":";
  for (int i = 0; i < 300; ++i) {
    path += ".p";
    record += "{\"p\":";
  }
  table.Intern(path);
  record += "1" + std::string(301, '}');
  const std::string padded = record + std::string(FieldExtractor::kPadding, ' ');
  FieldExtractor extractor(table, {});
  extractor.Load(std::string_view(padded).substr(0, record.size()));
  RawEvent raw;
  EXPECT_EQ(extractor.Next(raw), Outcome::kIrregular);
  EXPECT_EQ(raw.json, record);
  EXPECT_EQ(extractor.Next(raw), Outcome::kEnd);
}

TEST(FieldExtractorTest, LongLines) {
  const auto line = [](std::size_t size) {
    return R"({"z":")" + std::string(size, 'x') + R"(","k":1})" + "\r\n";
  };
  // Around the piece that is indexed at a time, and over the bound.
  EXPECT_EQ(Tokens(line(100'000) + line(200'000) + line(131'000) + line(1'000'000) + line(10), "k"),
            "1 1 1 1 1");
  EXPECT_EQ(Tokens(line(10) + line(FieldExtractor::kMaxLine) + line(10), "k"), "1 ? 1");
}

/// More keys than the memo holds, and keys that recur after it forgot them.
TEST(FieldExtractorTest, ManyKeys) {
  std::string text;
  std::string want;
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(i);
    text += "{\"key_" + n + "\":1,\"o\":{\"y" + n + "\":{},\"k\":" + n + "},\"x" + n + "\":[]}\n";
    want += (i == 0 ? "" : " ") + n;
  }
  EXPECT_EQ(Tokens(text, "o.k"), want);
}

TEST(FieldExtractorTest, BlocksFollowEachOther) {
  Fixture fixture;
  FieldExtractor extractor(fixture.table, kWatched);
  const FieldId k = fixture.table.Intern("k");
  RawEvent raw;
  EXPECT_EQ(extractor.Next(raw), Outcome::kEnd);
  for (const char* value : {"1", "2", "3"}) {
    const std::string record = std::string("{\"k\":") + value + "}\n{\"k\":0}\n";
    const std::string padded = record + std::string(FieldExtractor::kPadding, '\0');
    extractor.Load(std::string_view(padded).substr(0, record.size()));
    ASSERT_EQ(extractor.Next(raw), Outcome::kEvent);  // the second line is dropped by the next Load
    EXPECT_EQ(raw.Token(k), value);
  }
  extractor.Load("");
  EXPECT_EQ(extractor.Next(raw), Outcome::kEnd);
}

}  // namespace
}  // namespace vedette::event
