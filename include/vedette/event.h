// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette {

/// One event that the caller has as JSON already. Views hold for the call that takes it.
struct Event {
  std::string_view json;   ///< an ECS document, a vendor's record, or a hit with `_source`
  std::string_view index;  ///< the index it lies in; empty: what the record says
  std::string_view id;     ///< its document id there; empty: what the record says
};

/// A record that could not be read. Views hold until the callback returns.
struct Rejection {
  std::string_view code;    ///< `bad_json`, `too_long`, … (docs/reference/input-formats.md)
  std::string_view reason;  ///< a sentence
  std::string_view bytes;   ///< the record, or its beginning when it is too long
  std::uint64_t line = 0;   ///< 1-based, where it begins in its input; 0 for an Event
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  ///< in bytes
};

}  // namespace vedette
