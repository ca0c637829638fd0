// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "event/field_extractor.h"
#include "event/field_extractor_oracle.h"

namespace vedette::event {
namespace {

using Outcome = FieldExtractor::Outcome;

/// A random record of the fixture's vocabulary: mostly regular, all forms of JSON.
class RandomRecord {
 public:
  explicit RandomRecord(unsigned seed) : random_(seed) {}
  std::string Make() {
    std::string out;
    Object(out, 0);
    if (OneIn(6)) Damage(out);
    return out;
  }
  bool OneIn(unsigned n) { return random_() % n == 0; }
  std::size_t Below(std::size_t n) { return random_() % n; }

 private:
  template <std::size_t kSize>
  std::string_view Pick(const std::array<std::string_view, kSize>& from) {
    return from[Below(kSize)];
  }
  void Blank(std::string& out) {
    if (OneIn(20)) out += OneIn(2) ? " " : "\t ";
  }
  void Object(std::string& out, int depth) {
    static constexpr std::array<std::string_view, 24> kKeys = {"k",
                                                               "n",
                                                               "o",
                                                               "p",
                                                               "q",
                                                               "nv",
                                                               "u",
                                                               "a",
                                                               "b",
                                                               "c",
                                                               "t",
                                                               "long",
                                                               "er",
                                                               "o.k",
                                                               "a.b",
                                                               "a.b.c",
                                                               "p.q",
                                                               "o.p.q",
                                                               "other",
                                                               "",
                                                               ".",
                                                               "a.",
                                                               "0123456789012345678901234567890",
                                                               "\xC3\xA4"};
    out += '{';
    Blank(out);
    const std::size_t members = Below(depth == 0 ? 9 : 4);
    for (std::size_t i = 0; i < members; ++i) {
      if (i != 0) out += ',';
      Blank(out);
      out += '"';
      out += OneIn(100) ? "\\u006b" : OneIn(100) ? "hits" : Pick(kKeys);
      out += '"';
      Blank(out);
      out += ':';
      Blank(out);
      Any(out, depth + 1);
      Blank(out);
    }
    out += '}';
  }
  void Any(std::string& out, int depth) {
    static constexpr std::array<std::string_view, 20> kSimple = {"1",
                                                                 "0",
                                                                 "-7",
                                                                 "1.5",
                                                                 "1e3",
                                                                 "true",
                                                                 "false",
                                                                 "null",
                                                                 "\"\"",
                                                                 "\"x\"",
                                                                 "\"42\"",
                                                                 "\"true\"",
                                                                 "\"a,b:{}\"",
                                                                 R"("\"")",
                                                                 R"("\\")",
                                                                 R"("\u00e4\n")",
                                                                 R"("\ud83d\ude00")",
                                                                 "123456789012345678901",
                                                                 "\"\xE2\x82\xAC\"",
                                                                 "-0"};
    const std::size_t kind = Below(depth > 5 ? 5 : 9);
    if (kind < 5) {
      out += Pick(kSimple);
    } else if (kind < 8) {
      Object(out, depth);
    } else {
      out += '[';
      const std::size_t elements = Below(4);
      for (std::size_t i = 0; i < elements; ++i) {
        if (i != 0) out += ',';
        Blank(out);
        if (OneIn(5)) {
          Any(out, depth + 1);
        } else {
          out += Pick(kSimple);
        }
        Blank(out);
      }
      out += ']';
    }
  }
  void Damage(std::string& out) {
    static constexpr std::string_view kBytes =
        "{}[]:,\"\\ \x01\xFF"
        "1a\t";
    const std::size_t at = Below(out.size());
    switch (Below(4)) {
      case 0:
        out.erase(at, 1 + Below(3));
        break;
      case 1:
        out.insert(at, 1, kBytes[Below(kBytes.size())]);
        break;
      case 2:
        out[at] = kBytes[Below(kBytes.size())];
        break;
      default:
        out.resize(at);
    }
  }
  std::mt19937 random_;
};

TEST(FieldExtractorTest, AgreesWithTheProjector) {
  const unsigned seed = 20261123;
  RandomRecord random(seed);
  Fixture fixture;
  const Projector projector(fixture.table);
  std::vector<StructuralIndex::Code> codes = {StructuralIndex::Code::kPortable};
  for (const auto code : {StructuralIndex::Code::kAvx2, StructuralIndex::Code::kAvx512}) {
    if (StructuralIndex::Supported(code)) codes.push_back(code);
  }
  std::vector<FieldExtractor> extractors;
  for (const auto code : codes) extractors.emplace_back(fixture.table, kWatched, code);
  std::size_t events = 0;
  std::size_t lines = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> records;
    std::string block;
    for (std::size_t i = 0; i < 1 + random.Below(12); ++i) {
      records.push_back(random.Make());
      if (records.back().find_first_not_of(" \t") == std::string::npos) records.back() = "{}";
      block += records.back() + '\n';
    }
    const std::size_t size = block.size() - (random.OneIn(3) ? 1 : 0);
    block.append(FieldExtractor::kPadding, '"');
    for (std::size_t which = 0; which < extractors.size(); ++which) {
      FieldExtractor& extractor = extractors[which];
      extractor.Load(std::string_view(block).substr(0, size));
      RawEvent raw;
      for (const std::string& record : records) {
        const Outcome outcome = extractor.Next(raw);
        ASSERT_NE(outcome, Outcome::kEnd) << "seed " << seed << ", round " << round;
        ASSERT_EQ(raw.json, record);
        ++lines;
        if (outcome == Outcome::kIrregular) continue;
        ++events;
        ASSERT_EQ(Disagreement(raw, fixture.table, projector), "")
            << "seed " << seed << ", round " << round << ", code " << which << "\n"
            << record;
      }
      ASSERT_EQ(extractor.Next(raw), Outcome::kEnd);
    }
  }
  // The generator must reach both sides.
  EXPECT_GT(events, lines / 4);
  EXPECT_LT(events, lines * 9 / 10);
}

}  // namespace
}  // namespace vedette::event
