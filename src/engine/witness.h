// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/condition_set.h"
#include "engine/condition_tree.h"

namespace vedette::engine {

/// Predicates of which at least one must hold for a tree to hold.
///
/// A negated predicate is no witness, nor is one that only the evaluator decides. Of a conjunction
/// the witness of the part that is expected to hold least often; of a disjunction the witnesses of
/// all parts, if all have one. After the necessary conditions of percolators (Luwak) and of
/// RSigma's index. Kept by node; one thread.
class Witnesses {
 public:
  explicit Witnesses(const ConditionSet& set) : set_(&set) {}
  /// `usable(predicate)`: tables decide it. Must not change its mind until Clear(). Empty: none.
  using Usable = std::function<bool(PredicateId)>;
  std::span<const PredicateId> Of(NodeId node, const ConditionTrees& trees, const Usable& usable);
  void Clear();
  std::size_t bytes() const { return pool_.size() * 4 + known_.size() * 40; }

 private:
  struct Found {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
    double cost = 0;  ///< expected share of events; meaningless without predicates
  };
  Found Find(NodeId node, const ConditionTrees& trees, const Usable& usable);
  double CostOf(PredicateId predicate) const;

  const ConditionSet* set_;
  std::vector<PredicateId> pool_;
  std::unordered_map<NodeId, Found> known_;
};

}  // namespace vedette::engine
