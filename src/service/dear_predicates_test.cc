// SPDX-License-Identifier: Apache-2.0
#include "service/dear_predicates.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "service/rule_set_for_test.h"

namespace vedette::service {
namespace {

/// The dearest kind that a rule's predicates have.
PredicateKind KindOfRule(const DetectionSet& set, std::string& text) {
  PredicateKind kind = PredicateKind::kTable;
  for (const auto& predicate : set.conditions().set().predicates()) {
    if (KindOf(predicate) == PredicateKind::kTable) continue;
    kind = KindOf(predicate);
    text = TextOf(predicate);
  }
  return kind;
}

TEST(DearPredicatesTest, KindOfEach) {
  const struct {
    const char* condition;
    PredicateKind kind;
  } kCases[] = {
      {R"(process.name == "cp")", PredicateKind::kTable},
      {R"(process.command_line like~ "*abc*")", PredicateKind::kTable},
      {R"(process.command_line like~ "*ab")", PredicateKind::kTable},
      {R"(process.command_line like~ "*ab*")", PredicateKind::kShortWildcard},
      {R"(process.command_line like~ ("*long enough*", "*;*"))", PredicateKind::kShortWildcard},
      {R"(process.command_line regex~ ".*shadow[0-9]")", PredicateKind::kRegex},
      {R"(process.command_line regex~ "[a-z]+[0-9]")", PredicateKind::kRegexNoText},
      {R"(startsWith(process.command_line, process.name))", PredicateKind::kTwoFields},
      {R"(length(process.command_line) > 100)", PredicateKind::kFunction},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.condition);
    const DetectionSet set = RuleSetOf({{"rule", std::string("process where ") + one.condition}});
    std::string text;
    const PredicateKind kind = KindOfRule(set, text);
    EXPECT_EQ(KindName(kind), KindName(one.kind));
    EXPECT_EQ(RewriteHint(kind).empty(), kind == PredicateKind::kTable);
    EXPECT_EQ(text, kind == PredicateKind::kTable ? "" : one.condition);
  }
}

}  // namespace
}  // namespace vedette::service
