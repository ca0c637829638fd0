// SPDX-License-Identifier: Apache-2.0
#include "eql/value_ops.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace vedette::eql {
namespace {

using event::Value;
using event::ValueKind;

__extension__ using Wide = __int128;

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

bool IsInteger(const Value& v) {
  return v.kind() == ValueKind::kInteger || v.kind() == ValueKind::kUnsigned;
}

Wide ToWide(const Value& v) {
  return v.kind() == ValueKind::kInteger ? Wide{v.integer()} : Wide{v.unsigned_integer()};
}

double ToDouble(const Value& v) {
  switch (v.kind()) {
    case ValueKind::kInteger:
      return static_cast<double>(v.integer());
    case ValueKind::kUnsigned:
      return static_cast<double>(v.unsigned_integer());
    case ValueKind::kDouble:
      return v.real();
    case ValueKind::kNumberText: {
      double out = 0;
      const std::string_view text = v.text();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
      if (error == std::errc::result_out_of_range) {
        return text.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
      }
      return error == std::errc() && end != text.data() ? out : std::nan("");
    }
    default:
      return std::nan("");
  }
}

Value FromWide(Wide value) {
  if (value >= std::numeric_limits<std::int64_t>::min() &&
      value <= std::numeric_limits<std::int64_t>::max()) {
    return Value::Integer(static_cast<std::int64_t>(value));
  }
  if (value > 0 && value <= std::numeric_limits<std::uint64_t>::max()) {
    return Value::Unsigned(static_cast<std::uint64_t>(value));
  }
  return {};
}

Value FromDouble(double value) { return std::isfinite(value) ? Value::Double(value) : Value(); }

std::partial_ordering CompareIntegerWithDouble(Wide integer, double real) {
  if (std::isnan(real)) return std::partial_ordering::unordered;
  if (real >= kTwo64) return std::partial_ordering::less;
  if (real < -kTwo63) return std::partial_ordering::greater;
  const double whole = std::floor(real);
  const auto other = static_cast<Wide>(whole);
  if (integer != other) {
    return integer < other ? std::partial_ordering::less : std::partial_ordering::greater;
  }
  return real > whole ? std::partial_ordering::less : std::partial_ordering::equivalent;
}

Value IntegerArithmetic(ArithmeticOp op, Wide a, Wide b, bool floor_division) {
  switch (op) {
    case ArithmeticOp::kAdd:
      return FromWide(a + b);
    case ArithmeticOp::kSubtract:
      return FromWide(a - b);
    case ArithmeticOp::kMultiply: {
      Wide product = 0;
      if (__builtin_mul_overflow(a, b, &product)) return {};
      return FromWide(product);
    }
    case ArithmeticOp::kDivide:
    case ArithmeticOp::kModulo: {
      if (b == 0) return {};
      Wide quotient = a / b;
      Wide rest = a % b;
      if (floor_division && rest != 0 && (rest < 0) != (b < 0)) {
        --quotient;
        rest += b;
      }
      return FromWide(op == ArithmeticOp::kDivide ? quotient : rest);
    }
  }
  return {};
}

Value DoubleArithmetic(ArithmeticOp op, double a, double b, bool floor_division) {
  switch (op) {
    case ArithmeticOp::kAdd:
      return FromDouble(a + b);
    case ArithmeticOp::kSubtract:
      return FromDouble(a - b);
    case ArithmeticOp::kMultiply:
      return FromDouble(a * b);
    case ArithmeticOp::kDivide:
      return b == 0 ? Value() : FromDouble(a / b);
    case ArithmeticOp::kModulo: {
      if (b == 0) return {};
      double rest = std::fmod(a, b);
      if (floor_division && rest != 0 && (rest < 0) != (b < 0)) rest += b;
      return FromDouble(rest);
    }
  }
  return {};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// `digits` in `base` with a sign; int64, then uint64, then (base 10 only) double.
Value IntegerFromDigits(std::string_view digits, int base, bool negative) {
  std::uint64_t magnitude = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, base);
  if (digits.empty() || stop != end) return {};
  if (error == std::errc()) {
    return FromWide(negative ? -Wide{magnitude} : Wide{magnitude});
  }
  if (base != 10) return {};
  double real = 0;
  if (std::from_chars(digits.data(), end, real).ec != std::errc()) return {};
  return FromDouble(negative ? -real : real);
}

}  // namespace

std::partial_ordering CompareNumbers(const Value& a, const Value& b) {
  if (IsInteger(a) && IsInteger(b)) return ToWide(a) <=> ToWide(b);
  if (IsInteger(a)) return CompareIntegerWithDouble(ToWide(a), ToDouble(b));
  if (IsInteger(b)) return 0 <=> CompareIntegerWithDouble(ToWide(b), ToDouble(a));
  if (a.kind() == ValueKind::kNumberText && b.kind() == ValueKind::kNumberText &&
      a.text() == b.text()) {
    return std::partial_ordering::equivalent;
  }
  return ToDouble(a) <=> ToDouble(b);
}

