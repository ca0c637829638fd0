// SPDX-License-Identifier: Apache-2.0
#include "engine/stream_replay.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/proof_run.h"
#include "rules/proof_test_file.h"

namespace vedette::engine {
namespace {

rules::Rule RuleOf(const std::string& query) {
  rules::Rule rule;
  rule.type = rules::RuleType::kEql;
  rule.query = query;
  rule.query_source = std::make_shared<base::Source>("rule", query);
  return rule;
}

/// What `rules prove --write` saves is read back as tests that pass.
TEST(StreamReplay, SavedProofsPassAsTests) {
  const char* const queries[] = {
      R"(process where process.name : "a*" and not process.command_line == "it's '''quoted'''")",
      R"(sequence by host.id with maxspan=1m [process where process.name == "a"] with runs=2
         ![network where true] [file where file.name == "b"]
         until [process where process.name == "c"])",
  };
  for (const char* query : queries) {
    const rules::Rule rule = RuleOf(query);
    const ProofReport proof = ProveRule(rule);
    ASSERT_EQ(VerdictName(proof.verdict), "proved") << query;
    const rules::RuleTestFile tests =
        rules::ReadRuleTests("x.test.toml", rules::TestFileText(proof.proof));
    EXPECT_TRUE(tests.ok()) << query;
    EXPECT_EQ(tests.cases.size(), proof.near_misses + 1) << query;
    const rules::RuleTestReport report = ReplayRuleTests(rule, tests);
    EXPECT_TRUE(report.ok()) << query << report.cannot_run;
    EXPECT_EQ(report.outcomes.size(), tests.cases.size());
  }
}

TEST(StreamReplay, WrongExpectationsAndBadEventsFail) {
  const rules::Rule rule = RuleOf("sequence by host.id [process where true] [file where true]");
  rules::RuleTestFile tests;
  rules::RuleTestCase only_one;
  only_one.fires = true;
  only_one.events = {R"({"event":{"category":"process"},"host":{"id":"h"}})"};
  rules::RuleTestCase broken;
  broken.events = {"[]"};
  tests.cases = {only_one, broken};
  const rules::RuleTestReport report = ReplayRuleTests(rule, tests);
  EXPECT_EQ(report.failed, 2U);
  EXPECT_EQ(report.outcomes[0].reason, "expected to fire, did not");
  EXPECT_EQ(report.outcomes[1].reason, "the event is no JSON object");
}

}  // namespace
}  // namespace vedette::engine
