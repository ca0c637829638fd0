// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/event_flags.h"
#include "cli/rules_subcommands.h"

namespace vedette::cli {

/// `vedette rules explain RULE EVENTS…`, as typed.
struct ExplainEventsFlags : RuleFlags {
  EventFlags events;
  std::vector<std::string> words;  ///< the rule, then EVENTS
  std::int64_t limit = 10;
  bool all = false;
  std::string enrich = "auto";
};

/// Returns the exit code.
int RunExplainEvents(const ExplainEventsFlags& flags, const Session& session);

}  // namespace vedette::cli
