// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/process_relations.h"
#include "engine/rule_conditions.h"
#include "event/json_reader.h"
#include "event/raw_event.h"
#include "service/record_decoder.h"
#include "sources/decoder.h"

namespace vedette::service {

/// An event on its way to the rules that need order: owned, and small compared to what it was cut
/// from, for only events that some rule may need come this far.
struct OrderedEvent {
  base::Timestamp timestamp;
  std::string tiebreaker;     ///< second criterion, compared as bytes; empty where none is in use
  std::uint64_t arrival = 0;  ///< ordinal in the input; last criterion of the order
  sources::SourceId source = sources::SourceId::kUnknown;
  std::string json;
  std::string index;
  std::string id;
  std::vector<engine::StageHit> hits;  ///< rules with state, and items, for which it may matter
  /// Of rules that follow processes; `json` is empty when an event matters for these alone.
  std::optional<engine::ProcessFacts> facts;
  /// Where in `json` the values lie that rules with state read; empty: read it whole.
  struct Token {
    event::FieldId field{};
    event::RawToken token;
  };
  std::vector<Token> tokens;
  bool enrich = false;  ///< its rules are asked only after it got what earlier events know

  std::size_t bytes() const {
    return sizeof(OrderedEvent) + json.size() + tiebreaker.size() + index.size() + id.size() +
           hits.size() * sizeof(engine::StageHit) + tokens.size() * sizeof(Token);
  }
  bool Before(const OrderedEvent& other) const {
    if (timestamp != other.timestamp) return timestamp < other.timestamp;
    const int compared = tiebreaker.compare(other.tiebreaker);
    return compared != 0 ? compared < 0 : arrival < other.arrival;
  }
};

/// Copies what must outlive the batch; of an event that was not read only the slots in `slots`.
OrderedEvent MakeOrdered(const DecodedEvent& decoded, std::uint64_t arrival,
                         std::span<const event::FieldId> slots = {});
/// The event again, without slots; views of `ordered` and `arena`. kInternal if it does not read.
base::Result<event::Event> ReadOrdered(const OrderedEvent& ordered, event::JsonReader& reader,
                                       base::Arena& arena);

}  // namespace vedette::service
