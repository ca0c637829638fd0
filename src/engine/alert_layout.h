// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "event/value.h"

namespace vedette::engine {

/// One entry of `kibana.alert.ancestors`.
struct AlertAncestor {
  std::string id;
  std::string index;
  std::int64_t depth = 0;  ///< 0: an event; else an alert, made by `rule_uuid`
  std::string rule_uuid;
};

/// What an alert document says, whichever kind of alert it is. Views: everything lives in the
/// writer that fills this in.
struct AlertContent {
  event::Value document;  ///< event fields to copy
  std::string_view uuid;
  base::Timestamp created;
  base::Timestamp last_detected;
  base::Timestamp original_time;
  std::string_view reason;
  std::string_view severity;
  std::int64_t risk_score = 0;
  std::int64_t depth = 1;
  std::string_view building_block_type;    ///< empty: not a building block
  std::string_view group_id;               ///< empty: not of a sequence
  std::optional<std::size_t> group_index;  ///< of a sequence's block
  std::span<const AlertAncestor> ancestors;
  std::string_view rule_name;
  std::string_view rule_uuid;
  std::string_view rule_members;  ///< AlertRuleMembers(), pasted
  std::string_view mode;
  std::span<const std::string_view> sources;  ///< one is written as text, several as a list
  std::string_view vedette_members;           ///< more of `vedette`: `"name":…,…`, pasted
};

/// Appends the document as one JSON object without a line break: the event's fields, then
/// `kibana.alert.*`, then `vedette.*`. Leaves out names by which an event could forge an alert's
/// status, and values that do not fit the schema, which it names in `vedette.dropped_fields`.
/// O(size of the document).
void LayOutAlert(const AlertContent& content, std::string& out);

}  // namespace vedette::engine
