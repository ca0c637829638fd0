// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "event/field_table.h"
#include "event/value.h"

namespace vedette::event {

/// One observation. All views live as long as the arena of its batch.
struct Event {
  std::span<const Value> slots;  ///< by FieldId of the FieldTable it was projected with
  Value document;                ///< the whole ECS document as a tree, kNull until asked for
  std::string_view json;         ///< the ECS document's bytes
  std::string_view index;        ///< `_index` of a hit, else empty
  std::string_view id;           ///< `_id` of a hit, else empty
  base::Timestamp timestamp;
  bool has_timestamp = false;
  std::uint64_t arrival = 0;  ///< ordinal in its input; last criterion of the event order

  const Value& Get(FieldId id_) const { return slots[static_cast<std::size_t>(id_)]; }
};

/// Lays the fields of a document tree into slots (rules of Shape). Dotted keys and nesting mean the
/// same; duplicate keys add their values up. Cost O(document members x log keys), no allocation but
/// the arena.
class Projector {
 public:
  explicit Projector(const FieldTable& table);
  std::span<const Value> Project(const Value& document, base::Arena& arena) const;
  /// The slot of `id` when `value` is all that stands at its path, as Project() would fill it: for
  /// a caller that has taken the value of one field out of a record. `value` is a member's value:
  /// what was found in an array of objects on the way is Project()'s to add up. O(size of `value`).
  Value Lay(FieldId id, const Value& value, base::Arena& arena) const;

 private:
  struct Node {
    std::map<std::string, std::uint32_t, std::less<>> children;  ///< next path part -> node
    std::vector<std::uint32_t> slots;                            ///< slots that end here
  };
  struct Collector;
  void Walk(const Value& value, std::uint32_t node, Collector& out) const;
  void Descend(std::string_view key, const Value& value, std::uint32_t node, Collector& out) const;
  void WalkElement(const Value& element, std::uint32_t node, Collector& out) const;
  const FieldTable* table_;
  std::vector<Node> nodes_;
};

}  // namespace vedette::event
