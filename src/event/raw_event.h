// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "event/field_table.h"

namespace vedette::event {

/// Where the JSON text of one field's value stands in its record: quotes and brackets included,
/// blanks around it not. Size 0: the record has no such field.
struct RawToken {
  std::uint32_t begin = 0;  ///< from the first byte of the record
  std::uint32_t size = 0;
};

/// A record before anything in it was decoded: its text, and for each field of a FieldTable the
/// place of its value. Views hold until the extractor that made it goes on.
struct RawEvent {
  std::string_view json;             ///< one JSON object
  std::span<const RawToken> tokens;  ///< by FieldId
  std::string_view Token(FieldId id) const {
    const RawToken& token = tokens[static_cast<std::size_t>(id)];
    return json.substr(token.begin, token.size);
  }
};

}  // namespace vedette::event
