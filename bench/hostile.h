// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vedette::bench {

/// One way to hurt: rules and events for it. Sizes are chosen so that an ordinary corpus of the
/// same bytes takes the engine a fraction of a second.
struct HostileCase {
  std::string name;
  std::string rules;   ///< API NDJSON; empty: the ordinary rules
  std::string events;  ///< NDJSON; empty: the ordinary corpus
};

/// All cases. `scale` multiplies the number (or, where size is the point, the size) of events:
/// twice the scale must take about twice the time.
std::vector<HostileCase> HostileCases(std::uint64_t seed, std::uint64_t scale);

}  // namespace vedette::bench
