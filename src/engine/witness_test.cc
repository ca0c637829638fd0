// SPDX-License-Identifier: Apache-2.0
#include "engine/witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "engine/random_formula_for_test.h"
#include "engine/random_query.h"
#include "eql/parser.h"

namespace vedette::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Six predicates, two of each of three fields.
class WitnessTest : public testing::Test {
 protected:
  WitnessTest() : fields_(RandomSchema()), set_(fields_) {
    for (const char* text :
         {"any where s == \"ab\"", "any where s == \"x y\"", "any where t == \"abc\"",
          "any where t == \"aB\"", "any where n == 3", "any where n > 7"}) {
      const base::Source source("query", text);
      auto parsed = eql::Parse(source, eql::Dialect::kElasticsearch);
      std::vector<base::Diagnostic> diagnostics;
      queries_.push_back(std::move(*parsed.query));
      EXPECT_TRUE(eql::Check(queries_.back(), fields_, options_, diagnostics)) << text;
      set_.Add(std::get<eql::EventQuery>(queries_.back().statement), eql::Dialect::kElasticsearch,
               options_);
    }
    set_.Lower();
    for (ConditionId c = 0; c < set_.size(); ++c) {
      const NodeId root = set_.root(c);
      EXPECT_EQ(set_.trees().kind(root), ConditionTrees::Kind::kHolds);
      ids_.push_back(set_.trees().predicate(root));
    }
    // Formulas number the predicates in this order.
    for (PredicateId i = 0; i < ids_.size(); ++i) EXPECT_EQ(ids_[i], i);
  }
  std::uint32_t FieldOf(std::size_t i) const { return set_.predicates()[ids_[i]].field; }
  NodeId Leaf(std::size_t i, bool holds = true) { return trees_.Predicate(ids_[i], holds); }
  NodeId And(std::vector<NodeId> children) { return trees_.And(children); }
  NodeId Or(std::vector<NodeId> children) { return trees_.Or(children); }
  std::vector<Witness> Of(NodeId node) {
    Witnesses witnesses(set_);
    return witnesses.Of(node, trees_, [](PredicateId) { return true; });
  }

  event::FieldTable fields_;
  eql::CheckOptions options_;
  std::deque<eql::Query> queries_;
  ConditionSet set_;
  std::vector<PredicateId> ids_;
  ConditionTrees trees_;
};

TEST_F(WitnessTest, APredicateIsItsOwn) {
  const auto found = Of(Leaf(0));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].predicates, ElementsAre(ids_[0]));
  EXPECT_EQ(found[0].field, FieldOf(0));
}

TEST_F(WitnessTest, NeitherNegationsNorConstantsOfferAny) {
  EXPECT_THAT(Of(Leaf(0, false)), IsEmpty());
  EXPECT_THAT(Of(ConditionTrees::kTrue), IsEmpty());
  EXPECT_THAT(Of(ConditionTrees::kFalse), IsEmpty());
  EXPECT_THAT(Of(Or({Leaf(0), Leaf(1, false)})), IsEmpty()) << "one part has none";
}

TEST_F(WitnessTest, AConjunctionOffersThoseOfItsParts) {
  const auto found = Of(And({Leaf(0), Leaf(2), Leaf(4, false)}));
  std::vector<PredicateId> offered;
  for (const Witness& one : found) {
    ASSERT_EQ(one.predicates.size(), 1U);
    offered.push_back(one.predicates[0]);
  }
  EXPECT_THAT(offered, testing::UnorderedElementsAre(ids_[0], ids_[2]));
}

TEST_F(WitnessTest, ADisjunctionNeedsAllOfItsParts) {
  const auto found = Of(Or({Leaf(0), Leaf(1)}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].predicates, testing::UnorderedElementsAre(ids_[0], ids_[1]));
  EXPECT_EQ(found[0].field, FieldOf(0));
  const auto mixed = Of(Or({Leaf(0), Leaf(2)}));
  ASSERT_EQ(mixed.size(), 1U);
  EXPECT_EQ(mixed[0].field, Witness::kSeveralFields);
}

TEST_F(WitnessTest, TheFieldThatAllPartsHaveIsOffered) {
  const auto found = Of(Or({And({Leaf(0), Leaf(4)}), And({Leaf(1), Leaf(3)})}));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                          [&](const Witness& one) { return one.field == FieldOf(0); }));
}

TEST_F(WitnessTest, WhatNoTableDecidesIsNoWitness) {
  Witnesses witnesses(set_);
  const auto usable = [&](PredicateId p) { return p != ids_[0]; };
  EXPECT_THAT(witnesses.Of(Leaf(0), trees_, usable), IsEmpty());
  witnesses.Clear();
  EXPECT_EQ(witnesses.bytes(), 0U);
  EXPECT_EQ(witnesses.Of(And({Leaf(0), Leaf(2)}), trees_, usable).size(), 1U);
  EXPECT_GT(witnesses.bytes(), 0U);
}

TEST_F(WitnessTest, WhenATreeHoldsEveryWitnessHasOneThatHolds) {
  constexpr std::uint64_t kSeed = 5;
  Witnesses witnesses(set_);
  std::size_t offers = 0;
  std::size_t holding = 0;
  for (std::uint64_t round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    RandomSource random(kSeed * 100'000 + round);
    const Formula formula = RandomFormula(random, ids_.size(), 4);
    const NodeId node = formula.Build(trees_);
    // Which predicates tables decide changes only with Clear().
    if (round % 100 == 0) witnesses.Clear();
    const auto usable = [&](PredicateId p) { return round / 100 % 2 == 0 || p != ids_[3]; };
    const auto& offered = witnesses.Of(node, trees_, usable);
    ASSERT_LE(offered.size(), Witnesses::kMostOffers);
    for (std::size_t i = 0; i < offered.size(); ++i) {
      const Witness& one = offered[i];
      ++offers;
      ASSERT_TRUE(i == 0 || offered[i - 1].cost <= one.cost) << "not cheapest first";
      for (const PredicateId p : one.predicates) {
        ASSERT_TRUE(usable(p));
        ASSERT_TRUE(one.field == Witness::kSeveralFields ||
                    one.field == set_.predicates()[p].field);
      }
    }
    for (std::uint64_t number = 0; number < 1U << ids_.size(); ++number) {
      const auto truth = TruthOf(number, ids_.size());
      if (!formula.Holds(truth)) continue;
      ++holding;
      for (const Witness& one : offered) {
        ASSERT_TRUE(std::any_of(one.predicates.begin(), one.predicates.end(),
                                [&](PredicateId p) { return bool{truth[p]}; }))
            << "assignment " << number;
      }
    }
  }
  EXPECT_GT(offers, 500U);
  EXPECT_GT(holding, 10'000U);
}

}  // namespace
}  // namespace vedette::engine
