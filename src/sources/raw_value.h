// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.h"
#include "base/time.h"
#include "event/value.h"

// Reading the loosely typed values of vendor records, where a number may come as a text and a
// missing one as "". Everything here answers null (or empty) for what does not fit; nothing fails.
namespace vedette::sources {

/// The text of a string value; empty for all else.
std::string_view TextOf(const event::Value& value);
/// A non-empty text, or a number or boolean spelt out; else null.
event::Value AsText(const event::Value& value, base::Arena& arena);
/// An integer, a whole double, or decimal digits with an optional sign; else null. Never rounds.
event::Value AsInteger(const event::Value& value);

/// Seconds since 1970 in decimal, up to nine fraction digits counted: "1757442428.423".
std::optional<base::Timestamp> ParseEpochSeconds(std::string_view digits);
/// Epoch milliseconds as number or digits, or ISO 8601.
std::optional<base::Timestamp> TimeFromMilliseconds(const event::Value& value);
/// Epoch seconds as number or digits, ISO 8601, or (whole and above 2^56) a Windows FILETIME.
std::optional<base::Timestamp> TimeFromSeconds(const event::Value& value);
/// ISO text in the arena; null of nothing.
event::Value IsoText(std::optional<base::Timestamp> time, base::Arena& arena);

/// The parts between any of `separators`, empty ones left out. At most 1024. Null if none.
event::Value SplitText(std::string_view text, std::string_view separators, base::Arena& arena);

struct PathParts {
  std::string_view directory;
  std::string_view name;
  std::string_view extension;  ///< of the name, after its last dot; may be empty
  bool ends_in_separator = false;
};
/// Split at the last `\`, if none at the last `/`; a trailing separator is ignored.
PathParts SplitPath(std::string_view path);

/// DNS query type by decimal number ("28" -> "AAAA"); empty if unknown.
std::string_view DnsTypeName(std::string_view number);
/// IANA protocol number to the name ECS uses ("6" -> "tcp"); empty if unknown.
std::string_view TransportName(std::string_view number);

}  // namespace vedette::sources
