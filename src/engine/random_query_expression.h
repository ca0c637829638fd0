// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/random_query_source.h"
#include "eql/ast.h"

namespace vedette::engine {

/// TEST SIDE ONLY. Writes random well-typed expressions in one dialect.
class RandomExpression {
 public:
  RandomExpression(RandomSource& random, eql::Dialect dialect)
      : random_(random),
        es_(dialect == eql::Dialect::kElasticsearch),
        ep_(dialect == eql::Dialect::kEndpoint),
        eg_(dialect == eql::Dialect::kEndgame) {}

  /// `depth`: how many operators may lie above each other.
  std::string Condition(int depth);
  /// `process where …`, with a condition that is often simple.
  std::string EventQuery(int depth);
  /// EP: names of earlier items that conditions may refer to.
  void SetAliases(std::vector<std::string> names) { aliases_ = std::move(names); }
  /// EG: macros and constants that conditions may use.
  std::string Definitions();
  /// EG join keys.
  std::string KeyExpression();

 private:
  std::string Leaf(int depth);
  std::string LeafOfDialect(int depth);
  std::string EndgameLeaf(int depth);
  std::string ArraySearch(int depth);
  std::string TextComparison(int depth);
  std::string NumberComparison(int depth);
  std::string NullTest(int depth);
  std::string InList(int depth);
  std::string PatternLeaf(int depth);
  std::string TextPredicate(int depth);
  std::string TypedComparison();
  std::string OptionalUnknown();
  std::string ConstantCondition();

  std::string Text(int depth, bool constant = false);
  std::string TextCall(int depth, bool constant);
  std::string Number(int depth, bool constant = false);
  std::string NumberCall(int depth, bool constant);
  std::string Field(std::initializer_list<const char*> names);
  std::string Literal(std::string_view text);
  std::string AnyText() { return Literal(TextValue()); }
  std::string TextValue();
  std::string PatternValue();
  std::string RegexValue();
  std::string NumberLiteral();
  std::string Function(const char* name, bool may_fold);
  std::string List(std::string (RandomExpression::*item)(), std::size_t most);
  std::string QuotedPattern() { return Literal(PatternValue()); }
  std::string QuotedRegex() { return Literal(RegexValue()); }

  RandomSource& random_;
  bool es_, ep_, eg_;
  std::vector<std::string> aliases_;
  bool definitions_ = false;
  int relations_ = 0;
};

}  // namespace vedette::engine
