// SPDX-License-Identifier: Apache-2.0
#include "engine/residual_program.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/random_formula_for_test.h"

namespace vedette::engine {
namespace {

constexpr std::size_t kPredicates = 5;

TEST(ResidualPrograms, Constants) {
  const ConditionTrees trees;
  ResidualPrograms programs;
  const auto never = [](PredicateId) {
    ADD_FAILURE() << "asked for a predicate";
    return true;
  };
  for (int pass = 0; pass < 2; ++pass) {
    EXPECT_TRUE(programs.Run(ConditionTrees::kTrue, trees, never));
    EXPECT_FALSE(programs.Run(ConditionTrees::kFalse, trees, never));
  }
}

TEST(ResidualPrograms, StopsWhenDecided) {
  ConditionTrees trees;
  std::vector<NodeId> children;
  for (PredicateId p = 0; p < 4; ++p) children.push_back(trees.Predicate(p, true));
  ResidualPrograms programs;
  for (const bool all : {true, false}) {
    const NodeId node = all ? trees.And(children) : trees.Or(children);
    int asked = 0;
    EXPECT_EQ(programs.Run(node, trees,
                           [&](PredicateId) {
                             ++asked;
                             return !all;
                           }),
              !all);
    EXPECT_EQ(asked, 1);
  }
}

TEST(ResidualPrograms, DecideAsTheFormula) {
  constexpr std::uint64_t kSeed = 3;
  ConditionTrees trees;
  ResidualPrograms programs;
  std::size_t holding = 0;
  for (std::uint64_t round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed * 100'000 + round);
    // Programs of many trees lie in one code, and start anew after Clear().
    if (round % 500 == 499) programs.Clear();
    const Formula formula = RandomFormula(random, kPredicates, 4);
    const NodeId node = formula.Build(trees);
    for (std::uint64_t number = 0; number < 1U << kPredicates; ++number) {
      const auto truth = TruthOf(number, kPredicates);
      const bool holds = programs.Run(node, trees, [&](PredicateId p) { return bool{truth[p]}; });
      ASSERT_EQ(holds, formula.Holds(truth)) << "assignment " << number;
      holding += holds ? 1U : 0U;
    }
  }
  EXPECT_GT(holding, 10'000U);
  EXPECT_GT(programs.bytes(), 0U);
  programs.Clear();
  EXPECT_EQ(programs.bytes(), 0U);
}

}  // namespace
}  // namespace vedette::engine
