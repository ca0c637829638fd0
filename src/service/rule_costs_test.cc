// SPDX-License-Identifier: Apache-2.0
#include "service/rule_costs.h"

#include <gtest/gtest.h>

#include <numeric>

#include "service/input_for_test.h"
#include "service/rule_set_for_test.h"

namespace vedette::service {
namespace {

DetectionSet SomeRules() {
  return RuleSetOf({
      {"cheap", R"(process where process.name == "nothing")"},
      {"open", R"(process where process.pid != 1 and not process.command_line : "*never*")"},
      {"function", R"(process where length(process.command_line) > 9 and process.pid != 2)"},
      {"function too", R"(process where length(process.command_line) > 9 and process.pid != 3)"},
      {"sequence", R"(sequence by host.id [process where process.name == "cp"]
                      [process where process.command_line : "*7*"])"},
  });
}

RuleCostStats Measure(const DetectionSet& set, std::size_t events) {
  const InputFolder folder;
  RuleCostOptions options;
  RuleCostSinks sinks;
  sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
  auto stats =
      RunRuleCosts(set, {folder.Make("events.ndjson", ProcessEvents(events))}, options, sinks);
  EXPECT_TRUE(stats.has_value());
  return stats ? std::move(*stats) : RuleCostStats();
}

TEST(RuleCostsTest, BytesAddUpToThoseOfTheSet) {
  const DetectionSet set = SomeRules();
  const auto bytes = BytesByRule(set);
  const double sum = std::accumulate(bytes.begin(), bytes.end(), 0.0);
  const auto all = static_cast<double>(set.conditions().set().bytes());
  EXPECT_LE(sum, all + 5);
  EXPECT_GE(sum, all * 0.9);  // nodes and fields that no root reaches belong to nobody
  EXPECT_EQ(bytes[NumberOf(set, "function")], bytes[NumberOf(set, "function too")]);
}

TEST(RuleCostsTest, FewEventsAreNotTimed) {
  const DetectionSet set = SomeRules();
  const RuleCostStats stats = Measure(set, 100);
  EXPECT_FALSE(stats.timed());
  EXPECT_EQ(stats.counters.events, 100U);
  const RulePrices prices = PriceRules(set, &stats);
  ASSERT_EQ(prices.rules.size(), 5U);
  EXPECT_EQ(set.rule(prices.rules.back().rule).name, "cheap");
  const RulePrice& open = prices.rules[2];
  EXPECT_EQ(set.rule(open.rule).name, "open");
  EXPECT_EQ(open.work.unindexed, 100U);
  EXPECT_EQ(open.weakest, IndexKind::kNegationsOnly);
  EXPECT_EQ(open.seconds, 0);
}

TEST(RuleCostsTest, EstimatesStayWithinWhatWasMeasured) {
  const DetectionSet set = SomeRules();
  const RuleCostStats stats = Measure(set, 3000);
  ASSERT_TRUE(stats.timed());
  const double sum = std::accumulate(stats.rule_seconds.begin(), stats.rule_seconds.end(), 0.0);
  EXPECT_GT(sum, 0);
  EXPECT_LE(sum, stats.match_seconds * 1.0001);
  EXPECT_EQ(stats.rule_seconds[NumberOf(set, "cheap")], 0);
  const RulePrices prices = PriceRules(set, &stats);
  for (std::size_t i = 1; i < prices.rules.size(); ++i) {
    EXPECT_GE(prices.rules[i - 1].seconds, prices.rules[i].seconds);
  }
  ASSERT_EQ(prices.predicates.size(), 2U);
  EXPECT_EQ(prices.predicates[0].kind, PredicateKind::kFunction);
  EXPECT_EQ(prices.predicates[0].rules.size(), 2U);
  EXPECT_GT(prices.predicates[0].asked, 0U);
  EXPECT_EQ(prices.predicates[1].kind, PredicateKind::kShortWildcard);
}

TEST(RuleCostsTest, WithoutEventsThoseWithoutIndexComeFirst) {
  const DetectionSet set = SomeRules();
  const RulePrices prices = PriceRules(set, nullptr);
  EXPECT_FALSE(HasIndex(prices.rules[0].weakest));
  EXPECT_FALSE(HasIndex(prices.rules[2].weakest));
  EXPECT_TRUE(HasIndex(prices.rules[3].weakest));
}

}  // namespace
}  // namespace vedette::service
