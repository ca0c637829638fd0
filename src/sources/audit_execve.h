// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sources/audit_record.h"

namespace vedette::sources {

/// The argument list of an execve, put together from all EXECVE records of an event.
struct AuditArguments {
  std::vector<std::string> values;
  std::optional<std::uint64_t>
      argc;  ///< as the kernel counted; may exceed values.size() when records are lost
  bool truncated = false;  ///< something is known, or must be feared, to be missing
};

/// Pieces `aN[i]` are joined in index order and decoded once. Empty arguments are kept. `aN_len` is
/// ignored (kernels disagree on whether it counts bytes or hex digits). `ended`: the event's EOE
/// was seen. Without it a split argument whose record is the event's last may lack further pieces,
/// so it counts as truncated. O(pieces log pieces).
AuditArguments CollectAuditArguments(std::span<const AuditRecord> records, bool ended);

}  // namespace vedette::sources
