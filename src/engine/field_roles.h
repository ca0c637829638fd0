// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/condition_set.h"
#include "event/field_table.h"

namespace vedette::engine {

/// What is known of a field before the first event: from its name and mapping in the Elastic Common
/// Schema. A matcher corrects it by what it sees.
FieldRole InitialRole(const event::FieldTable::Entry& entry);

}  // namespace vedette::engine
