// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace vedette::base {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

/// Consumes text from the left; every Take leaves the position alone when it fails.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}
  bool empty() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool Take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<int> Digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  /// Fraction digits as nanoseconds; digits past the ninth are cut.
  std::optional<std::int64_t> FractionNanos() {
    std::int64_t value = 0;
    std::int64_t scale = kNanosPerSecond / 10;
    std::size_t count = 0;
    while (peek() >= '0' && peek() <= '9') {
      value += scale * (peek() - '0');
      scale /= 10;
      rest_.remove_prefix(1);
      ++count;
    }
    if (count == 0) return std::nullopt;
    return value;
  }

 private:
  std::string_view rest_;
};

std::optional<Timestamp> FromParts(std::int64_t seconds, std::int64_t nanos) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(seconds, kNanosPerSecond, &result) ||
      __builtin_add_overflow(result, nanos, &result)) {
    return std::nullopt;
  }
  return Timestamp{result};
}

/// `Z`, `+02:00`, `+0200`, `+02`; seconds east of UTC. Nothing counts as UTC.
std::optional<std::int64_t> TakeOffset(Cursor& in) {
  if (in.empty() || in.Take('Z') || in.Take('z')) return 0;
  const bool west = in.peek() == '-';
  if (!in.Take('+') && !in.Take('-')) return std::nullopt;
  const auto hours = in.Digits(2);
  if (!hours || *hours > 18) return std::nullopt;
  int minutes = 0;
  if (in.Take(':') || !in.empty()) {
    const auto read = in.Digits(2);
    if (!read || *read > 59) return std::nullopt;
    minutes = *read;
  }
  const std::int64_t seconds = (*hours * 60 + minutes) * 60;
  return west ? -seconds : seconds;
}

/// The unit's length, or 0 for the calendar units y and M and for anything else.
std::int64_t FixedUnitNanos(char unit) {
  switch (unit) {
    case 's':
      return kNanosPerSecond;
    case 'm':
      return 60 * kNanosPerSecond;
    case 'h':
    case 'H':
      return 3600 * kNanosPerSecond;
    case 'd':
      return 86'400 * kNanosPerSecond;
    case 'w':
      return 7 * 86'400 * kNanosPerSecond;
    default:
      return 0;
  }
}

std::chrono::sys_time<std::chrono::nanoseconds> ToChrono(Timestamp time) {
  return std::chrono::sys_time<std::chrono::nanoseconds>(
      std::chrono::nanoseconds(time.nanoseconds));
}

/// Nanoseconds since midnight. By remainder: the midnight before the lowest Timestamp is not one
/// itself, so a difference would overflow.
std::int64_t NanosInDay(Timestamp time) {
  constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;
  const std::int64_t remainder = time.nanoseconds % kNanosPerDay;
  return remainder < 0 ? remainder + kNanosPerDay : remainder;
}

std::optional<Timestamp> AddMonths(Timestamp time, std::int64_t count) {
  const auto whole_day = std::chrono::floor<days>(ToChrono(time));
  if (count > 12 * 600 || count < -12 * 600) return std::nullopt;
  year_month_day date = year_month_day(whole_day) + std::chrono::months(static_cast<int>(count));
  // 31 January plus a month is the last day of February, as Elasticsearch's date math has it.
  if (!date.ok()) date = year_month_day(date.year() / date.month() / std::chrono::last);
  const std::int64_t seconds = sys_days(date).time_since_epoch().count() * 86'400LL;
  return FromParts(seconds, NanosInDay(time));
}

std::optional<Timestamp> RoundDown(Timestamp time, char unit) {
  const year_month_day date(std::chrono::floor<days>(ToChrono(time)));
  const auto at = [](sys_days d) { return FromParts(d.time_since_epoch().count() * 86'400LL, 0); };
  if (unit == 'y') return at(sys_days(date.year() / std::chrono::January / 1));
  if (unit == 'M') return at(sys_days(date.year() / date.month() / 1));
  if (unit == 'w') {
    const sys_days whole(date);
    return at(whole - (std::chrono::weekday(whole) - std::chrono::Monday));
  }
  const std::int64_t step = FixedUnitNanos(unit);
  if (step == 0) return std::nullopt;
  std::int64_t remainder = time.nanoseconds % step;
  if (remainder < 0) remainder += step;
  std::int64_t rounded = 0;
  if (__builtin_sub_overflow(time.nanoseconds, remainder, &rounded)) return std::nullopt;
  return Timestamp{rounded};
}

Error BadDateMath(std::string_view text, std::string_view why) {
  return Error(ErrorCode::kInvalidArgument,
               fmt::format("date math '{}': {}; write for example now-9m, now-1d/d or "
                           "2026-01-10T00:00:00Z||-15m",
                           text, why));
}

}  // namespace

std::optional<Timestamp> ParseIsoTime(std::string_view text) {
  Cursor in(text);
  const auto y = in.Digits(4);
  if (!y || !in.Take('-')) return std::nullopt;
  const auto m = in.Digits(2);
  if (!m || !in.Take('-')) return std::nullopt;
  const auto d = in.Digits(2);
  if (!d) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*m)),
                            day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  std::int64_t seconds = sys_days(date).time_since_epoch().count() * 86'400LL;
  if (in.empty()) return FromParts(seconds, 0);
  if (!in.Take('T') && !in.Take('t') && !in.Take(' ')) return std::nullopt;
  const auto hour = in.Digits(2);
  if (!hour || *hour > 23) return std::nullopt;
  int minute = 0;
  int second = 0;
  std::int64_t nanos = 0;
  if (in.Take(':')) {
    const auto read = in.Digits(2);
    if (!read || *read > 59) return std::nullopt;
    minute = *read;
    if (in.Take(':')) {
      const auto read_second = in.Digits(2);
      if (!read_second || *read_second > 60) return std::nullopt;
      second = *read_second;
      if (in.Take('.') || in.Take(',')) {
        const auto fraction = in.FractionNanos();
        if (!fraction) return std::nullopt;
        nanos = *fraction;
      }
    }
  }
  const auto offset = TakeOffset(in);
  if (!offset || !in.empty()) return std::nullopt;
  seconds += *hour * 3600LL + minute * 60LL + second - *offset;
  return FromParts(seconds, nanos);
}

