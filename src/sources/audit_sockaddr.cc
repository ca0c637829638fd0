// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_sockaddr.h"

#include "base/ip.h"
#include "base/json_writer.h"
#include "sources/audit_record.h"

namespace vedette::sources {
namespace {

constexpr std::uint32_t kUnix = 1;
constexpr std::uint32_t kIpv4 = 2;
constexpr std::uint32_t kIpv6 = 10;
constexpr std::uint32_t kNetlink = 16;

std::uint32_t ByteAt(const std::string& bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::string UnixPath(const std::string& bytes) {
  std::string path = bytes.substr(2);
  const bool abstract = path.size() > 1 && path.front() == '\0' && path[1] != '\0';
  if (abstract) path.front() = '@';
  if (const std::size_t nul = path.find('\0'); nul != std::string::npos) path.resize(nul);
  return base::IsValidUtf8(path) ? path : base::RepairUtf8(path);
}

}  // namespace

std::optional<AuditSocketAddress> DecodeSocketAddress(std::string_view hex) {
  const auto bytes = DecodeAuditHex(hex, true);
  if (!bytes || bytes->size() < 2) return std::nullopt;
  AuditSocketAddress result;
  const std::uint32_t low = ByteAt(*bytes, 0);
  const std::uint32_t high = ByteAt(*bytes, 1);
  result.family_number = low != 0 ? low | high << 8 : high;
  const auto read_port = [&] {
    result.port = static_cast<std::uint16_t>(ByteAt(*bytes, 2) << 8 | ByteAt(*bytes, 3));
  };
  base::IpAddress ip;
  switch (result.family_number) {
    case kUnix:
      result.family = "unix";
      result.path = UnixPath(*bytes);
      return result;
    case kIpv4:
      if (bytes->size() < 8) return std::nullopt;
      result.family = "ipv4";
      read_port();
      ip.bytes[10] = ip.bytes[11] = 0xff;
      for (std::size_t i = 0; i < 4; ++i) {
        ip.bytes[12 + i] = static_cast<std::uint8_t>(ByteAt(*bytes, 4 + i));
      }
      result.address = ip.ToString();
      return result;
    case kIpv6:
      if (bytes->size() < 24) return std::nullopt;
      result.family = "ipv6";
      read_port();
      for (std::size_t i = 0; i < 16; ++i) {
        ip.bytes[i] = static_cast<std::uint8_t>(ByteAt(*bytes, 8 + i));
      }
      result.address = ip.ToString();
      return result;
    case kNetlink:
      result.family = "netlink";
      return result;
    default:
      return result;
  }
}

}  // namespace vedette::sources
