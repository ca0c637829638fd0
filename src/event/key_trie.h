// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/field_table.h"

namespace vedette::event {

/// The paths of a FieldTable as a tree by member name: node kRoot is a record, a child is what
/// stands under a key of it. An alias is entered by its source path. Immutable once built.
class KeyTrie {
 public:
  static constexpr std::uint32_t kRoot = 0;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Node {
    std::vector<std::pair<std::string, std::uint32_t>> children;  ///< ascending by name
    std::vector<FieldId> fields;                                  ///< fields whose path ends here
  };

  explicit KeyTrie(const FieldTable& table);

  /// The node under the member `key` of `node`; a key that holds dots goes one step for each part.
  /// kNone: nothing below is wanted. O(parts x log children).
  std::uint32_t Find(std::uint32_t node, std::string_view key) const;
  const Node& node(std::uint32_t index) const { return nodes_[index]; }

 private:
  std::uint32_t Child(std::uint32_t node, std::string_view part) const;
  std::vector<Node> nodes_;
};

}  // namespace vedette::event
