// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vedette::engine {

/// Missing events before the first and after the last event of a sequence are looked for in whole
/// milliseconds, as upstream does (reference section 18, question 14). Nanoseconds, rounded down to
/// a millisecond so that order is kept.
inline std::int64_t EdgeTime(std::int64_t nanoseconds) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  if (nanoseconds < INT64_MIN + kMillisecond) return nanoseconds;
  const std::int64_t rest = nanoseconds % kMillisecond;
  return nanoseconds - (rest < 0 ? rest + kMillisecond : rest);
}

/// `later - earlier`, and the largest number where that has no room: times come from events.
inline std::int64_t TimeApart(std::int64_t earlier, std::int64_t later) {
  std::int64_t apart = 0;
  if (!__builtin_sub_overflow(later, earlier, &apart)) return apart;
  return later > earlier ? INT64_MAX : INT64_MIN;
}

}  // namespace vedette::engine
