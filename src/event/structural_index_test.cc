// SPDX-License-Identifier: Apache-2.0
#include "event/structural_index.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace vedette::event {
namespace {

using Code = StructuralIndex::Code;

/// The kinds in order, each with its offset: "{0 "1 …"; a broken line ends with !.
std::string Show(std::string_view text, Code code) {
  // What lies behind the text must not matter: here it would open a string and an object.
  const std::string padded = std::string(text) + std::string(StructuralIndex::kPadding, '"');
  StructuralIndex index(code);
  index.Build(std::string_view(padded).substr(0, text.size()));
  std::string out;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto kind = static_cast<char>(index.kinds()[i]);
    if (kind == '\n') {
      out += '$';
    } else {
      out += kind == static_cast<char>(StructuralIndex::kBroken) ? '!' : kind;
    }
    out += std::to_string(index.positions()[i]) + ' ';
  }
  for (std::size_t i = 0; i < StructuralIndex::kGuard; ++i) {
    EXPECT_EQ(index.kinds()[index.size() + i], '\n');
  }
  out += index.has_non_ascii() ? "wide" : "";
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    EXPECT_TRUE(text[i] != '\\' || index.MayHaveBackslash(i, i + 1));
  }
  return out;
}

TEST(StructuralIndexTest, FindsTheStructure) {
  const struct {
    const char* name;
    std::string_view text, want;
  } kCases[] = {
      {"nothing", "", ""},
      {"members", R"({"a":1,"bc":[true,"x"]}
)",
       R"({0 "1 15 "7 [12 t13 "18 ]21 }22 $23 )"},
      {"no line break", "{}", "{0 }1 $2 "},
      {"structure in a string", R"({"a":"{}[],:"})", R"({0 "1 "5 }13 $14 )"},
      {"escaped quote", R"(["\"{"])", R"([0 "1 ]6 $7 )"},
      {"escaped backslash", R"(["\\",1])", R"([0 "1 16 ]7 $8 )"},
      {"words touch", R"(1"x"2)", R"(10 "1 24 $5 )"},
      {"unclosed string", "\"a\n\"b\"\n", "\"0 !2 \"3 $6 "},
      {"unclosed, no line break", "\"a", "\"0 !2 "},
      {"tab in a string", "[\"\t\"]\n[]", "[0 \"1 ]4 !5 [6 ]7 $8 "},
      {"tab between", "[\t]\r\n", "[0 ]2 $4 "},
      {"NUL between", std::string_view("[\0]\n", 4), "[0 ]2 !3 "},
      {"blank lines", "\n \n", "$0 $2 "},
      {"backslash before a line break", "\"\\\n\"\"\n", "\"0 !2 \"3 $5 "},
      {"not ASCII", "\"\xC3\xA4\"", "\"0 $4 wide"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Show(c.text, Code::kPortable), c.want) << c.name;
}

TEST(StructuralIndexTest, AllCodesAgree) {
  constexpr std::string_view kAlphabet =
      "{}[]:,\"\"\"\"\\\\\\ \t\r\n\n01ae-\x01\x1F\xC3\x80\xFF\x7F";
  const unsigned seed = 20261123;
  std::mt19937 random(seed);
  for (int round = 0; round < 4000; ++round) {
    std::string text(random() % 300, ' ');
    // Runs make strings that cross blocks and long runs of backslashes.
    for (std::size_t i = 0; i < text.size();) {
      const char c = kAlphabet[random() % kAlphabet.size()];
      for (std::size_t run = random() % 4 == 0 ? random() % 140 : 1; run > 0 && i < text.size();
           --run) {
        text[i++] = c;
      }
    }
    const std::string want = Show(text, Code::kPortable);
    for (const Code code : {Code::kAvx2, Code::kAvx512}) {
      if (!StructuralIndex::Supported(code)) continue;
      ASSERT_EQ(Show(text, code), want) << "seed " << seed << ", round " << round;
    }
  }
}

// An entry for each byte is the most there can be.
TEST(StructuralIndexTest, DenseText) {
  const std::string text(100'000, '[');
  const std::string want = Show(text, Code::kPortable);
  for (const Code code : {Code::kAvx2, Code::kAvx512}) {
    if (!StructuralIndex::Supported(code)) continue;
    EXPECT_EQ(Show(text, code), want);
  }
}

}  // namespace
}  // namespace vedette::event
