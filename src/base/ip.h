// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vedette::base {

/// An IPv4 or IPv6 address as 16 bytes; IPv4 is kept as its mapped form ::ffff:a.b.c.d, so the two
/// spellings compare equal.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const IpAddress&) const = default;
  bool IsV4() const;
  /// Canonical text (RFC 5952; dotted quad for IPv4).
  std::string ToString() const;
};

/// A block `address/prefix`; host bits may be set and are ignored.
struct CidrBlock {
  IpAddress address;
  int prefix_bits = 128;  ///< 0..128, counted on the 16-byte form
  bool Contains(const IpAddress& ip) const;
};

std::optional<IpAddress> ParseIp(std::string_view text);
std::optional<CidrBlock> ParseCidr(std::string_view text);

}  // namespace vedette::base
