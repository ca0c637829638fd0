// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_alert_identity.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace vedette::engine {

SequenceAlertIds SequenceAlertUuids(std::span<const EventIdentity> events,
                                    std::string_view rule_uuid) {
  std::string base;
  for (const EventIdentity& event : events) {
    base += event.id;
    base += event.index;
    base += rule_uuid;
  }
  SequenceAlertIds ids;
  std::string below;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ids.blocks.push_back(base::Sha256Hex(fmt::format("{}{}", base, i)));
    below += events[i].id;
    below += events[i].index;
    // The index of a block is not known before it is stored: an empty text stands for it.
    below += ids.blocks.back();
  }
  below += rule_uuid;
  ids.shell = base::Sha256Hex(below);
  return ids;
}

}  // namespace vedette::engine
