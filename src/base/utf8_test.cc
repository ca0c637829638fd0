// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace vedette::base {
namespace {

TEST(Utf8, EveryScalarValueSurvivesTheWayThere) {
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(text, code);
    const Utf8Char back = DecodeUtf8(text);
    ASSERT_TRUE(back.valid && back.code == code && back.length == text.size())
        << static_cast<std::uint32_t>(code);
  }
}

TEST(Utf8, DecodesAtAnOffset) {
  const std::string text = "a\u00e9\u20ac\U0001F600";
  EXPECT_EQ(DecodeUtf8(text, 0).code, U'a');
  EXPECT_EQ(DecodeUtf8(text, 1).code, char32_t{0xE9});
  EXPECT_EQ(DecodeUtf8(text, 3).code, char32_t{0x20AC});
  EXPECT_EQ(DecodeUtf8(text, 6).code, char32_t{0x1F600});
}

TEST(Utf8, IllFormedSequencesAreOneInvalidByte) {
  const struct {
    const char* name;
    std::string text;
  } cases[] = {
      {"overlong slash", "\xC0\xAF"},
      {"overlong three", "\xE0\x80\xAF"},
      {"overlong four", "\xF0\x80\x80\xAF"},
      {"surrogate", "\xED\xA0\x80"},
      {"past the last", "\xF4\x90\x80\x80"},
      {"cut short", "\xE2\x82"},
      {"stray tail", "\x80"},
      {"no tail", "\xC3("},
      {"no lead", "\xFF"},
  };
  for (const auto& test : cases) {
    const Utf8Char c = DecodeUtf8(test.text);
    EXPECT_FALSE(c.valid) << test.name;
    EXPECT_EQ(c.length, 1U) << test.name;
  }
}

}  // namespace
}  // namespace vedette::base
