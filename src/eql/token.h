// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette::eql {

enum class TokenKind : std::uint8_t {
  kEnd,
  kName,
  kTildeName,   ///< a name with `~` directly after it
  kQuotedName,  ///< in backticks
  kInteger,
  kDecimal,
  kString,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kMissingBracket,  ///< `![`
  kComma,
  kDot,
  kPipe,
  kColon,
  kAssign,  ///< `=`
  kEqual,   ///< `==`
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kQuestion,
  kDollar,
  // Keywords; which of them exist depends on the dialect. IsKeyword() relies on the order.
  kAnd,
  kAny,
  kBy,
  kConst,
  kFalse,
  kIn,
  kInInsensitive,
  kJoin,
  kLike,
  kLikeInsensitive,
  kMacro,
  kMaxspan,
  kNot,
  kNull,
  kOf,
  kOr,
  kRegex,
  kRegexInsensitive,
  kSample,
  kSequence,
  kTrue,
  kUntil,
  kWhere,
  kWith,
};

constexpr bool IsKeyword(TokenKind kind) { return kind >= TokenKind::kAnd; }

}  // namespace vedette::eql
