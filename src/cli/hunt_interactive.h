// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/hunt_session.h"

namespace vedette::cli {

/// Queries one after the other, from a terminal with history and completion or line by line from a
/// pipe. Returns the exit code: that of the worst query in a pipe, 0 on a terminal.
int RunHuntInteractive(const HuntSession& session, bool on_terminal);

}  // namespace vedette::cli
