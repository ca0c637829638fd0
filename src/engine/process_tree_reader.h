// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arena.h"
#include "engine/process_tree_observation.h"
#include "event/event.h"

namespace vedette::engine {

/// What an ECS document of any source says about processes. The document tree decides
/// (`event.document`), whether its keys are nested or dotted; slots are not read.
///
/// Lifecycle is read from event.action and event.type of records whose event.category contains
/// process (docs/explanation/process-tree.md lists the words); a failed exec changes nothing, and
/// what Auditd records as type `start` or `end` is believed only for execve and exit_group, since
/// killers and sudo are logged so too. Anything else that names a process is a sign of life.
/// Hosts are told apart by host.id, else host.name, host.hostname, observer.serial_number (older
/// FDR), agent.id.
///
/// Views live as long as the document and `arena`. A missing or unfit field is absent; more than
/// 4,096 arguments are treated as not given. O(members on the way to about 30 paths).
ProcessObservation ReadProcessObservation(const event::Event& event, base::Arena& arena);

}  // namespace vedette::engine
