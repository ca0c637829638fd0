// SPDX-License-Identifier: Apache-2.0
#include "service/match_costs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "service/input_for_test.h"
#include "service/rule_set_for_test.h"
#include "service/scan_run.h"

namespace vedette::service {
namespace {

ScanStats Scan(const DetectionSet& set, std::size_t events, std::size_t threads) {
  const InputFolder folder;
  ScanOptions options;
  options.pipeline.threads = threads;
  options.pipeline.batch_bytes = 4096;
  ScanSinks sinks;
  sinks.alert = [](const PendingAlert&) { return base::Result<void>(); };
  sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
  auto stats = RunScan(set, {folder.Make("events.ndjson", ProcessEvents(events))}, options, sinks);
  EXPECT_TRUE(stats.has_value());
  return stats ? std::move(*stats) : ScanStats();
}

TEST(MatchCostsTest, WorkersAreAddedUp) {
  const DetectionSet set = RuleSetOf({
      {"negation", R"(process where not process.command_line : "*never seen*" and
                      process.pid != 5000)"},
      {"regex", R"(process where process.command_line regex ".*[0-9]0 now")"},
      {"sequence", R"(sequence by host.id [process where process.pid > 5]
                      [process where not process.command_line : "*nowhere*"])"},
      {"elsewhere", R"(network where destination.port == 4444)"},
  });
  for (const std::size_t threads : {1U, 3U}) {
    SCOPED_TRACE(threads);
    const ScanStats stats = Scan(set, 300, threads);
    EXPECT_EQ(stats.costs.counters.events, 300U);
    const auto work = WorkByRule(set, stats.costs);
    ASSERT_EQ(work.size(), 4U);
    const RuleWork& negation = work[NumberOf(set, "negation")];
    EXPECT_EQ(negation.candidates, 300U);
    EXPECT_EQ(negation.unindexed, 300U);
    EXPECT_EQ(negation.hits, 300U);
    EXPECT_EQ(negation.asked, 0U);
    const RuleWork& regex = work[NumberOf(set, "regex")];
    EXPECT_EQ(regex.hits, 29U);  // 10, 20, …, 290
    EXPECT_EQ(work[NumberOf(set, "elsewhere")].candidates, 0U);
    // Both items see every event; the first needs a number above 5.
    EXPECT_EQ(work[NumberOf(set, "sequence")].hits, 294U + 300U);
    std::uint64_t candidates = 0;
    for (const RuleWork& rule : work) candidates += rule.candidates;
    EXPECT_EQ(candidates, stats.costs.counters.candidates);
  }
}

TEST(MatchCostsTest, SharedPredicatesBelongToEachRule) {
  const DetectionSet set = RuleSetOf({
      {"one", R"(process where startsWith(process.command_line, process.name))"},
      {"two",
       R"(process where startsWith(process.command_line, process.name) and process.pid > 100)"},
  });
  const auto predicates = PredicatesByRule(set);
  std::vector<engine::PredicateId> both;
  std::set_intersection(predicates[0].begin(), predicates[0].end(), predicates[1].begin(),
                        predicates[1].end(), std::back_inserter(both));
  EXPECT_EQ(both.size(), 2U);  // the category, and the comparison
  const auto work = WorkByRule(set, Scan(set, 200, 1).costs);
  EXPECT_EQ(work[0].asked, work[1].asked);
  EXPECT_GE(work[0].asked, 200U);
}

}  // namespace
}  // namespace vedette::service
