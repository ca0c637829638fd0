// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace vedette::engine {

/// One comparison of one field (or, rarely, of several), shared by all conditions that make it.
using PredicateId = std::uint32_t;
/// A condition over predicates, in negation normal form.
using NodeId = std::uint32_t;

/// Conditions as trees of `and`, `or` and predicates that hold or do not: equal trees are one node
/// (hash-consed), nested `and` and `or` are flat, constants are gone. Grows; nodes never change.
/// One thread, but any thread may read a copy.
class ConditionTrees {
 public:
  static constexpr NodeId kTrue = 0;
  static constexpr NodeId kFalse = 1;
  enum class Kind : std::uint8_t { kTrue, kFalse, kHolds, kFails, kAnd, kOr };

  ConditionTrees();
  NodeId Predicate(PredicateId predicate, bool holds);
  /// Takes `children` apart: order and duplicates do not matter.
  NodeId And(std::vector<NodeId>& children) { return Combine(Kind::kAnd, children); }
  NodeId Or(std::vector<NodeId>& children) { return Combine(Kind::kOr, children); }

  Kind kind(NodeId node) const { return nodes_[node].kind; }
  PredicateId predicate(NodeId node) const { return nodes_[node].first; }
  std::span<const NodeId> children(NodeId node) const {
    return {children_.data() + nodes_[node].first, nodes_[node].count};
  }
  std::size_t size() const { return nodes_.size(); }
  std::size_t bytes() const {
    return nodes_.size() * (sizeof(Node) + 24) + children_.size() * sizeof(NodeId);
  }

  /// Room of one caller for Assign().
  struct AssignScratch {
    std::vector<std::uint64_t> known;  ///< by node: number of the run, and the result
    std::uint32_t run = 0;
    void Begin() { ++run; }
  };
  /// What is left of `node` when some predicates are known. `truth(p)` gives 1 (holds), 0 (fails)
  /// or -1 (not known). Between two Begin() of `scratch` `truth` must not change its mind.
  template <class TruthOf>
  NodeId Assign(NodeId node, const TruthOf& truth, AssignScratch& scratch);

 private:
  struct Node {
    Kind kind;
    std::uint32_t first = 0;  ///< predicate, or place of the first child
    std::uint32_t count = 0;
  };
  NodeId Combine(Kind kind, std::vector<NodeId>& children);
  NodeId Intern(Kind kind, std::span<const NodeId> children, PredicateId predicate);

  std::vector<Node> nodes_;
  std::vector<NodeId> children_;
  std::unordered_multimap<std::uint64_t, NodeId> by_hash_;
};

template <class TruthOf>
NodeId ConditionTrees::Assign(NodeId node, const TruthOf& truth, AssignScratch& scratch) {
  const Node it = nodes_[node];
  if (it.kind == Kind::kTrue || it.kind == Kind::kFalse) return node;
  if (it.kind == Kind::kHolds || it.kind == Kind::kFails) {
    const int known = truth(it.first);
    if (known < 0) return node;
    return (known == 1) == (it.kind == Kind::kHolds) ? kTrue : kFalse;
  }
  if (scratch.known.size() <= node) scratch.known.resize(nodes_.size() + nodes_.size() / 2, 0);
  const std::uint64_t seen = scratch.known[node];
  if (seen >> 32U == scratch.run) return static_cast<NodeId>(seen);
  const NodeId decisive = it.kind == Kind::kAnd ? kFalse : kTrue;
  const NodeId neutral = it.kind == Kind::kAnd ? kTrue : kFalse;
  NodeId result = node;
  bool changed = false;
  std::vector<NodeId> left;
  for (std::uint32_t i = 0; i < it.count; ++i) {
    const NodeId child = children_[it.first + i];
    const NodeId now = Assign(child, truth, scratch);
    if (now == decisive) {
      result = decisive;
      changed = false;
      left.clear();
      break;
    }
    if (now != child && !changed) {
      changed = true;
      left.assign(children_.begin() + it.first, children_.begin() + it.first + i);
    }
    if (changed && now != neutral) left.push_back(now);
  }
  if (changed) result = Combine(it.kind, left);
  if (scratch.known.size() <= node) scratch.known.resize(nodes_.size() + nodes_.size() / 2, 0);
  scratch.known[node] = std::uint64_t{scratch.run} << 32U | result;
  return result;
}

}  // namespace vedette::engine
