// SPDX-License-Identifier: Apache-2.0
#include "service/rule_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/rule_set_for_test.h"

namespace vedette::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RuleIndexTest, KindOfEachCondition) {
  const struct {
    const char* name;
    const char* query;
    IndexKind kind;
  } kCases[] = {
      {"name alone", R"(process where process.name == "cp")", IndexKind::kTables},
      {"not a name", R"(process where process.name != "cp")", IndexKind::kTables},
      {"category alone", R"(process where true)", IndexKind::kTables},
      {"command line", R"(process where process.command_line : "*/etc/shadow*")",
       IndexKind::kTables},
      {"command line and number",
       R"(process where process.command_line : "*/etc/shadow*" and process.pid != 1)",
       IndexKind::kWitness},
      {"either", R"(process where process.name == "a" or process.command_line : "*bcd*")",
       IndexKind::kTables},
      {"regex with text", R"(process where process.command_line regex ".*shadow[0-9]")",
       IndexKind::kWitness},
      {"everything", R"(any where true)", IndexKind::kAnyEvent},
      {"one field negated", R"(process where not process.command_line : "*/etc/shadow*")",
       IndexKind::kTables},
      {"negation",
       R"(process where not process.command_line : "*/etc/shadow*" and process.pid != 1)",
       IndexKind::kNegationsOnly},
      {"two fields", R"(process where startsWith(process.command_line, process.name))",
       IndexKind::kEvaluatorOnly},
      {"open", R"(process where process.command_line : "*abc*" or process.pid != 1)",
       IndexKind::kOpenAlternative},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.name);
    const auto indexes = DescribeIndexes(RuleSetOf({{one.name, one.query}}));
    ASSERT_EQ(indexes.size(), 1U);
    ASSERT_EQ(indexes[0].size(), 1U);
    EXPECT_EQ(IndexName(indexes[0][0].kind), IndexName(one.kind));
    EXPECT_EQ(HasIndex(one.kind), IndexHint(one.kind).empty());
  }
}

TEST(RuleIndexTest, NamesTheFields) {
  const DetectionSet set = RuleSetOf({{"rule", R"(process where event.type == "start" and
      process.name in ("a", "b") and process.command_line : ("*one*", "*two*") and process.pid != 1)"}});
  const auto indexes = DescribeIndexes(set);
  ASSERT_EQ(indexes.size(), 1U);
  const ConditionIndex& index = indexes[0][0];
  EXPECT_THAT(index.discriminators, ElementsAre("event.category", "event.type"));
  EXPECT_THAT(index.low_fields, ElementsAre("process.name"));
  EXPECT_THAT(index.witness_fields, ElementsAre("process.command_line"));
  EXPECT_EQ(index.witnesses, 1U);  // the texts of a list are one comparison
}

TEST(RuleIndexTest, EachItemOfASequence) {
  const DetectionSet set = RuleSetOf({{"rule", R"(sequence by host.id
      [process where process.command_line : "*one*"]
      [network where not destination.port == 53])"}});
  const auto indexes = DescribeIndexes(set);
  ASSERT_EQ(indexes.size(), 1U);
  ASSERT_EQ(indexes[0].size(), 2U);
  EXPECT_EQ(indexes[0][0].item, 0U);
  EXPECT_EQ(indexes[0][0].kind, IndexKind::kTables);
  EXPECT_EQ(indexes[0][1].item, 1U);
  EXPECT_THAT(indexes[0][1].witness_fields, IsEmpty());
}

}  // namespace
}  // namespace vedette::service
