// SPDX-License-Identifier: Apache-2.0
#include "sources/raw_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace vedette::sources {

using base::Timestamp;
using event::Value;
using event::ValueKind;

namespace {

template <class T>
std::optional<T> ParseNumber(std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// 100 ns units from 1601 to 1970.
constexpr std::int64_t kFiletimeEpoch = 116'444'736'000'000'000;
// Above it the pipeline takes a whole ContextTimeStamp for a FILETIME.
constexpr std::int64_t kFiletimeFloor = 0x0100000000000000;

std::optional<Timestamp> FromFiletime(std::int64_t ticks) {
  const std::int64_t since_1970 = ticks - kFiletimeEpoch;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 100;
  if (since_1970 > kMost || since_1970 < -kMost) return std::nullopt;
  return Timestamp{since_1970 * 100};
}

using NumberName = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
std::string_view NameOf(const NumberName (&table)[N], std::string_view number) {
  for (const auto& [key, name] : table) {
    if (key == number) return name;
  }
  return {};
}

}  // namespace

std::string_view TextOf(const Value& value) {
  return value.is_string() ? value.text() : std::string_view();
}

Value AsText(const Value& value, base::Arena& arena) {
  switch (value.kind()) {
    case ValueKind::kString:
      return value.text().empty() ? Value() : value;
    case ValueKind::kNumberText:
      return Value::String(value.text());
    case ValueKind::kBoolean:
      return Value::String(value.boolean() ? "true" : "false");
    case ValueKind::kInteger:
      return Value::String(arena.Copy(std::to_string(value.integer())));
    case ValueKind::kUnsigned:
      return Value::String(arena.Copy(std::to_string(value.unsigned_integer())));
    case ValueKind::kDouble: {
      char digits[32];
      const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value.real());
      if (error != std::errc()) return Value();
      const auto size = static_cast<std::size_t>(end - digits);
      return Value::String(arena.Copy(std::string_view(digits, size)));
    }
    default:
      return Value();
  }
}

Value AsInteger(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInteger:
    case ValueKind::kUnsigned:
      return value;
    case ValueKind::kDouble: {
      const double real = value.real();
      // 2^53: beyond it a double no longer tells neighbours apart.
      if (!(std::abs(real) <= 9007199254740992.0) || real != std::trunc(real)) return Value();
      return Value::Integer(static_cast<std::int64_t>(real));
    }
    case ValueKind::kString: {
      if (const auto number = ParseNumber<std::int64_t>(value.text())) {
        return Value::Integer(*number);
      }
      const auto large = ParseNumber<std::uint64_t>(value.text());
      return large ? Value::Unsigned(*large) : Value();
    }
    default:
      return Value();
  }
}

std::optional<Timestamp> ParseEpochSeconds(std::string_view digits) {
  const std::size_t dot = digits.find('.');
  const auto seconds = ParseNumber<std::int64_t>(digits.substr(0, dot));
  // 9.2e9 s reaches year 2262, where Timestamp ends.
  if (!seconds || *seconds < 0 || *seconds > 9'200'000'000) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (dot != std::string_view::npos) {
    std::int64_t unit = 100'000'000;
    for (const char c : digits.substr(dot + 1)) {
      if (c < '0' || c > '9') return std::nullopt;
      nanoseconds += (c - '0') * unit;
      unit /= 10;
    }
  }
  return Timestamp{*seconds * 1'000'000'000 + nanoseconds};
}

std::optional<Timestamp> TimeFromMilliseconds(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInteger:
      return base::FromEpochMilliseconds(value.integer());
    case ValueKind::kDouble:
      return base::FromEpochMilliseconds(value.real());
    case ValueKind::kString:
      return base::ParseEventTime(value.text());
    default:
      return std::nullopt;
  }
}

