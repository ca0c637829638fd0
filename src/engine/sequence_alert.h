// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/alert_document.h"
#include "engine/retained_events.h"
#include "event/json_reader.h"
#include "event/value.h"
#include "rules/rule.h"

namespace vedette::engine {

/// One event of a sequence, sample or join. Views live in the caller while Write() runs.
struct SequenceAlertEvent {
  event::Value document;
  EventIdentity identity;
  std::string_view source;  ///< `vedette.source`
  base::Timestamp timestamp;
  bool has_timestamp = false;
  std::size_t item = 0;  ///< position in Match::events; missing events leave holes
};

/// The event that a Match holds, read back into `arena`. `ordinal` tells twins apart as it does in
/// IdentifyEvent(), and an event gets the identity here that it has in an event alert. Fails as
/// the reader does; `retained` must outlive the result.
base::Result<SequenceAlertEvent> ReadSequenceEvent(const RetainedEvent& retained, std::size_t item,
                                                   std::uint64_t ordinal, std::string_view source,
                                                   event::JsonReader& reader, base::Arena& arena);

struct SequenceAlertInput {
  /// At least one, in item order, missing ones left out.
  std::span<const SequenceAlertEvent> events;
  std::string_view mode = "file";  ///< `vedette.mode`
  base::Timestamp created;
};

/// One sequence as documents, each a JSON object without a line break.
struct SequenceAlert {
  struct Block {
    std::string uuid;
    std::string document;
  };
  /// Of the shell, told by its latest event: host, user, process, and `time`, the moment the
  /// sequence was complete, by which results are ordered and cut. The reason is of what all share.
  AlertSummary summary;
  std::string shell;
  std::vector<Block> blocks;  ///< in item order
};

/// Appends the documents a line each, every line ended but the last. Blocks come first: whoever
/// sees a shell can have its blocks.
void AppendLines(const SequenceAlert& alert, std::string& out);

/// Writes the alerts of one rule's sequences, samples and joins, in any dialect
/// (docs/reference/alert-document.md): per event a building block, which is the event's alert at
/// depth 1, and one shell at depth 2 over the fields that all events share
/// (IntersectDocuments()). A single present event makes a shell and one block.
///
/// The sequence is the unit: for `max_signals`, duplicates (by the shell's id), suppression and
/// actions count SequenceAlerts, never documents. Severity, risk and name are the rule's: the
/// overrides from event data do not apply to these alerts. Immutable; any thread may write.
class SequenceAlertWriter {
 public:
  explicit SequenceAlertWriter(const rules::Rule& rule);
  /// O(size of the events), and what IntersectDocuments() costs.
  SequenceAlert Write(const SequenceAlertInput& input) const;

 private:
  rules::Rule rule_;
  std::string rule_members_;
};

}  // namespace vedette::engine
