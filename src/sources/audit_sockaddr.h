// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vedette::sources {

/// What `saddr=` of a SOCKADDR record says.
struct AuditSocketAddress {
  std::string_view family;  ///< ipv4, ipv6, unix, netlink; empty: some other family
  std::uint32_t family_number = 0;
  std::string address;  ///< canonical text of an IP address
  std::string path;     ///< unix: path, or abstract name with a leading `@`
  std::optional<std::uint16_t> port;
};

/// Empty when it is not hex or too short for its family. The family is in the byte order of the
/// host that wrote it; both orders are understood, since no family in use exceeds 255.
std::optional<AuditSocketAddress> DecodeSocketAddress(std::string_view hex);

}  // namespace vedette::sources
