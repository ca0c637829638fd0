// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "engine/random_query.h"

namespace vedette::engine {

/// TEST SIDE ONLY. The smallest case that can be reached from `one` by leaving out events, members
/// of events, items, clauses and parts of conditions while `differs` stays true. At most
/// `max_attempts` calls.
RandomCase Shrink(RandomCase one, const std::function<bool(const RandomCase&)>& differs,
                  std::size_t max_attempts = 4000);

}  // namespace vedette::engine
