// SPDX-License-Identifier: Apache-2.0
#include "service/ordered_event.h"

namespace vedette::service {

OrderedEvent MakeOrdered(const DecodedEvent& decoded, std::uint64_t arrival,
                         std::span<const event::FieldId> slots) {
  OrderedEvent ordered;
  ordered.timestamp = decoded.event.timestamp;
  ordered.arrival = arrival;
  ordered.source = decoded.source;
  if (decoded.tokens != nullptr) {
    ordered.json = decoded.tokens->json;
    ordered.tokens.reserve(slots.size());
    for (const event::FieldId slot : slots) {
      const event::RawToken& token = decoded.tokens->tokens[static_cast<std::size_t>(slot)];
      if (token.size != 0) ordered.tokens.push_back({slot, token});
    }
  } else {
    event::WriteJson(decoded.event.document, ordered.json);
  }
  ordered.index = decoded.event.index;
  ordered.id = decoded.event.id;
  return ordered;
}

base::Result<event::Event> ReadOrdered(const OrderedEvent& ordered, event::JsonReader& reader,
                                       base::Arena& arena) {
  const auto document = reader.Read(ordered.json, arena);
  if (!document) {
    return base::Error(
        base::ErrorCode::kInternal,
        "an event that was read before does not read again: " + document.error().message());
  }
  event::Event event;
  event.document = *document;
  event.json = ordered.json;
  event.index = ordered.index;
  event.id = ordered.id;
  event.timestamp = ordered.timestamp;
  event.has_timestamp = true;
  event.arrival = ordered.arrival;
  return event;
}

}  // namespace vedette::service