std::optional<Timestamp> FromEpochMilliseconds(std::int64_t milliseconds) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(milliseconds, kNanosPerMilli, &result)) return std::nullopt;
  return Timestamp{result};
}

std::optional<Timestamp> FromEpochMilliseconds(double milliseconds) {
  const double nanos = milliseconds * 1e6;
  if (!std::isfinite(nanos) || std::fabs(nanos) >= 9.2e18) return std::nullopt;
  // Whole milliseconds first: the product of a large double and 1e6 would lose digits.
  const double whole = std::floor(milliseconds);
  return Timestamp{static_cast<std::int64_t>(whole) * kNanosPerMilli +
                   std::llround((milliseconds - whole) * 1e6)};
}

std::optional<Timestamp> ParseEventTime(std::string_view text) {
  if (auto iso = ParseIsoTime(text)) return iso;
  std::int64_t integer = 0;
  const char* end = text.data() + text.size();
  if (auto [p, ec] = std::from_chars(text.data(), end, integer); ec == std::errc() && p == end) {
    return FromEpochMilliseconds(integer);
  }
  double real = 0;
  if (auto [p, ec] = std::from_chars(text.data(), end, real); ec == std::errc() && p == end) {
    return FromEpochMilliseconds(real);
  }
  return std::nullopt;
}

std::string FormatIsoTime(Timestamp time) {
  const year_month_day date(std::chrono::floor<days>(ToChrono(time)));
  const std::int64_t in_day = NanosInDay(time);
  const std::int64_t seconds = in_day / kNanosPerSecond;
  const std::int64_t nanos = in_day % kNanosPerSecond;
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (nanos % kNanosPerMilli == 0) {
    text += fmt::format("{:03}Z", nanos / kNanosPerMilli);
  } else {
    text += fmt::format("{:09}Z", nanos);
  }
  return text;
}

Result<Timestamp> EvaluateDateMath(std::string_view text, Timestamp now) {
  Timestamp time = now;
  std::string_view rest = text;
  if (rest.starts_with("now")) {
    rest.remove_prefix(3);
  } else {
    const std::size_t bar = rest.find("||");
    const auto anchor = ParseIsoTime(rest.substr(0, bar));
    if (!anchor) return BadDateMath(text, "it begins neither with 'now' nor with an ISO date");
    time = *anchor;
    rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 2);
  }
  while (!rest.empty()) {
    const char op = rest.front();
    rest.remove_prefix(1);
    std::int64_t count = 1;
    if (op == '+' || op == '-') {
      const auto [p, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
      if (ec != std::errc() || count < 0)
        return BadDateMath(text, "a count is missing or too large");
      rest.remove_prefix(static_cast<std::size_t>(p - rest.data()));
      if (op == '-') count = -count;
    } else if (op != '/') {
      return BadDateMath(text, fmt::format("'{}' is not one of + - /", op));
    }
    if (rest.empty()) return BadDateMath(text, "a unit is missing");
    const char unit = rest.front();
    rest.remove_prefix(1);
    std::optional<Timestamp> next;
    if (op == '/') {
      next = RoundDown(time, unit);
    } else if (unit == 'y' || unit == 'M') {
      std::int64_t months = 0;
      if (!__builtin_mul_overflow(count, unit == 'y' ? 12 : 1, &months))
        next = AddMonths(time, months);
    } else if (const std::int64_t step = FixedUnitNanos(unit); step != 0) {
      std::int64_t delta = 0;
      std::int64_t sum = 0;
      if (!__builtin_mul_overflow(count, step, &delta) &&
          !__builtin_add_overflow(time.nanoseconds, delta, &sum)) {
        next = Timestamp{sum};
      }
    } else {
      return BadDateMath(text, fmt::format("unit '{}' is not one of y M w d h m s", unit));
    }
    if (!next)
      return BadDateMath(text, "the time lies outside 1677 to 2262, or the unit is unknown");
    time = *next;
  }
  return time;
}

Result<Duration> ParseDuration(std::string_view text) {
  std::int64_t count = 0;
  const auto [p, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(p, static_cast<std::size_t>(text.data() + text.size() - p));
  const std::int64_t step = unit == "ms"                      ? kNanosPerMilli
                            : unit.size() == 1 && unit != "w" ? FixedUnitNanos(unit[0])
                                                              : 0;
  std::int64_t nanos = 0;
  if (ec != std::errc() || count <= 0 || step == 0 || __builtin_mul_overflow(count, step, &nanos)) {
    return Error(
        ErrorCode::kInvalidArgument,
        fmt::format("duration '{}': write a positive number and one of ms, s, m, h, d, for "
                    "example 5m",
                    text));
  }
  return Duration(nanos);
}

}  // namespace vedette::base
