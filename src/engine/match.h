// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/retained_events.h"

namespace vedette::engine {

/// One result of a query: an event, or the events of a sequence, sample or join in item order.
struct Match {
  std::vector<EventHandle> events;  ///< an empty handle stands for a missing item
  std::string join_keys;            ///< JSON array of the key values, empty for event queries
  /// Results are ordered by the position of their last event, then by serial.
  std::uint64_t last_position = 0;
  std::uint64_t serial = 0;
  /// Number in `events` of the last event in the event order: the one an alert is about.
  std::size_t anchor = 0;
};

}  // namespace vedette::engine
