// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.h"

namespace vedette::engine {

/// What a record says happened to the process it is about.
enum class ProcessChange : std::uint8_t {
  kOther,    ///< it was alive and did something: a file, a connection, a failed exec
  kFork,     ///< it came into being as a copy of its parent
  kExec,     ///< it runs another image; it may also be the first that is heard of it
  kStart,    ///< it came into being with the image given
  kRunning,  ///< it was there when the watching began
  kExit,
};

/// The image of a process. Absent texts are empty; a text that is there is whole.
struct ProcessProperties {
  std::string_view executable;
  std::string_view name;
  std::string_view command_line;
  std::span<const std::string_view> args;
  bool has_args = false;
  std::int64_t args_count = -1;  ///< as the source says; -1: it does not

  bool empty() const {
    return executable.empty() && name.empty() && command_line.empty() && !has_args;
  }
};

/// A process as a record names it.
struct ProcessReference {
  std::string_view entity_id;
  std::optional<std::uint32_t> pid;
  std::optional<base::Timestamp> start;  ///< only when the record states it
  ProcessProperties properties;

  bool named() const { return !entity_id.empty() || pid.has_value(); }
};

/// One record's news for the tree. All views are the caller's and are copied where kept.
struct ProcessObservation {
  std::string_view host;     ///< what tells hosts apart; empty is the one anonymous host
  std::string_view boot_id;  ///< empty when the record does not say
  std::optional<base::Timestamp> time;
  ProcessChange change = ProcessChange::kOther;
  bool exits = false;  ///< the record also tells the end of the process (aggregates)
  bool boots = false;  ///< the host has just booted; the rest is not read
  ProcessReference process;
  ProcessReference parent;
  /// The process forked and got this pid back. It is believed once a record of that pid names this
  /// process as its parent: the number is of the caller's pid namespace.
  std::optional<std::uint32_t> forked_pid;
};

}  // namespace vedette::engine
