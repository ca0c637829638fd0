// SPDX-License-Identifier: Apache-2.0
// Observations for the tests of the process tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/process_tree.h"

namespace vedette::engine {

using Change = ProcessChange;

/// A record of process `pid` at `second`, to be refined member by member.
inline ProcessObservation At(int second, Change change, std::uint32_t pid,
                             std::optional<std::uint32_t> parent = std::nullopt,
                             std::string_view executable = {}) {
  ProcessObservation seen;
  seen.host = "h";
  seen.time = base::Timestamp{std::int64_t{second} * 1'000'000'000};
  seen.change = change;
  seen.process.pid = pid;
  seen.parent.pid = parent;
  seen.process.properties.executable = executable;
  return seen;
}

inline ProcessObservation Entity(int second, Change change, std::string_view id, std::uint32_t pid,
                                 std::string_view parent = {}, std::string_view executable = {}) {
  ProcessObservation seen = At(second, change, pid, std::nullopt, executable);
  seen.process.entity_id = id;
  seen.parent.entity_id = parent;
  return seen;
}

/// Repeatable runs.
inline ProcessTreeOptions Fixed() {
  ProcessTreeOptions options;
  options.hash_seed = 1;
  return options;
}

}  // namespace vedette::engine
