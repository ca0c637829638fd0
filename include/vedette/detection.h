// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vedette {

/// Nanoseconds since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What an engine found: a rule, and the event or events it fired on.
///
/// Lives, with all views it gives, until the callback returns. Free of cost to look at, but for
/// event_ids(), which reads the document.
class Detection {
 public:
  Detection(const Detection&) = delete;
  Detection& operator=(const Detection&) = delete;

  /// Number in the RuleSet.
  std::size_t rule() const noexcept;
  std::string_view rule_id() const noexcept;
  /// With name, severity and score as the event may override them (`rule_name_override`, …).
  std::string_view rule_name() const noexcept;
  std::string_view severity() const noexcept;
  std::int64_t risk_score() const noexcept;

  /// The event's own time; of a sequence, when it was complete. Empty when it has none.
  std::optional<Time> time() const noexcept;
  /// The source that the event was recognised as: `elastic_defend`, `audit_log`, `unknown`, …
  std::string_view source() const noexcept;
  /// Ids of the events: their document id, else `agent.id:event.id`, else a hash of their bytes. In
  /// item order for a sequence. O(size of the document).
  std::vector<std::string> event_ids() const;

  /// The alert document: one JSON object without a line break, byte for byte what `vedette scan -f
  /// ndjson` writes (docs/reference/alert-document.md). Empty for a lone match (Output::kMatches).
  std::string_view document() const noexcept;
  /// Of a sequence, sample or join: a document for each event, in item order. `vedette scan` writes
  /// them, a line each, before document().
  std::size_t building_block_count() const noexcept;
  std::string_view building_block(std::size_t block) const noexcept;
  /// `kibana.alert.uuid`, the same whenever and wherever the rule meets the events again. Empty
  /// without a document, as is the reason.
  std::string_view alert_id() const noexcept;
  /// One sentence for people.
  std::string_view reason() const noexcept;

  /// The bytes of the record, as they were fed. Only of a lone match, else empty.
  std::string_view event() const noexcept;

 private:
  friend class DetectionMaker;
  struct Impl;
  explicit Detection(const Impl& impl) noexcept : impl_(impl) {}
  const Impl& impl_;
};

}  // namespace vedette
