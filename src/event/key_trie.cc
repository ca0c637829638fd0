// SPDX-License-Identifier: Apache-2.0
#include "event/key_trie.h"

#include <algorithm>

namespace vedette::event {
namespace {

const auto kByName = [](const std::pair<std::string, std::uint32_t>& child, std::string_view name) {
  return child.first < name;
};

}  // namespace

KeyTrie::KeyTrie(const FieldTable& table) : nodes_(1) {
  for (std::uint32_t slot = 0; slot < table.size(); ++slot) {
    std::string_view rest = table.entry(FieldId{slot}).source_path;
    std::uint32_t node = kRoot;
    for (bool more = true; more;) {
      const std::size_t dot = rest.find('.');
      const std::string_view part = rest.substr(0, dot);
      std::uint32_t child = Child(node, part);
      if (child == kNone) {
        child = static_cast<std::uint32_t>(nodes_.size());
        auto& children = nodes_[node].children;
        const auto at = std::lower_bound(children.begin(), children.end(), part, kByName);
        children.emplace(at, std::string(part), child);
        nodes_.emplace_back();
      }
      node = child;
      more = dot != std::string_view::npos;
      if (more) rest.remove_prefix(dot + 1);
    }
    nodes_[node].fields.push_back(FieldId{slot});
  }
}

std::uint32_t KeyTrie::Child(std::uint32_t node, std::string_view part) const {
  const auto& children = nodes_[node].children;
  const auto at = std::lower_bound(children.begin(), children.end(), part, kByName);
  return at != children.end() && at->first == part ? at->second : kNone;
}

std::uint32_t KeyTrie::Find(std::uint32_t node, std::string_view key) const {
  while (true) {
    const std::size_t dot = key.find('.');
    node = Child(node, key.substr(0, dot));
    if (node == kNone || dot == std::string_view::npos) return node;
    key.remove_prefix(dot + 1);
  }
}

}  // namespace vedette::event
