// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::sources {

/// One record out of whatever container it came in. Views live as long as the parsed tree.
struct UnwrappedRecord {
  event::Value document;   ///< an object; keys may still be dotted
  std::string_view index;  ///< `_index` of the hit, else empty
  std::string_view id;     ///< `_id` of the hit, else empty
};

struct UnwrapLimits {
  std::size_t max_records = 1'000'000;  ///< out of one tree; a response window is 10,000 by default
  std::size_t max_depth = 6;            ///< containers within containers
};

/// What one tree held.
struct UnwrapCount {
  std::size_t records = 0;
  std::size_t not_objects = 0;  ///< elements that cannot be records: numbers, texts, …
  bool limit_reached = false;   ///< the rest was left out
};

/// Delivers every record in one parsed JSON text, in order: a plain document; a hit with `_source`;
/// a hit of a `fields` request (arrays of one become their element); a `_search` response; an
/// `_msearch` response; an array of any of these.
///
/// Only objects and arrays are opened. A text that happens to hold JSON (`event.original`,
/// `message`) is never looked into. `arena` takes what a `fields` hit must rebuild.
UnwrapCount UnwrapRecords(const event::Value& tree, base::Arena& arena,
                          const std::function<void(const UnwrappedRecord&)>& deliver,
                          const UnwrapLimits& limits = {});

}  // namespace vedette::sources
