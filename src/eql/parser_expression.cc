// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

std::optional<ComparisonOp> ComparisonOf(TokenKind kind) {
  switch (kind) {
    case kAssign:  // a slip outside Endgame EQL, reported where it is used
    case kEqual:
      return ComparisonOp::kEqual;
    case kNotEqual:
      return ComparisonOp::kNotEqual;
    case kLess:
      return ComparisonOp::kLess;
    case kLessEqual:
      return ComparisonOp::kLessEqual;
    case kGreater:
      return ComparisonOp::kGreater;
    case kGreaterEqual:
      return ComparisonOp::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

std::optional<PatternOp> PatternOf(TokenKind kind) {
  switch (kind) {
    case kColon:
      return PatternOp::kColon;
    case kLike:
      return PatternOp::kLike;
    case kLikeInsensitive:
      return PatternOp::kLikeInsensitive;
    case kRegex:
      return PatternOp::kRegex;
    case kRegexInsensitive:
      return PatternOp::kRegexInsensitive;
    default:
      return std::nullopt;
  }
}

ArithmeticOp ArithmeticOf(TokenKind kind) {
  switch (kind) {
    case kPlus:
      return ArithmeticOp::kAdd;
    case kMinus:
      return ArithmeticOp::kSubtract;
    case kStar:
      return ArithmeticOp::kMultiply;
    case kSlash:
      return ArithmeticOp::kDivide;
    default:
      return ArithmeticOp::kModulo;
  }
}

}  // namespace

bool Parser::AtIn() const {
  const TokenKind kind = Kind(At(kNot) ? 1 : 0);
  return kind == kIn || kind == kInInsensitive;
}
bool Parser::AtPattern() const { return PatternOf(Kind()).has_value(); }
bool Parser::AtComparison() const { return ComparisonOf(Kind()).has_value(); }

Parser::Level Parser::LevelHere() const {
  switch (Kind()) {
    case kOr:
      return kOrLevel;
    case kAnd:
      return kAndLevel;
    case kPlus:
    case kMinus:
      return kSumLevel;
    case kStar:
    case kSlash:
    case kPercent:
      return kProductLevel;
    default:
      break;
  }
  if (AtComparison() || (!rules_.in_binds_to_primary && AtIn())) return kComparisonLevel;
  return kNoLevel;
}

/// Precedence climbing: reads operators that bind at least as tightly as `least`.
Parser::Parsed Parser::Binary(Level least) {
  const std::uint32_t begin = Peek().begin;
  // What `not` and an endpoint relation yield is no operand of a comparison or sum.
  const bool boolean_only = At(kNot) || (!rules_.relation_is_operand && AtRelation().has_value());
  Parsed left = Prefix(least);
  while (left) {
    const Level level = LevelHere();
    if (level == kNoLevel || level < least) break;
    if (boolean_only && level >= kComparisonLevel) break;
    if (level <= kAndLevel) {
      left = LogicalChain(std::move(left), begin);
    } else if (level == kComparisonLevel) {
      left = ComparisonTail(std::move(left), begin);
    } else {
      left = ArithmeticTail(std::move(left), level, begin);
    }
  }
  return left;
}

/// `not`s, counted rather than recursed into, then what they negate.
Parser::Parsed Parser::Prefix(Level least) {
  if (least > kComparisonLevel) return Operand();
  if (least <= kNotLevel && At(kNot)) {
    std::vector<std::uint32_t> begins;
    while (At(kNot)) begins.push_back(Advance().begin);
    Parsed operand = Binary(kComparisonLevel);
    while (operand && !begins.empty()) {
      const std::size_t height = operand.height;
      operand =
          Make(Unary{UnaryOp::kNot, std::move(operand.expr)}, SpanFrom(begins.back()), height);
      begins.pop_back();
    }
    return operand;
  }
  if (!rules_.relation_is_operand) {
    if (const auto relation = AtRelation()) return RelationHere(*relation);
  }
  return Operand();
}

Parser::Parsed Parser::LogicalChain(Parsed first, std::uint32_t begin) {
  const TokenKind word = Kind();
  const bool is_or = word == kOr;
  Logical logical{is_or ? LogicalOp::kOr : LogicalOp::kAnd, {}};
  std::size_t height = first.height;
  logical.operands.push_back(std::move(first.expr));
  while (Accept(word)) {
    Parsed next = Binary(is_or ? kAndLevel : kNotLevel);
    if (!next) return {};
    height = std::max(height, next.height);
    logical.operands.push_back(std::move(next.expr));
  }
  return Make(std::move(logical), SpanFrom(begin), height);
}

Parser::Parsed Parser::ComparisonTail(Parsed left, std::uint32_t begin) {
  Parsed result;
  if (AtIn()) {
    result = InTail(std::move(left), begin);
  } else {
    const Token op = Advance();
    if (op.kind == kAssign && !rules_.single_equals) {
      Report("E0132", op.span(), "`=` does not compare", "", "compare with `==`");
    }
    Parsed right = Binary(kSumLevel);
    if (!right) return {};
    const std::size_t height = std::max(left.height, right.height);
    result = Make(
        Comparison{*ComparisonOf(op.kind), std::move(left.expr), std::move(right.expr), op.span()},
        SpanFrom(begin), height);
  }
  if (result && (AtComparison() || (!rules_.in_binds_to_primary && AtIn()))) {
    Fail("E0133", Peek().span(), "comparisons cannot be chained",
         "a comparison already ends before this",
         "join two comparisons with `and`, or put one in brackets");
    return {};
  }
  return result;
}

Parser::Parsed Parser::ArithmeticTail(Parsed left, Level level, std::uint32_t begin) {
  const Token op = Advance();
  Parsed right = Binary(level == kSumLevel ? kProductLevel : kNoLevel);
  if (!right) return {};
  const std::size_t height = std::max(left.height, right.height);
  return Make(Arithmetic{ArithmeticOf(op.kind), std::move(left.expr), std::move(right.expr)},
              SpanFrom(begin), height);
}

/// Signs, a primary and what binds directly to it.
Parser::Parsed Parser::Operand() {
  const std::uint32_t begin = Peek().begin;
  std::vector<Token> signs;
  while ((At(kPlus) || At(kMinus)) && (rules_.repeated_sign || signs.empty())) {
    signs.push_back(Advance());
  }
  if (!signs.empty() && rules_.relation_is_operand && AtRelation().has_value()) {
    FailUnexpected("a value");
    return {};
  }
  const std::uint32_t primary_begin = Peek().begin;
  const bool relation = AtRelation().has_value();
  Parsed operand = Primary();
  if (operand && rules_.in_binds_to_primary && AtIn()) {
    operand = InTail(std::move(operand), primary_begin);
  } else if (operand && rules_.patterns && AtPattern()) {
    operand = PatternTail(std::move(operand), primary_begin);
  }
  while (operand && !signs.empty()) {
    const UnaryOp op = signs.back().kind == kMinus ? UnaryOp::kMinus : UnaryOp::kPlus;
    const std::size_t height = operand.height;
    operand = Make(Unary{op, std::move(operand.expr)}, SpanFrom(signs.back().begin), height);
    signs.pop_back();
  }
  while (operand && rules_.methods && !relation && At(kColon) && Kind(1) == kName &&
         Peek(1).begin == Peek().end && Kind(2) == kLeftParen && Peek(2).begin == Peek(1).end) {
    operand = MethodTail(std::move(operand), begin);
  }
  return operand;
}

Parser::Parsed Parser::InTail(Parsed subject, std::uint32_t begin) {
  InList list;
  list.negated = Accept(kNot);
  list.insensitive = Advance().kind == kInInsensitive;
  const std::uint32_t open = Peek().begin;
  if (!Expect(kLeftParen, "`(` and a list")) return {};
  if (At(kRightParen)) {
    Fail("E0134", {open, Peek().end}, "a list cannot be empty", "", "list at least one value");
    return {};
  }
  std::size_t height = 0;
  if (!ExpressionList(kRightParen, list.items, height)) return {};
  height = std::max(height, subject.height);
  list.subject = std::move(subject.expr);
  return Make(std::move(list), SpanFrom(begin), height);
}

Parser::Parsed Parser::PatternTail(Parsed subject, std::uint32_t begin) {
  const Token op = Advance();
  Pattern pattern;
  pattern.op = *PatternOf(op.kind);
  pattern.op_span = op.span();
  const std::uint32_t open = Peek().begin;
  pattern.list = Accept(kLeftParen);
  if (pattern.list && At(kRightParen)) {
    Fail("E0134", {open, Peek().end}, "a list cannot be empty", "", "list at least one pattern");
    return {};
  }
  do {
    if (!AtLiteral()) {
      Fail("E0135", Peek().span(), "the right side of " + Shown(TextOf(op)) + " must be a literal",
           "found " + Describe(Peek()), At(kMinus) || At(kPlus) ? "compare numbers with `==`" : "");
      return {};
    }
    Parsed literal = LiteralHere();
    if (!literal) return {};
    pattern.patterns.push_back(std::move(literal.expr));
  } while (pattern.list && Accept(kComma));
  if (pattern.list && !Expect(kRightParen, "`,` or `)`")) return {};
  const std::size_t height = std::max<std::size_t>(subject.height, 1);
  pattern.subject = std::move(subject.expr);
  return Make(std::move(pattern), SpanFrom(begin), height);
}

Parser::Parsed Parser::MethodTail(Parsed receiver, std::uint32_t begin) {
  Advance();
  const Token name = Advance();
  return CallArguments(name, false, std::move(receiver), begin);
}

ExprPtr Parser::ParseLoneExpression() {
  Parsed parsed = Expression();
  if (parsed && !At(kEnd)) FailUnexpected("the end of the expression");
  if (failed_ || !diagnostics_.empty()) return nullptr;
  return std::move(parsed.expr);
}

}  // namespace vedette::eql
