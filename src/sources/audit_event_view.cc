// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_event_view.h"

#include <algorithm>
#include <array>

namespace vedette::sources {
namespace {

/// Real records stay below 40 fields; this only stops a hostile line.
constexpr std::size_t kMaxFields = 256;

constexpr std::array<std::string_view, 13> kCompanions{
    "BPRM_FCAPS", "CAPSET",  "CWD",  "EXECVE",    "FD_PAIR",  "IPC",       "IPC_SET_PERM",
    "MMAP",       "OBJ_PID", "PATH", "PROCTITLE", "SOCKADDR", "SOCKETCALL"};

std::vector<AuditField> FieldsOf(const AuditRecord& record) {
  std::vector<AuditField> fields;
  ForEachAuditField(record.body, [&](const AuditField& field) {
    if (fields.size() < kMaxFields) fields.push_back(field);
  });
  return fields;
}

const AuditField* FindIn(const std::vector<AuditField>& fields, std::string_view key) {
  const auto at = std::ranges::find_if(
      fields, [&](const AuditField& field) { return field.key == key && field.HasValue(); });
  return at == fields.end() ? nullptr : &*at;
}

bool EqualsUpper(std::string_view upper, std::string_view key) {
  return std::ranges::equal(upper, key, [](char u, char k) {
    return u == (k >= 'a' && k <= 'z' ? static_cast<char>(k - 'a' + 'A') : k);
  });
}

}  // namespace

AuditEventView::AuditEventView(const AuditEvent& event) {
  records.reserve(event.lines.size());
  for (const std::string& line : event.lines) {
    if (auto record = ParseAuditLine(line)) records.push_back(*record);
  }
  for (const AuditRecord& record : records) {
    if (record.type == "SYSCALL") {
      if (syscall == nullptr) syscall = &record;
    } else if (special == nullptr && syscall == nullptr && !IsCompanion(record.type)) {
      special = &record;
    }
  }
  head = syscall != nullptr ? syscall : special;
  if (head != nullptr) head_fields = FieldsOf(*head);
  if (special != nullptr && special != head) special_fields = FieldsOf(*special);
  if (special != nullptr) {
    type = special->type;
  } else if (head != nullptr) {
    type = head->type;
  } else if (!records.empty()) {
    type = records.front().type;
  }
}

const AuditField* AuditEventView::Find(std::string_view key) const {
  const AuditField* field = FindIn(head_fields, key);
  return field != nullptr ? field : FindIn(special_fields, key);
}

std::string_view AuditEventView::Raw(std::string_view key) const {
  const AuditField* field = Find(key);
  return field == nullptr ? std::string_view() : field->value;
}

std::string_view AuditEventView::NameOf(std::string_view key) const {
  return head == nullptr ? std::string_view() : EnrichedName(*head, key);
}

std::string_view EnrichedName(const AuditRecord& record, std::string_view key) {
  std::string_view name;
  ForEachAuditField(record.enriched, [&](const AuditField& field) {
    if (name.empty() && field.HasValue() && EqualsUpper(field.key, key)) name = field.value;
  });
  // auditd writes these when it could not look the id up.
  return IsUnsetId(name) || name.starts_with("unknown(") ? std::string_view() : name;
}

bool IsCompanion(std::string_view type) {
  return std::ranges::find(kCompanions, type) != kCompanions.end();
}

bool IsUnsetId(std::string_view id) { return id == "4294967295" || id == "-1" || id == "unset"; }

}  // namespace vedette::sources
