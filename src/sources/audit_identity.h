// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sources/audit_document.h"
#include "sources/audit_event_view.h"

namespace vedette::sources {

/// Fills `user.*`, `group.*` and `auditd.user.*` from the ids of the event and the names that
/// auditd looked up.
void SetAuditUsers(const AuditEventView& view, AuditDocument& document);

/// Fills `file.*`, `auditd.file.*` and `auditd.paths` from the PATH records. `cwd` joins relative
/// names when not empty.
void SetAuditPaths(const AuditEventView& view, const AuditNormalization* normalization,
                   std::string_view cwd, AuditDocument& document);

}  // namespace vedette::sources