std::optional<Value> DecimalFromText(std::string_view text) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  std::size_t points = 0;
  for (const char c : digits) {
    if (c == '.') {
      ++points;
    } else if (!IsDigit(c)) {
      return std::nullopt;
    }
  }
  if (digits.empty() || points > 1 || !IsDigit(digits.front()) || !IsDigit(digits.back())) {
    return std::nullopt;
  }
  if (points == 0) {
    const Value value = IntegerFromDigits(digits, 10, negative);
    return value.is_null() ? std::nullopt : std::optional(value);
  }
  double real = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), real);
  if (result.ec != std::errc()) return std::nullopt;
  return Value::Double(negative ? -real : real);
}

Value ParseNumber(std::string_view text, std::int64_t base, bool endgame) {
  std::string_view body = text;
  const bool negative = body.starts_with('-');
  if (negative || body.starts_with('+')) body.remove_prefix(1);
  if (body.empty()) return {};
  const bool prefixed = body.starts_with("0x") || body.starts_with("0X");
  if (prefixed && (base == 0 || base == 16)) {
    return IntegerFromDigits(body.substr(2), 16, negative);
  }
  const bool all_digits = body.find_first_not_of("0123456789") == std::string_view::npos;
  if (all_digits || (base != 0 && base != 10)) {
    if (base != 0 && (base < 2 || base > 36)) return {};
    if (endgame && !all_digits) return {};
    return IntegerFromDigits(body, base == 0 ? 10 : static_cast<int>(base), negative);
  }
  // A fraction or an exponent; from_chars alone would also take "inf" and "nan".
  if (body.find_first_not_of("0123456789.eE+-") != std::string_view::npos ||
      !(IsDigit(body.front()) || body.front() == '.')) {
    return {};
  }
  double real = 0;
  const char* end = body.data() + body.size();
  const auto [stop, error] = std::from_chars(body.data(), end, real);
  if (error != std::errc() || stop != end) return {};
  return FromDouble(negative ? -real : real);
}

std::optional<std::string_view> TextOf(const Value& value, base::Arena& arena) {
  std::array<char, 64> buffer{};
  char* const begin = buffer.data();
  char* const end = begin + buffer.size();
  switch (value.kind()) {
    case ValueKind::kString:
    case ValueKind::kNumberText:
      return value.text();
    case ValueKind::kBoolean:
      return value.boolean() ? "true" : "false";
    case ValueKind::kInteger: {
      const auto done = std::to_chars(begin, end, value.integer());
      return arena.Copy({begin, static_cast<std::size_t>(done.ptr - begin)});
    }
    case ValueKind::kUnsigned: {
      const auto done = std::to_chars(begin, end, value.unsigned_integer());
      return arena.Copy({begin, static_cast<std::size_t>(done.ptr - begin)});
    }
    case ValueKind::kDouble: {
      const auto done = std::to_chars(begin, end, value.real());
      std::string text(begin, done.ptr);
      if (text.find_first_of(".en") == std::string::npos) text += ".0";
      return arena.Copy(text);
    }
    default:
      return std::nullopt;
  }
}

Value Compute(ArithmeticOp op, const Value& a, const Value& b, bool floor_division) {
  if (!a.is_number() || !b.is_number()) return {};
  if (IsInteger(a) && IsInteger(b)) {
    return IntegerArithmetic(op, ToWide(a), ToWide(b), floor_division);
  }
  return DoubleArithmetic(op, ToDouble(a), ToDouble(b), floor_division);
}

Value Negate(const Value& value) {
  if (!value.is_number()) return {};
  if (IsInteger(value)) return FromWide(-ToWide(value));
  return FromDouble(-ToDouble(value));
}

std::optional<std::int64_t> WholeNumber(const Value& value) {
  if (value.kind() == ValueKind::kInteger) return value.integer();
  if (value.kind() == ValueKind::kDouble) {
    const double real = value.real();
    if (std::trunc(real) == real && real >= -kTwo63 && real < kTwo63) {
      return static_cast<std::int64_t>(real);
    }
  }
  return std::nullopt;
}

Value ToValue(const Literal& literal) {
  struct Visitor {
    Value operator()(std::monostate) const { return {}; }
    Value operator()(bool v) const { return Value::Boolean(v); }
    Value operator()(std::int64_t v) const { return Value::Integer(v); }
    Value operator()(std::uint64_t v) const { return FromWide(Wide{v}); }
    Value operator()(double v) const { return Value::Double(v); }
    Value operator()(const std::string& v) const { return Value::String(v); }
  };
  return std::visit(Visitor{}, literal.value);
}

std::optional<Literal> ToLiteral(const Value& value) {
  Literal out;
  switch (value.kind()) {
    case ValueKind::kNull:
      return out;
    case ValueKind::kBoolean:
      out.value = value.boolean();
      return out;
    case ValueKind::kInteger:
      out.value = value.integer();
      return out;
    case ValueKind::kUnsigned:
      out.value = value.unsigned_integer();
      return out;
    case ValueKind::kDouble:
      out.value = value.real();
      return out;
    case ValueKind::kString:
      out.value = std::string(value.text());
      return out;
    default:
      return std::nullopt;
  }
}

}  // namespace vedette::eql
