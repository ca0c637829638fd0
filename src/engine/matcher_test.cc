// SPDX-License-Identifier: Apache-2.0
// The matcher on records as text: what FieldExtractor and Matcher make of a line against what the
// interpreter makes of JsonReader's and Projector's event. Slots: matcher_differential_test.cc.
#include "engine/matcher.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "engine/random_conditions_for_test.h"

namespace vedette::engine {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kRounds = 100;
#else
constexpr std::uint64_t kRounds = 700;
#endif

TEST(Matcher, DecidesTextAsTheInterpreterDecidesEvents) {
  const char* given = std::getenv("VEDETTE_DIFFERENTIAL_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  RawComparison sums;
  int differences = 0;
  for (std::uint64_t number = 0; number < kRounds && differences < 3; ++number) {
    RandomSource random(seed * 1'000'003 + number);
    RandomConditions conditions;
    std::vector<std::string> lines;
    const std::size_t cases = 1 + random.Below(10);
    for (std::size_t i = 0; i < cases; ++i) {
      const RandomCase one = MakeRandomCase(random);
      conditions.Add(one);
      for (const std::string& event : one.events) {
        lines.push_back(random.OneIn(4) ? event : Rewritten(event, random));
      }
    }
    const bool tiny = number % 3 == 1;
    MatcherOptions options;
    if (tiny) options = {64, 64, number};
    options.seed = number;
    // The room is looked at every 256 events: only then is everything forgotten.
    const std::size_t passes = tiny && !lines.empty() ? 2 + 300 / lines.size() : 2;
    const std::string difference = conditions.Compare(lines, options, passes, random, sums);
    if (difference.empty()) continue;
    ++differences;
    ADD_FAILURE() << "seed " << seed << ", round " << number << "\n" << difference;
  }
  // Neither side of anything may be missing from what was compared.
  EXPECT_GT(sums.holding * 50, sums.decisions);
  EXPECT_GT(sums.irregular * 50, sums.lines);
  EXPECT_LT(sums.irregular * 2, sums.lines);
  EXPECT_GT(sums.flushes, kRounds / 10);
  std::cout << "[ FUZZ     ] " << sums.decisions << " decisions, " << sums.holding
            << " of them yes; " << sums.lines << " lines, " << sums.irregular << " irregular; "
            << sums.flushes << " flushes\n";
}

}  // namespace
}  // namespace vedette::engine
