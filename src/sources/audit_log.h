// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"
#include "sources/audit_assembler.h"
#include "sources/audit_to_ecs.h"

namespace vedette::sources {

/// Reads a raw Linux audit log line by line and gives one ECS document per event.
///
/// The documents' views live in the arena of the call that delivered them. Call Flush() at the end
/// of input, or when a live log has been silent for a while. Mapping, deviations from Auditbeat and
/// bounds: docs/reference/sources/audit-log.md. Not thread-safe: one decoder per input.
class AuditLogDecoder {
 public:
  using DocumentSink = std::function<void(event::Value document)>;

  AuditLogDecoder() = default;
  explicit AuditLogDecoder(AuditEcsOptions options, AuditAssembler::Limits limits = {})
      : options_(std::move(options)), assembler_(limits) {}

  /// False when the line is not an audit record (counted).
  bool Line(std::string_view line, base::Arena& arena, const DocumentSink& sink) {
    return assembler_.Push(line,
                           [&](const AuditEvent& e) { sink(AuditToEcs(e, options_, arena)); });
  }
  void Flush(base::Arena& arena, const DocumentSink& sink) {
    assembler_.Flush([&](const AuditEvent& e) { sink(AuditToEcs(e, options_, arena)); });
  }
  const AuditAssembler::Counters& counters() const { return assembler_.counters(); }
  std::size_t open_events() const { return assembler_.open_events(); }

 private:
  AuditEcsOptions options_;
  AuditAssembler assembler_;
};

}  // namespace vedette::sources