std::optional<Timestamp> TimeFromSeconds(const Value& value) {
  if (value.kind() == ValueKind::kDouble) {
    if (!(value.real() >= 0 && value.real() <= 9.2e9)) return std::nullopt;
    // A double of this size still holds the microsecond; milliseconds are what vendors mean.
    return base::FromEpochMilliseconds(std::round(value.real() * 1e3));
  }
  const Value whole = AsInteger(value);
  if (whole.kind() == ValueKind::kInteger) {
    const std::int64_t number = whole.integer();
    if (number > kFiletimeFloor) return FromFiletime(number);
    if (number < 0 || number > 9'200'000'000) return std::nullopt;
    return Timestamp{number * 1'000'000'000};
  }
  if (!value.is_string()) return std::nullopt;
  if (const auto time = ParseEpochSeconds(value.text())) return time;
  return base::ParseIsoTime(value.text());
}

Value IsoText(std::optional<Timestamp> time, base::Arena& arena) {
  return time ? Value::String(arena.Copy(base::FormatIsoTime(*time))) : Value();
}

Value SplitText(std::string_view text, std::string_view separators, base::Arena& arena) {
  constexpr std::size_t kMostParts = 1024;
  std::vector<Value> parts;
  while (parts.size() < kMostParts) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    parts.push_back(Value::String(text.substr(0, end)));
    text.remove_prefix(end);
  }
  if (parts.empty()) return Value();
  const std::span<Value> kept = arena.NewArray<Value>(parts.size());
  std::copy(parts.begin(), parts.end(), kept.begin());
  return Value::List(kept);
}

PathParts SplitPath(std::string_view path) {
  PathParts parts;
  const char separator = path.find('\\') != std::string_view::npos ? '\\' : '/';
  if (path.size() > 1 && path.back() == separator) {
    parts.ends_in_separator = true;
    path.remove_suffix(1);
  }
  const std::size_t at = path.rfind(separator);
  if (at == std::string_view::npos) {
    parts.name = path;
  } else {
    // The root is its own directory: "/vmlinuz" lies in "/".
    parts.directory = path.substr(0, std::max<std::size_t>(at, 1));
    parts.name = path.substr(at + 1);
  }
  const std::size_t dot = parts.name.rfind('.');
  if (dot != std::string_view::npos) parts.extension = parts.name.substr(dot + 1);
  return parts;
}

std::string_view DnsTypeName(std::string_view number) {
  static constexpr NumberName kTypes[] = {
      {"1", "A"},      {"2", "NS"},      {"5", "CNAME"},  {"6", "SOA"},     {"10", "NULL"},
      {"12", "PTR"},   {"13", "HINFO"},  {"15", "MX"},    {"16", "TXT"},    {"24", "SIG"},
      {"25", "KEY"},   {"28", "AAAA"},   {"29", "LOC"},   {"33", "SRV"},    {"35", "NAPTR"},
      {"36", "KX"},    {"37", "CERT"},   {"39", "DNAME"}, {"41", "OPT"},    {"43", "DS"},
      {"44", "SSHFP"}, {"46", "RRSIG"},  {"47", "NSEC"},  {"48", "DNSKEY"}, {"49", "DHCID"},
      {"50", "NSEC3"}, {"52", "TLSA"},   {"64", "SVCB"},  {"65", "HTTPS"},  {"99", "SPF"},
      {"249", "TKEY"}, {"250", "TSIG"},  {"251", "IXFR"}, {"252", "AXFR"},  {"255", "ANY"},
      {"257", "CAA"},  {"65281", "WINS"}};
  return NameOf(kTypes, number);
}

std::string_view TransportName(std::string_view number) {
  static constexpr NumberName kTransports[] = {
      {"0", "hopopt"},      {"1", "icmp"},       {"2", "igmp"},     {"4", "ipv4"},  {"6", "tcp"},
      {"8", "egp"},         {"9", "igp"},        {"17", "udp"},     {"33", "dccp"}, {"41", "ipv6"},
      {"43", "ipv6-route"}, {"44", "ipv6-frag"}, {"46", "rsvp"},    {"47", "gre"},  {"50", "esp"},
      {"51", "ah"},         {"58", "ipv6-icmp"}, {"88", "eigrp"},   {"89", "ospf"}, {"103", "pim"},
      {"112", "vrrp"},      {"132", "sctp"},     {"136", "udplite"}};
  return NameOf(kTransports, number);
}

}  // namespace vedette::sources
