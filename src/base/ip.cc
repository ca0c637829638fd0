// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace vedette::base {
namespace {
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
}

bool IpAddress::IsV4() const {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (IsV4()) {
    inet_ntop(AF_INET, bytes.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  }
  return text;
}

std::optional<IpAddress> ParseIp(std::string_view text) {
  // inet_pton wants a terminator; no valid address is longer than this.
  char buffer[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof buffer) return std::nullopt;
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  IpAddress ip;
  if (inet_pton(AF_INET, buffer, ip.bytes.data() + 12) == 1) {
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), ip.bytes.begin());
    return ip;
  }
  if (inet_pton(AF_INET6, buffer, ip.bytes.data()) == 1) return ip;
  return std::nullopt;
}

std::optional<CidrBlock> ParseCidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view address = text.substr(0, slash);
  const std::string_view digits = text.substr(slash + 1);
  const auto ip = ParseIp(address);
  if (!ip || digits.empty() || digits[0] == '-') return std::nullopt;
  int bits = 0;
  const auto [p, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (ec != std::errc() || p != digits.data() + digits.size()) return std::nullopt;
  const bool dotted = address.find(':') == std::string_view::npos;
  if (bits > (dotted ? 32 : 128)) return std::nullopt;
  return CidrBlock{*ip, dotted ? bits + 96 : bits};
}

bool CidrBlock::Contains(const IpAddress& ip) const {
  const auto whole = static_cast<std::size_t>(prefix_bits / 8);
  if (!std::equal(ip.bytes.begin(), ip.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  const int rest = prefix_bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned>(0xFF00 >> rest) & 0xFFU;
  return (ip.bytes[whole] & mask) == (address.bytes[whole] & mask);
}

}  // namespace vedette::base
