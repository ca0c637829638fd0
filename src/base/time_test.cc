// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>

namespace vedette::base {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
// 2024-03-01T10:00:05Z
constexpr std::int64_t kMarch = 1'709'287'205 * kSecond;

Timestamp At(std::string_view text) {
  const auto time = ParseIsoTime(text);
  EXPECT_TRUE(time.has_value()) << text;
  return time.value_or(Timestamp{});
}

TEST(ParseIsoTime, Accepted) {
  struct {
    const char* text;
    std::int64_t nanoseconds;
  } const cases[] = {
      {"1970-01-01", 0},
      {"1969-12-31T23:59:59.5Z", -kSecond / 2},
      {"2024-03-01", 1'709'251'200 * kSecond},
      {"2024-03-01T10", 1'709'287'200 * kSecond},
      {"2024-03-01T10:00", 1'709'287'200 * kSecond},
      {"2024-03-01T10:00:05", kMarch},
      {"2024-03-01 10:00:05", kMarch},
      {"2024-03-01T10:00:05Z", kMarch},
      {"2024-03-01T10:00:05.1Z", kMarch + 100'000'000},
      {"2024-03-01T10:00:05.123456789Z", kMarch + 123'456'789},
      {"2024-03-01T10:00:05.1234567899Z", kMarch + 123'456'789},
      {"2024-03-01T12:00:05+02:00", kMarch},
      {"2024-03-01T12:00:05+0200", kMarch},
      {"2024-03-01T12:00:05+02", kMarch},
      {"2024-03-01T04:30:05-05:30", kMarch},
      {"2024-02-29", 1'709'164'800 * kSecond},
      {"1677-09-21T00:12:44Z", -9'223'372'036 * kSecond},
      {"2262-04-11T23:47:16.854775807Z", std::numeric_limits<std::int64_t>::max()},
  };
  for (const auto& c : cases) {
    const auto time = ParseIsoTime(c.text);
    ASSERT_TRUE(time.has_value()) << c.text;
    EXPECT_EQ(time->nanoseconds, c.nanoseconds) << c.text;
  }
}

TEST(ParseIsoTime, Refused) {
  for (const char* text : {"",
                           "2024",
                           "2024-03",
                           "2024-3-1",
                           "2024-13-01",
                           "2023-02-29",
                           "2024-04-31",
                           "2024-03-00",
                           "24-03-01",
                           "2024-03-01T",
                           "2024-03-01T1",
                           "2024-03-01T24:00",
                           "2024-03-01T10:60",
                           "2024-03-01T10:00:61",
                           "2024-03-01T10:00:05.",
                           "2024-03-01T10:00:05.Z",
                           "2024-03-01T10:00:05ZZ",
                           "2024-03-01T10:00:05+",
                           "2024-03-01T10:00:05+2",
                           "2024-03-01T10:00:05+02:",
                           "2024-03-01T10:00:05+02:60",
                           "2024-03-01T10:00:05+19:00",
                           "2024-03-01T10:00:05 UTC",
                           " 2024-03-01",
                           "2024-03-01 ",
                           "+2024-03-01",
                           "2024/03/01",
                           "1600-01-01",
                           "2262-04-11T23:47:16.854775808Z",
                           "2300-01-01",
                           "9999-12-31T23:59:59Z"}) {
    EXPECT_FALSE(ParseIsoTime(text).has_value()) << text;
  }
}

TEST(ParseEventTime, IsoOrEpochMilliseconds) {
  EXPECT_EQ(ParseEventTime("2024-03-01T10:00:05Z")->nanoseconds, kMarch);
  EXPECT_EQ(ParseEventTime("1709287205000")->nanoseconds, kMarch);
  EXPECT_EQ(ParseEventTime("1709287205000.25")->nanoseconds, kMarch + 250'000);
  EXPECT_EQ(ParseEventTime("-1")->nanoseconds, -1'000'000);
  for (const char* text : {"", "x", "12x", "nan", "inf", "1e30", "9223372036854775807", "0x10"}) {
    EXPECT_FALSE(ParseEventTime(text).has_value()) << text;
  }
}

TEST(FromEpochMilliseconds, BoundsAndFractions) {
  EXPECT_EQ(FromEpochMilliseconds(std::int64_t{9'223'372'036'854})->nanoseconds,
            9'223'372'036'854'000'000);
  EXPECT_FALSE(FromEpochMilliseconds(std::int64_t{9'223'372'036'855}).has_value());
  EXPECT_FALSE(FromEpochMilliseconds(std::numeric_limits<std::int64_t>::min()).has_value());
  EXPECT_EQ(FromEpochMilliseconds(-0.5)->nanoseconds, -500'000);
  EXPECT_FALSE(FromEpochMilliseconds(1e13).has_value());
  EXPECT_FALSE(FromEpochMilliseconds(std::numeric_limits<double>::infinity()).has_value());
  EXPECT_FALSE(FromEpochMilliseconds(std::numeric_limits<double>::quiet_NaN()).has_value());
}

TEST(FormatIsoTime, ThreeOrNineDigits) {
  EXPECT_EQ(FormatIsoTime({kMarch}), "2024-03-01T10:00:05.000Z");
  EXPECT_EQ(FormatIsoTime({kMarch + 42'000'000}), "2024-03-01T10:00:05.042Z");
  EXPECT_EQ(FormatIsoTime({kMarch + 42'000'001}), "2024-03-01T10:00:05.042000001Z");
  EXPECT_EQ(FormatIsoTime({-1}), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(FormatIsoTime({std::numeric_limits<std::int64_t>::min()}),
            "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(FormatIsoTime({std::numeric_limits<std::int64_t>::max()}),
            "2262-04-11T23:47:16.854775807Z");
}

TEST(FormatIsoTime, ParsesBackToTheSameTime) {
  std::mt19937_64 random(20240301);
  // The lowest partial second is left out: its whole second lies outside of the range.
  std::uniform_int_distribution<std::int64_t> any(-9'223'372'036 * kSecond,
                                                  std::numeric_limits<std::int64_t>::max());
  for (int i = 0; i < 20'000; ++i) {
    Timestamp time{any(random)};
    if (i % 2 == 0) time.nanoseconds -= time.nanoseconds % 1'000'000;
    const std::string text = FormatIsoTime(time);
    const auto back = ParseIsoTime(text);
    ASSERT_TRUE(back.has_value()) << text;
    ASSERT_EQ(back->nanoseconds, time.nanoseconds) << text;
  }
}

TEST(ParseIsoTime, NeverFailsOnRandomText) {
  constexpr std::string_view kAlphabet = "0123456789-:+.TZ |";
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "2024-03-01T10:00:05.123+02:00";
    for (int edits = 0; edits < 3; ++edits) {
      text[random() % text.size()] = kAlphabet[random() % kAlphabet.size()];
    }
    text.resize(random() % (text.size() + 1));
    if (const auto time = ParseIsoTime(text)) {
      EXPECT_EQ(ParseIsoTime(FormatIsoTime(*time)), time) << text;
    }
  }
}

TEST(EvaluateDateMath, Accepted) {
  const Timestamp now = At("2026-01-14T10:04:31.902Z");  // a Wednesday
  struct {
    const char* text;
    const char* result;
  } const cases[] = {
      {"now", "2026-01-14T10:04:31.902Z"},
      {"now-9m", "2026-01-14T09:55:31.902Z"},
      {"now+1s", "2026-01-14T10:04:32.902Z"},
      {"now-1h/h", "2026-01-14T09:00:00Z"},
      {"now/H", "2026-01-14T10:00:00Z"},
      {"now/m", "2026-01-14T10:04:00Z"},
      {"now/s", "2026-01-14T10:04:31Z"},
      {"now/d", "2026-01-14"},
      {"now/w", "2026-01-12"},
      {"now/M", "2026-01-01"},
      {"now/y", "2026-01-01"},
      {"now-2w", "2025-12-31T10:04:31.902Z"},
      {"now+1M/d", "2026-02-14"},
      {"now-1y", "2025-01-14T10:04:31.902Z"},
      {"2026-01-10T00:00:00Z||-15m", "2026-01-09T23:45:00Z"},
      {"2024-01-31||+1M", "2024-02-29"},
      {"2024-02-29||+1y", "2025-02-28"},
      {"2024-03-31||-1M", "2024-02-29"},
      {"2024-01-15||-13M", "2022-12-15"},
      {"1969-12-31T12:34:56Z||/d", "1969-12-31"},
      {"1969-12-31T12:34:56Z||/h", "1969-12-31T12:00:00Z"},
      {"2026-01-10||/d+1d-1h", "2026-01-10T23:00:00Z"},
  };
  for (const auto& c : cases) {
    const auto time = EvaluateDateMath(c.text, now);
    ASSERT_TRUE(time.has_value()) << c.text << ": " << time.error().message();
    EXPECT_EQ(FormatIsoTime(*time), FormatIsoTime(At(c.result))) << c.text;
  }
}

TEST(EvaluateDateMath, RefusedNamesTheText) {
  for (const char* text :
       {"", "yesterday", "nowhere", "now-", "now-m", "now-5", "now-5x", "now--5m", "now/", "now/x",
        "now*2", "now -5m", "||-5m", "2026-13-01||", "now-99999999999999999999m",
        "now-9223372036854775807d", "now+9223372036854775807y", "now+500y", "2026-01-10|-5m"}) {
    const auto time = EvaluateDateMath(text, Timestamp{kMarch});
    ASSERT_FALSE(time.has_value()) << text;
    EXPECT_EQ(time.error().code(), ErrorCode::kInvalidArgument) << text;
    EXPECT_NE(time.error().message().find(text), std::string::npos) << text;
  }
}

TEST(EvaluateDateMath, AtTheEdgesOfTheRange) {
  const Timestamp lowest{std::numeric_limits<std::int64_t>::min()};
  const Timestamp highest{std::numeric_limits<std::int64_t>::max()};
  for (const char* unit : {"y", "M", "w", "d", "h", "m", "s"}) {
    EXPECT_FALSE(EvaluateDateMath(std::string("now/") + unit, lowest).has_value()) << unit;
    EXPECT_TRUE(EvaluateDateMath(std::string("now/") + unit, highest).has_value()) << unit;
    EXPECT_FALSE(EvaluateDateMath(std::string("now-1") + unit, lowest).has_value()) << unit;
    EXPECT_FALSE(EvaluateDateMath(std::string("now+1") + unit, highest).has_value()) << unit;
  }
}

TEST(EvaluateDateMath, AddingAndTakingAwayIsIdentity) {
  std::mt19937_64 random(11);
  constexpr std::string_view kUnits = "wdhms";
  for (int i = 0; i < 2'000; ++i) {
    const Timestamp now{static_cast<std::int64_t>(random() % (100ULL * 365 * kDay / 2))};
    const std::string step = std::to_string(random() % 1000) + kUnits[random() % kUnits.size()];
    const auto time = EvaluateDateMath("now-" + step + "+" + step, now);
    ASSERT_TRUE(time.has_value()) << step;
    ASSERT_EQ(*time, now) << step;
  }
}

TEST(ParseDuration, AcceptedAndRefused) {
  EXPECT_EQ(*ParseDuration("250ms"), std::chrono::milliseconds(250));
  EXPECT_EQ(*ParseDuration("30s"), std::chrono::seconds(30));
  EXPECT_EQ(*ParseDuration("5m"), std::chrono::minutes(5));
  EXPECT_EQ(*ParseDuration("1h"), std::chrono::hours(1));
  EXPECT_EQ(*ParseDuration("2d"), std::chrono::hours(48));
  for (const char* text : {"", "5", "m", "0s", "-5m", "+5m", "5 m", "5mm", "5M", "1.5h", "5m ",
                           "9223372036854775807s", "99999999999999999999s"}) {
    EXPECT_FALSE(ParseDuration(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace vedette::base
