// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "base/arena.h"
#include "eql/ast.h"
#include "event/value.h"

/// Scalar values as EQL sees them: numbers across representations, texts of values, arithmetic
/// (reference 5.3, 6.6, 9.9).
namespace vedette::eql {

/// By mathematical value, exact between 64-bit integers and doubles. Both must be numbers.
std::partial_ordering CompareNumbers(const event::Value& a, const event::Value& b);

/// A decimal integer or fraction, sign allowed, nothing else around it (reference 5.4); no
/// exponent.
std::optional<event::Value> DecimalFromText(std::string_view text);

/// `number(s [, base])`, base 0 = not given. Null when the text is no number. EG wants a `0x`
/// prefix before hexadecimal letters.
event::Value ParseNumber(std::string_view text, std::int64_t base, bool endgame);

/// Text of a scalar: numbers in decimal (fractions keep a digit after the point), `true`/`false`.
/// Empty for null, lists and objects. Lives in `arena` or in the value.
std::optional<std::string_view> TextOf(const event::Value& value, base::Arena& arena);

/// Null for null operands, division by zero, overflow and results that are not finite.
/// `floor_division`: EG's rounding of `/` and sign of `%`.
event::Value Compute(ArithmeticOp op, const event::Value& a, const event::Value& b,
                     bool floor_division);
event::Value Negate(const event::Value& value);

/// The value as an int64 when it is a whole number in that range.
std::optional<std::int64_t> WholeNumber(const event::Value& value);

event::Value ToValue(const Literal& literal);
/// Nothing for lists, objects and number texts.
std::optional<Literal> ToLiteral(const event::Value& value);

/// Order of software versions (reference 5.3): numeric parts by number, a pre-release before its
/// release, build metadata ignored, texts that are no version after all versions and among
/// themselves by bytes.
std::strong_ordering CompareVersions(std::string_view a, std::string_view b);

}  // namespace vedette::eql
