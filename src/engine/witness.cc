// SPDX-License-Identifier: Apache-2.0
#include "engine/witness.h"

#include <algorithm>

namespace vedette::engine {

std::span<const PredicateId> Witnesses::Of(NodeId node, const ConditionTrees& trees,
                                           const Usable& usable) {
  const Found found = Find(node, trees, usable);
  return std::span(pool_).subspan(found.begin, found.count);
}

void Witnesses::Clear() {
  pool_.clear();
  known_.clear();
}

/// A literal more makes a predicate hold more often; nothing is known of the values.
double Witnesses::CostOf(PredicateId predicate) const {
  return 1.0 + 0.1 * static_cast<double>(set_->predicates()[predicate].breadth);
}

Witnesses::Found Witnesses::Find(NodeId node, const ConditionTrees& trees, const Usable& usable) {
  using Kind = ConditionTrees::Kind;
  const Kind kind = trees.kind(node);
  if (kind != Kind::kHolds && kind != Kind::kAnd && kind != Kind::kOr) return {};
  if (const auto known = known_.find(node); known != known_.end()) return known->second;
  Found found;
  if (kind == Kind::kHolds) {
    const PredicateId predicate = trees.predicate(node);
    if (usable(predicate)) {
      found = {static_cast<std::uint32_t>(pool_.size()), 1, CostOf(predicate)};
      pool_.push_back(predicate);
    }
  } else if (kind == Kind::kAnd) {
    for (const NodeId child : trees.children(node)) {
      const Found of_child = Find(child, trees, usable);
      if (of_child.count == 0) continue;
      if (found.count == 0 || of_child.cost < found.cost) found = of_child;
    }
  } else {
    std::vector<PredicateId> all;
    double cost = 0;
    for (const NodeId child : trees.children(node)) {
      const Found of_child = Find(child, trees, usable);
      if (of_child.count == 0) {
        all.clear();
        break;
      }
      cost += of_child.cost;
      all.insert(all.end(), pool_.begin() + of_child.begin,
                 pool_.begin() + of_child.begin + of_child.count);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (!all.empty()) {
      found = {static_cast<std::uint32_t>(pool_.size()), static_cast<std::uint32_t>(all.size()),
               cost};
      pool_.insert(pool_.end(), all.begin(), all.end());
    }
  }
  known_.emplace(node, found);
  return found;
}

}  // namespace vedette::engine
