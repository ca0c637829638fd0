// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/arena.h"
#include "event/value.h"
#include "sources/audit_assembler.h"

namespace vedette::sources {

struct AuditEcsOptions {
  std::string host_name;  ///< of logs without `node=`; empty leaves host.name out
  /// host.id of logs without `node=`: any constant will do, it lets sequences join `by host.id`.
  std::string host_id = "audit-log";
  /// Join a relative PATH name with the working directory. Off, because Auditbeat keeps it as the
  /// call gave it.
  bool join_relative_paths = false;
};

/// The ECS document of one event; all its views live in `arena`. Never fails: what a record lacks,
/// the document lacks. O(bytes of the event).
event::Value AuditToEcs(const AuditEvent& event, const AuditEcsOptions& options,
                        base::Arena& arena);

}  // namespace vedette::sources
