// SPDX-License-Identifier: Apache-2.0
#include "engine/condition_tree.h"

#include <algorithm>

namespace vedette::engine {
namespace {

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29U);
}

}  // namespace

ConditionTrees::ConditionTrees() { nodes_ = {{Kind::kTrue}, {Kind::kFalse}}; }

NodeId ConditionTrees::Predicate(PredicateId predicate, bool holds) {
  return Intern(holds ? Kind::kHolds : Kind::kFails, {}, predicate);
}

NodeId ConditionTrees::Combine(Kind kind, std::vector<NodeId>& children) {
  const NodeId decisive = kind == Kind::kAnd ? kFalse : kTrue;
  const NodeId neutral = kind == Kind::kAnd ? kTrue : kFalse;
  std::vector<NodeId> flat;
  flat.reserve(children.size());
  for (const NodeId child : children) {
    if (child == decisive) return decisive;
    if (child == neutral) continue;
    if (nodes_[child].kind == kind) {
      const auto inner = this->children(child);
      flat.insert(flat.end(), inner.begin(), inner.end());
    } else {
      flat.push_back(child);
    }
  }
  std::sort(flat.begin(), flat.end());
  flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
  if (flat.empty()) return neutral;
  return flat.size() == 1 ? flat.front() : Intern(kind, flat, 0);
}

NodeId ConditionTrees::Intern(Kind kind, std::span<const NodeId> children, PredicateId predicate) {
  std::uint64_t hash = Mix(static_cast<std::uint64_t>(kind) + 1, predicate);
  for (const NodeId child : children) hash = Mix(hash, child);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto at = first; at != last; ++at) {
    const Node& node = nodes_[at->second];
    if (node.kind != kind) continue;
    const bool leaf = kind == Kind::kHolds || kind == Kind::kFails;
    if (leaf ? node.first == predicate : std::ranges::equal(this->children(at->second), children)) {
      return at->second;
    }
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  if (children.empty()) {
    nodes_.push_back({kind, predicate, 0});
  } else {
    nodes_.push_back({kind, static_cast<std::uint32_t>(children_.size()),
                      static_cast<std::uint32_t>(children.size())});
    // `children` may be a view of our own: none of the callers passes one.
    children_.insert(children_.end(), children.begin(), children.end());
  }
  by_hash_.emplace(hash, id);
  return id;
}

}  // namespace vedette::engine
