// SPDX-License-Identifier: Apache-2.0
#include "event/type_fit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "base/ip.h"
#include "base/time.h"

namespace vedette::event {
namespace {

constexpr int kMaxListDepth = 32;

template <class Integer>
bool IsInteger(std::string_view text) {
  Integer parsed;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  return error == std::errc() && end == text.data() + text.size();
}

/// The finite decimal number that the whole of `text` spells.
std::optional<double> ReadDouble(std::string_view text) {
  double parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(parsed)) return {};
  return parsed;
}

// 2^63 and 2^64 are exact as doubles; the largest integers below them are not.
bool InLongRange(double v) { return v >= -0x1p63 && v < 0x1p63; }
bool InUnsignedRange(double v) { return v > -1.0 && v < 0x1p64; }

/// Digits, or a decimal fraction in range: coercion cuts the fraction off.
bool TextFitsLong(std::string_view text) {
  if (IsInteger<std::int64_t>(text)) return true;
  if (text.find_first_of(".eE") == std::string_view::npos) return false;
  const auto number = ReadDouble(text);
  return number && InLongRange(*number);
}

bool TextFitsUnsigned(std::string_view text) {
  if (IsInteger<std::uint64_t>(text)) return true;
  if (text.find_first_of(".eE") == std::string_view::npos) return false;
  const auto number = ReadDouble(text);
  return number && InUnsignedRange(*number);
}

bool FitsLong(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInteger:
      return true;
    case ValueKind::kDouble:
      return InLongRange(value.real());
    case ValueKind::kNumberText:
    case ValueKind::kString:
      return TextFitsLong(value.text());
    default:
      return false;
  }
}

bool FitsUnsigned(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInteger:
      return value.integer() >= 0;
    case ValueKind::kUnsigned:
      return true;
    case ValueKind::kDouble:
      return InUnsignedRange(value.real());
    case ValueKind::kNumberText:
    case ValueKind::kString:
      return TextFitsUnsigned(value.text());
    default:
      return false;
  }
}

bool FitsDouble(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInteger:
    case ValueKind::kUnsigned:
      return true;
    case ValueKind::kDouble:
      return std::isfinite(value.real());
    case ValueKind::kNumberText:
    case ValueKind::kString:
      return ReadDouble(value.text()).has_value();
    default:
      return false;
  }
}

bool FitsBoolean(const Value& value) {
  if (value.kind() == ValueKind::kBoolean) return true;
  return value.is_string() &&
         (value.text() == "true" || value.text() == "false" || value.text().empty());
}

bool FitsDate(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInteger:
      return base::FromEpochMilliseconds(value.integer()).has_value();
    case ValueKind::kDouble:
      return base::FromEpochMilliseconds(value.real()).has_value();
    case ValueKind::kString:
      return base::ParseEventTime(value.text()).has_value();
    default:
      return false;
  }
}

bool ScalarFits(const Value& value, FieldType type) {
  switch (type) {
    case FieldType::kKeyword:
    case FieldType::kConstantKeyword:
    case FieldType::kWildcard:
    case FieldType::kText:
      return !value.is_object();
    case FieldType::kVersion:
      return value.is_string();
    case FieldType::kBoolean:
      return FitsBoolean(value);
    case FieldType::kLong:
      return FitsLong(value);
    case FieldType::kUnsignedLong:
      return FitsUnsigned(value);
    case FieldType::kDouble:
      return FitsDouble(value);
    case FieldType::kDate:
    case FieldType::kDateNanos:
      return FitsDate(value);
    case FieldType::kIp:
      return value.is_string() && base::ParseIp(value.text()).has_value();
    case FieldType::kObject:
    case FieldType::kNested:
      return value.is_object();
    case FieldType::kUnknown:
    case FieldType::kUnsupported:
      return true;
  }
  return true;
}

bool Fits(const Value& value, FieldType type, int depth) {
  if (value.is_null()) return true;
  if (!value.is_list()) return ScalarFits(value, type);
  if (depth >= kMaxListDepth) return false;
  return std::all_of(value.list().begin(), value.list().end(),
                     [&](const Value& element) { return Fits(element, type, depth + 1); });
}

}  // namespace

bool FitsType(const Value& value, FieldType type) { return Fits(value, type, 0); }

}  // namespace vedette::event
