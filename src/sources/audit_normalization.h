// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette::sources {

/// Words of up to three entries separated by blanks; static storage.
using AuditWords = std::string_view;

/// What an event is about; decides whether PATH records name its file.
enum class AuditObject : std::uint8_t { kOther, kFile, kSocket };

/// Where the other end of a SOCKADDR stands.
enum class AuditPeer : std::uint8_t { kNone, kSource, kDestination };

/// How a system call, or a record type of its own, is told in ECS.
struct AuditNormalization {
  std::string_view name;    ///< system call or record type
  std::string_view action;  ///< event.action
  AuditWords category;      ///< event.category
  AuditWords type;          ///< event.type
  AuditObject object = AuditObject::kOther;
  std::uint8_t path_index = 0;  ///< of the PATH record that is the file
  AuditPeer peer = AuditPeer::kNone;
};

/// Account fields of user-space records: which record fields fill which ECS user, first present one
/// wins. An empty list leaves the ECS field to the general rule (uid is the user).
struct AuditAccountFields {
  std::string_view type;
  AuditWords user;
  AuditWords effective;
  AuditWords target;
  AuditWords group;
  bool addr_is_source = false;  ///< `addr` is the remote end of the session
};

/// Null when the table does not name it. O(log table).
const AuditNormalization* NormalizeSyscall(std::string_view syscall);
const AuditNormalization* NormalizeRecordType(std::string_view type);
const AuditAccountFields* AccountFieldsOf(std::string_view type);

/// What every system call outside the table becomes: a process event of type info with an empty
/// action.
const AuditNormalization& DefaultSyscallNormalization();

}  // namespace vedette::sources
