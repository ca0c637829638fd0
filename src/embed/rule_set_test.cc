// SPDX-License-Identifier: Apache-2.0
#include "vedette/rule_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "embed/rule_text_for_test.h"
#include "vedette/version.h"

namespace vedette {
namespace {

using testing::HasSubstr;

TEST(RuleSet, IsEmptyWithoutRules) {
  const RuleSet rules;
  EXPECT_EQ(rules.size(), 0U);
  EXPECT_FALSE(rules.has_errors());
  EXPECT_TRUE(rules.diagnostics().empty());
}

TEST(RuleSet, HasTheFactsOfItsRules) {
  const RuleSet rules = RuleLoader()
                            .AddText("one.toml", RuleText("One", 1, "process where true"))
                            .AddText("two.toml", RuleText("Two", 2, kPairOfProcesses))
                            .Compile();
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules.rule(0).name, "One");
  EXPECT_EQ(rules.rule(0).id, RuleIdOf(1));
  EXPECT_EQ(rules.rule(0).severity, "low");
  EXPECT_EQ(rules.rule(0).risk_score, 21);
  EXPECT_EQ(rules.rule(0).file, "one.toml");
  EXPECT_FALSE(rules.rule(0).stateful);
  EXPECT_TRUE(rules.rule(1).stateful);
}

TEST(RuleSet, OneBadRuleStopsNoOther) {
  const RuleSet rules = RuleLoader()
                            .AddText("bad.toml", RuleText("Bad", 1, "process where nonsense.x =="))
                            .AddText("good.toml", RuleText("Good", 2, "process where true"))
                            .Compile();
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules.rule(0).name, "Good");
  EXPECT_TRUE(rules.has_errors());
  ASSERT_FALSE(rules.diagnostics().empty());
  const Diagnostic& first = rules.diagnostics().front();
  EXPECT_EQ(first.file, "bad.toml");
  EXPECT_EQ(first.severity, Severity::kError);
  EXPECT_EQ(first.code.substr(0, 1), "E");
  EXPECT_EQ(first.line, 15U);
  EXPECT_GT(first.column, 1U);
  EXPECT_THAT(first.rendered, HasSubstr("bad.toml:15:"));
}

TEST(RuleSet, APathThatIsNotThereIsADiagnostic) {
  const RuleSet rules = RuleLoader().AddPath("no/such/folder").AddBundled().Compile();
  EXPECT_GE(rules.size(), 2U);
  EXPECT_TRUE(rules.has_errors());
  EXPECT_EQ(rules.diagnostics().front().file, "no/such/folder");
}

TEST(RuleSet, OfTwoRulesWithOneIdTheFirstStays) {
  const RuleSet rules = RuleLoader()
                            .AddText("a.toml", RuleText("First", 7, "process where true"))
                            .AddText("b.toml", RuleText("Second", 7, "file where true"))
                            .Compile();
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules.rule(0).name, "First");
  EXPECT_FALSE(rules.diagnostics().empty());
}

TEST(RuleSet, FoldersAreReadAsTheCommandLineReadsThem) {
  const RuleSet rules = RuleLoader().AddPath(VEDETTE_SOURCE_DIR "/rules").Compile();
  EXPECT_EQ(rules.size(), RuleLoader().AddBundled().Compile().size());
  EXPECT_FALSE(rules.has_errors());
}

TEST(RuleSet, StaysASetWhenMovedFrom) {
  RuleSet rules = RuleLoader().AddBundled().Compile();
  const RuleSet other = std::move(rules);
  EXPECT_EQ(rules.size(), other.size());  // NOLINT(bugprone-use-after-move): that is the point
}

TEST(Version, IsTheProjects) { EXPECT_EQ(Version(), VEDETTE_PROJECT_VERSION); }

}  // namespace
}  // namespace vedette
