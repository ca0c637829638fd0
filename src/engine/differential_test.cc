// SPDX-License-Identifier: Apache-2.0
// Random queries over random events: every evaluator must give the answer of every other, and of
// the definition. VEDETTE_DIFFERENTIAL_CASES and VEDETTE_DIFFERENTIAL_SEED set how many and which.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "engine/random_query.h"
#include "engine/random_query_check.h"
#include "engine/random_query_shrink.h"

namespace vedette::engine {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kShortRun = 2'000;
#else
constexpr std::uint64_t kShortRun = 20'000;
#endif

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

struct Totals {
  std::uint64_t cases = 0;
  std::uint64_t refused = 0;
  std::uint64_t matching = 0;  ///< cases with a result
  std::uint64_t results = 0;
  std::uint64_t together = 0;
};

/// Everything about case `number` of a run; the difference, or nothing.
std::string RunCase(std::uint64_t seed, std::uint64_t number, Totals& totals) {
  RandomSource random(seed * 1'000'000'007ULL + number);
  const RandomCase one = MakeRandomCase(random);
  const std::size_t stop = random.Below(256);
  const CaseOutcome outcome = CompareEvaluators(one, stop);
  ++totals.cases;
  if (!outcome.refusal.empty()) {
    ++totals.refused;
    if (std::getenv("VEDETTE_DIFFERENTIAL_SHOW_REFUSED") != nullptr) {
      std::cout << outcome.refusal << "\n" << one.query << "\n";
    }
    return "";
  }
  totals.results += outcome.results;
  if (outcome.results > 0) ++totals.matching;
  if (!outcome.difference.empty()) {
    const RandomCase small = Shrink(one, [&](const RandomCase& candidate) {
      return !CompareEvaluators(candidate, stop).difference.empty();
    });
    return small.Text() + CompareEvaluators(small, stop).difference;
  }
  if (number % 4 != 0) return "";
  std::array<RandomCase, 3> cases = {one, MakeRandomCase(random), MakeRandomCase(random)};
  const CaseOutcome shared = CompareTogether(cases);
  ++totals.together;
  if (shared.difference.empty()) return "";
  const auto small = Shrink(one, [&](const RandomCase& candidate) {
    cases[0] = candidate;
    return !CompareTogether(cases).difference.empty();
  });
  cases[0] = small;
  return small.Text() + "together with\n" + cases[1].query + "\nand\n" + cases[2].query + "\n" +
         CompareTogether(cases).difference;
}

TEST(Differential, RandomCasesHaveOneAnswer) {
  const std::uint64_t cases = FromEnvironment("VEDETTE_DIFFERENTIAL_CASES", kShortRun);
  const std::uint64_t seed = FromEnvironment("VEDETTE_DIFFERENTIAL_SEED", 1);
  const std::uint64_t first = FromEnvironment("VEDETTE_DIFFERENTIAL_FIRST", 0);
  const auto begin = std::chrono::steady_clock::now();
  Totals totals;
  int differences = 0;
  for (std::uint64_t number = first; number < first + cases && differences < 5; ++number) {
    const std::string difference = RunCase(seed, number, totals);
    if (difference.empty()) continue;
    ++differences;
    ADD_FAILURE() << "seed " << seed << ", case " << number << "\n" << difference;
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin);
  std::cout << "[ FUZZ     ] " << totals.cases << " cases in " << seconds.count()
            << " s: " << totals.refused << " refused, " << totals.matching << " with results, "
            << totals.results << " results, " << totals.together << " together with others, "
            << differences << " differences\n";
  // A generator that stops making sense would agree with everything.
  EXPECT_LT(totals.refused * 50, totals.cases);
  EXPECT_GT(totals.matching * 4, totals.cases);
}

}  // namespace
}  // namespace vedette::engine
