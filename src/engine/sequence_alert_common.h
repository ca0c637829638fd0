// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::engine {

/// Bounds of what is compared; an index takes a thousand fields by default.
struct CommonFieldLimits {
  std::size_t max_fields = 16384;
  std::size_t max_path_bytes = 1024;
};

struct CommonFields {
  event::Value document;   ///< an object, perhaps empty; its parts live as long as its sources
  bool truncated = false;  ///< some event had fields past the limits: those were left out
};

/// What all documents say: a field stays when it has the same value in each. Of lists the elements
/// stay that each has, a lone value counting as a list of one; objects are entered, but those
/// inside lists are compared whole. Null is no value; an object or list that comes out empty goes.
///
/// Dotted keys and nesting mean the same; the result is spelled and ordered as in the first
/// document, and a single document is returned as it is. Of duplicate keys the first counts.
/// Numbers are equal by value, members of an object in any order.
/// Time O(fields x log fields) per document; memory: the fields of one document.
CommonFields IntersectDocuments(std::span<const event::Value> documents, base::Arena& arena,
                                const CommonFieldLimits& limits = {});

}  // namespace vedette::engine
