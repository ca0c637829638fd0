// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "sources/decoder.h"

namespace vedette::service {

/// An event on its way to the rules that need order: owned, and small compared to what it was cut
/// from, for only events that some rule may need come this far.
struct OrderedEvent {
  base::Timestamp timestamp;
  std::uint64_t arrival = 0;  ///< ordinal in the input; last criterion of the order
  sources::SourceId source = sources::SourceId::kUnknown;
  std::string json;
  std::string index;
  std::string id;
  std::vector<std::uint32_t> rules;  ///< for which it may matter

  std::size_t bytes() const {
    return sizeof(OrderedEvent) + json.size() + index.size() + id.size() +
           rules.size() * sizeof(std::uint32_t);
  }
  bool Before(const OrderedEvent& other) const {
    return timestamp != other.timestamp ? timestamp < other.timestamp : arrival < other.arrival;
  }
};

}  // namespace vedette::service
