// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vedette::base {

/// A span of time in nanoseconds.
using Duration = std::chrono::nanoseconds;

/// Nanoseconds since 1970-01-01T00:00:00Z, signed, UTC; years 1677 to 2262.
struct Timestamp {
  std::int64_t nanoseconds = 0;
  auto operator<=>(const Timestamp&) const = default;
  friend Duration operator-(Timestamp a, Timestamp b) {
    return Duration(a.nanoseconds - b.nanoseconds);
  }
};

/// Reads ISO 8601 / RFC 3339 (`2024-03-01`, `2024-03-01T10:00[:05[.123456789]][Z|+02:00|+0200]`, a
/// blank in place of `T` too, UTC without an offset; digits past nanoseconds are cut). Empty when
/// the text is none of these or outside the range of Timestamp.
std::optional<Timestamp> ParseIsoTime(std::string_view text);

/// ISO 8601, or a decimal number of epoch milliseconds (fraction allowed), as `@timestamp` may be.
std::optional<Timestamp> ParseEventTime(std::string_view text);

/// Epoch milliseconds (possibly fractional) to Timestamp; empty when out of range or not finite.
std::optional<Timestamp> FromEpochMilliseconds(double milliseconds);
std::optional<Timestamp> FromEpochMilliseconds(std::int64_t milliseconds);

/// `2026-01-12T10:04:31.902Z`: three fraction digits, or nine when there is more than milliseconds.
std::string FormatIsoTime(Timestamp time);

/// Date math of rules.md section 6: `now` or `<ISO date>||`, then any of `+n<u>`, `-n<u>`, `/<u>`;
/// units y M w d h H m s. kInvalidArgument names the offending part.
Result<Timestamp> EvaluateDateMath(std::string_view text, Timestamp now);

/// `5m`, `30s`, `1h`, `2d`, `250ms`: a positive count and a unit.
Result<Duration> ParseDuration(std::string_view text);

}  // namespace vedette::base
