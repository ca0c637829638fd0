// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sources/audit_assembler.h"
#include "sources/audit_normalization.h"
#include "sources/audit_record.h"

namespace vedette::sources {

/// The records of one event in their roles. Views point into the AuditEvent, which must outlive it.
struct AuditEventView {
  explicit AuditEventView(const AuditEvent& event);

  std::vector<AuditRecord> records;
  const AuditRecord* syscall = nullptr;  ///< the SYSCALL record
  /// The record that gives the event its type when that is not SYSCALL (AVC, LOGIN, USER_LOGIN, …).
  const AuditRecord* special = nullptr;
  /// Where ids, process and result are read from: `syscall`, else `special`; null when the event
  /// has only companions such as PATH.
  const AuditRecord* head = nullptr;
  std::string_view type;  ///< of the event
  std::vector<AuditField> head_fields;
  std::vector<AuditField> special_fields;  ///< when `special` is not `head`

  /// The field of the head, else of the special record; null when absent or without a value.
  const AuditField* Find(std::string_view key) const;
  /// Its raw text, empty when absent.
  std::string_view Raw(std::string_view key) const;
  /// The name that auditd looked up for a field of the head (`auid` → AUID="alice"), empty if none.
  std::string_view NameOf(std::string_view key) const;
};

/// The name that `record`'s enriched half has for `key`, empty if none or unresolved.
std::string_view EnrichedName(const AuditRecord& record, std::string_view key);

/// Records that only complete another one (PATH, CWD, EXECVE, …) and never give an event its type.
bool IsCompanion(std::string_view type);

/// 4294967295, -1, unset: the kernel's "no id".
bool IsUnsetId(std::string_view id);

}  // namespace vedette::sources
