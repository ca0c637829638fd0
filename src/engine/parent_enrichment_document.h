// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::engine {

/// What may be laid into a document; null members are left out.
struct ParentValues {
  event::Value entity_id, pid, start, executable, name, args, args_count, command_line;
  event::Value ancestry;  ///< process.Ext.ancestry
};

/// `document` with those values that it has no value for (absent, null, [] or [null]), the rest of
/// the tree shared. Appends the dotted names of what was laid in. The document itself when there is
/// nothing to add or `process` is no object. Members lists on the way are copied into `arena`.
event::Value WithParentValues(const event::Value& document, const ParentValues& values,
                              base::Arena& arena, std::vector<std::string_view>& filled);

}  // namespace vedette::engine
