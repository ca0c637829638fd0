// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette::sources {

/// Name of the `arch=` value (`c000003e` is x86_64); empty when unknown.
std::string_view AuditArchName(std::string_view hex);

/// Name of a system call; `arch` as AuditArchName gives it. Empty when the architecture has no
/// table here or the number is not in it.
std::string_view AuditSyscallName(std::string_view arch, std::uint32_t number);

/// `ENOENT` for 2, the kernel's internal restart codes included; empty when unknown.
std::string_view AuditErrnoName(int number);

}  // namespace vedette::sources
