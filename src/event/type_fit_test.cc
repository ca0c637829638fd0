// SPDX-License-Identifier: Apache-2.0
#include "event/type_fit.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

namespace vedette::event {
namespace {

struct FitCase {
  const char* name;
  Value value;
  FieldType type;
  bool fits;
};

TEST(FitsType, Scalars) {
  using enum FieldType;
  const FitCase cases[] = {
      {"null in a long", Value(), kLong, true},
      {"text in a keyword", Value::String("x"), kKeyword, true},
      {"number in a keyword", Value::Integer(5), kKeyword, true},
      {"boolean in a wildcard", Value::Boolean(true), kWildcard, true},
      {"object in a keyword", Value::Object({}), kKeyword, false},
      {"object in text", Value::Object({}), kText, false},
      {"integer in a long", Value::Integer(-1), kLong, true},
      {"digits in a long", Value::String("42"), kLong, true},
      {"negative digits in a long", Value::String("-42"), kLong, true},
      {"decimal text in a long", Value::String("42.5"), kLong, true},
      {"words in a long", Value::String("many"), kLong, false},
      {"digits and words in a long", Value::String("42x"), kLong, false},
      {"empty text in a long", Value::String(""), kLong, false},
      {"padded digits in a long", Value::String(" 42"), kLong, false},
      {"hex in a long", Value::String("0x10"), kLong, false},
      {"inf in a long", Value::String("inf"), kLong, false},
      {"huge exponent in a long", Value::String("1e400"), kLong, false},
      {"2^63 as text in a long", Value::String("9223372036854775808"), kLong, false},
      {"2^63 in a long", Value::Unsigned(std::uint64_t{1} << 63), kLong, false},
      {"2^63 as double in a long", Value::Double(0x1p63), kLong, false},
      {"-2^63 as double in a long", Value::Double(-0x1p63), kLong, true},
      {"nan in a long", Value::Double(std::numeric_limits<double>::quiet_NaN()), kLong, false},
      {"boolean in a long", Value::Boolean(true), kLong, false},
      {"2^63 in an unsigned long", Value::Unsigned(std::uint64_t{1} << 63), kUnsignedLong, true},
      {"negative in an unsigned long", Value::Integer(-1), kUnsignedLong, false},
      {"number past 64 bits", Value::NumberText("99999999999999999999"), kUnsignedLong, false},
      {"number past 64 bits as double", Value::NumberText("99999999999999999999"), kDouble, true},
      {"integer in a double", Value::Integer(1), kDouble, true},
      {"text in a double", Value::String("2.5e3"), kDouble, true},
      {"nan text in a double", Value::String("nan"), kDouble, false},
      {"infinity in a double", Value::Double(std::numeric_limits<double>::infinity()), kDouble,
       false},
      {"true in a boolean", Value::Boolean(true), kBoolean, true},
      {"\"true\" in a boolean", Value::String("true"), kBoolean, true},
      {"empty text in a boolean", Value::String(""), kBoolean, true},
      {"\"True\" in a boolean", Value::String("True"), kBoolean, false},
      {"1 in a boolean", Value::Integer(1), kBoolean, false},
      {"IPv4", Value::String("10.0.0.1"), kIp, true},
      {"IPv6", Value::String("fe80::1"), kIp, true},
      {"host name in an ip", Value::String("localhost"), kIp, false},
      {"octet too large", Value::String("10.0.0.256"), kIp, false},
      {"number in an ip", Value::Integer(1), kIp, false},
      {"ISO date", Value::String("2024-03-01T10:00:05Z"), kDate, true},
      {"epoch milliseconds", Value::Integer(1709287205000), kDate, true},
      {"epoch milliseconds as text", Value::String("1709287205000"), kDate, true},
      {"words in a date", Value::String("yesterday"), kDate, false},
      {"month 13", Value::String("2024-13-01"), kDate, false},
      {"milliseconds out of range", Value::Integer(std::numeric_limits<std::int64_t>::max()), kDate,
       false},
      {"boolean in a date", Value::Boolean(false), kDateNanos, false},
      {"object in an object", Value::Object({}), kObject, true},
      {"text in an object", Value::String("x"), kObject, false},
      {"text in a nested", Value::String("x"), kNested, false},
      {"version", Value::String("1.2.3"), kVersion, true},
      {"number in a version", Value::Integer(1), kVersion, false},
      {"object in an unknown field", Value::Object({}), kUnknown, true},
      {"anything in a geo point", Value::String("x"), kUnsupported, true},
  };
  for (const FitCase& c : cases) EXPECT_EQ(FitsType(c.value, c.type), c.fits) << c.name;
}

TEST(FitsType, ListFitsWhenEveryElementDoes) {
  const std::array<Value, 3> good = {Value::Integer(1), Value::String("2"), Value()};
  const std::array<Value, 2> bad = {Value::Integer(1), Value::String("two")};
  EXPECT_TRUE(FitsType(Value::List({}), FieldType::kLong));
  EXPECT_TRUE(FitsType(Value::List(good), FieldType::kLong));
  EXPECT_FALSE(FitsType(Value::List(bad), FieldType::kLong));
  const std::array<Value, 1> objects = {Value::Object({})};
  EXPECT_TRUE(FitsType(Value::List(objects), FieldType::kNested));
  EXPECT_FALSE(FitsType(Value::List(objects), FieldType::kKeyword));
}

TEST(FitsType, DeepListsAreRefusedNotFollowed) {
  std::vector<Value> levels(10'000);
  for (std::size_t i = 1; i < levels.size(); ++i) levels[i] = Value::List({&levels[i - 1], 1});
  EXPECT_FALSE(FitsType(levels.back(), FieldType::kLong));
  EXPECT_TRUE(FitsType(levels[10], FieldType::kLong));
}

}  // namespace
}  // namespace vedette::event
