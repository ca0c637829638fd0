// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/alert_document.h"

namespace vedette::engine {

/// Ids of the alerts that one sequence makes: of its blocks in item order, and of its shell.
struct SequenceAlertIds {
  std::vector<std::string> blocks;
  std::string shell;
};

/// Derived as the reference product does, from nothing but the events (missing ones left out) and
/// the rule: replays, overlapping runs and other machines give the same ids. A block's is SHA-256
/// over index and id of all events, the rule's after each, and the block's number; the shell's is
/// over id and index of everything below it, blocks included, and the rule's. O(events) hashes.
SequenceAlertIds SequenceAlertUuids(std::span<const EventIdentity> events,
                                    std::string_view rule_uuid);

}  // namespace vedette::engine
