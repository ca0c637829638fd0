// SPDX-License-Identifier: Apache-2.0
#include "engine/condition_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/random_formula_for_test.h"

namespace vedette::engine {
namespace {

using Kind = ConditionTrees::Kind;
constexpr NodeId kTrue = ConditionTrees::kTrue;
constexpr NodeId kFalse = ConditionTrees::kFalse;

NodeId And(ConditionTrees& trees, std::vector<NodeId> children) { return trees.And(children); }
NodeId Or(ConditionTrees& trees, std::vector<NodeId> children) { return trees.Or(children); }

/// What a node says, read off the trees alone.
bool Holds(const ConditionTrees& trees, NodeId node, const std::vector<bool>& truth) {
  switch (trees.kind(node)) {
    case Kind::kTrue:
      return true;
    case Kind::kFalse:
      return false;
    case Kind::kHolds:
      return truth[trees.predicate(node)];
    case Kind::kFails:
      return !truth[trees.predicate(node)];
    case Kind::kAnd:
    case Kind::kOr: {
      const bool decisive = trees.kind(node) == Kind::kOr;
      for (const NodeId child : trees.children(node)) {
        if (Holds(trees, child, truth) == decisive) return decisive;
      }
      return !decisive;
    }
  }
  return false;
}

TEST(ConditionTrees, EqualTreesAreOneNode) {
  ConditionTrees trees;
  const NodeId a = trees.Predicate(0, true);
  const NodeId b = trees.Predicate(1, true);
  const NodeId not_a = trees.Predicate(0, false);
  EXPECT_EQ(trees.Predicate(0, true), a);
  EXPECT_NE(a, not_a);
  EXPECT_NE(a, b);
  const NodeId both = And(trees, {a, b});
  EXPECT_EQ(And(trees, {b, a}), both);
  EXPECT_EQ(And(trees, {b, a, b, a}), both);
  EXPECT_NE(Or(trees, {a, b}), both);
  EXPECT_EQ(Or(trees, {both, not_a}), Or(trees, {not_a, And(trees, {b, a})}));
  const std::size_t size = trees.size();
  And(trees, {a, b});
  EXPECT_EQ(trees.size(), size);
}

TEST(ConditionTrees, ConstantsAreGone) {
  ConditionTrees trees;
  const NodeId a = trees.Predicate(0, true);
  EXPECT_EQ(And(trees, {}), kTrue);
  EXPECT_EQ(Or(trees, {}), kFalse);
  EXPECT_EQ(And(trees, {a}), a);
  EXPECT_EQ(Or(trees, {a, a}), a);
  EXPECT_EQ(And(trees, {a, kTrue}), a);
  EXPECT_EQ(And(trees, {a, kFalse}), kFalse);
  EXPECT_EQ(Or(trees, {a, kFalse}), a);
  EXPECT_EQ(Or(trees, {a, kTrue}), kTrue);
  EXPECT_EQ(And(trees, {kTrue, kTrue}), kTrue);
}

TEST(ConditionTrees, NestedKindsAreFlat) {
  ConditionTrees trees;
  const NodeId a = trees.Predicate(0, true);
  const NodeId b = trees.Predicate(1, true);
  const NodeId c = trees.Predicate(2, false);
  const NodeId all = And(trees, {a, And(trees, {b, And(trees, {c})})});
  EXPECT_EQ(trees.kind(all), Kind::kAnd);
  EXPECT_THAT(trees.children(all), testing::UnorderedElementsAre(a, b, c));
  EXPECT_EQ(all, And(trees, {And(trees, {c, b}), a}));
  const NodeId any = Or(trees, {a, Or(trees, {b, c})});
  EXPECT_THAT(trees.children(any), testing::UnorderedElementsAre(a, b, c));
  // An `or` within an `and` stays.
  EXPECT_THAT(trees.children(And(trees, {any, b})), testing::UnorderedElementsAre(any, b));
}

constexpr std::size_t kPredicates = 5;

TEST(ConditionTrees, KeepMeaningAndForm) {
  constexpr std::uint64_t kSeed = 1;
  ConditionTrees trees;
  std::size_t constants = 0;
  for (std::uint64_t round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed * 100'000 + round);
    const Formula formula = RandomFormula(random, kPredicates, 4);
    const NodeId node = formula.Build(trees);
    ASSERT_EQ(formula.Build(trees), node);
    constants += node == kTrue || node == kFalse ? 1U : 0U;
    for (std::uint64_t number = 0; number < 1U << kPredicates; ++number) {
      const auto truth = TruthOf(number, kPredicates);
      ASSERT_EQ(Holds(trees, node, truth), formula.Holds(truth)) << "assignment " << number;
    }
  }
  EXPECT_LT(constants, 600U);
  for (NodeId node = 0; node < trees.size(); ++node) {
    if (trees.kind(node) != Kind::kAnd && trees.kind(node) != Kind::kOr) continue;
    const auto children = trees.children(node);
    ASSERT_GE(children.size(), 2U);
    for (std::size_t i = 0; i < children.size(); ++i) {
      ASSERT_NE(trees.kind(children[i]), trees.kind(node));
      ASSERT_GT(children[i], kFalse);
      ASSERT_TRUE(i == 0 || children[i - 1] < children[i]);
    }
  }
}

/// Some predicates known, the others not: what is left must mean the same for whatever they turn
/// out to be, and must not ask for the known ones any more. Assigned at once or in two steps.
TEST(ConditionTrees, AssignMeansTheSame) {
  constexpr std::uint64_t kSeed = 2;
  ConditionTrees trees;
  ConditionTrees::AssignScratch scratch;
  std::size_t changed = 0;
  for (std::uint64_t round = 0; round < 3000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed * 100'000 + round);
    const Formula formula = RandomFormula(random, kPredicates, 4);
    const NodeId node = formula.Build(trees);
    std::vector<int> known(kPredicates);
    for (int& one : known) one = static_cast<int>(random.Below(3)) - 1;
    scratch.Begin();
    const auto truth_of = [&](PredicateId p) { return known[p]; };
    const NodeId left = trees.Assign(node, truth_of, scratch);
    ASSERT_EQ(trees.Assign(node, truth_of, scratch), left);
    changed += left != node ? 1U : 0U;
    for (std::uint64_t number = 0; number < 1U << kPredicates; ++number) {
      auto truth = TruthOf(number, kPredicates);
      auto opposite = truth;
      for (std::size_t p = 0; p < kPredicates; ++p) {
        if (known[p] < 0) continue;
        truth[p] = known[p] == 1;
        opposite[p] = !truth[p];
      }
      ASSERT_EQ(Holds(trees, left, truth), formula.Holds(truth)) << "assignment " << number;
      ASSERT_EQ(Holds(trees, left, opposite), formula.Holds(truth)) << "asks for what is known";
    }
    scratch.Begin();
    const auto first = [&](PredicateId p) { return p < 2 ? known[p] : -1; };
    const NodeId half = trees.Assign(node, first, scratch);
    scratch.Begin();
    ASSERT_EQ(trees.Assign(half, truth_of, scratch), left) << "in two steps";
  }
  EXPECT_GT(changed, 1000U);
}

}  // namespace
}  // namespace vedette::engine
