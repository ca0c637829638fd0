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
struct Witness {
  static constexpr std::uint32_t kSeveralFields = 0xFFFFFFFFU;
  std::vector<PredicateId> predicates;
  std::uint32_t field = kSeveralFields;  ///< the one that all are of
  double cost = 0;                       ///< grows with how often one is expected to hold
};

/// The witnesses that a tree offers, for the index to choose from.
///
/// A negated predicate is no witness, nor is one that only the evaluator decides. A conjunction
/// offers those of its parts; a disjunction the union of its parts' best, and for each field the
/// union of what all parts offer in it. After the necessary conditions of percolators (Luwak) and
/// of RSigma's index. Kept by node; one thread.
class Witnesses {
 public:
  static constexpr std::size_t kMostOffers = 6;

  explicit Witnesses(const ConditionSet& set) : set_(&set) {}
  /// `usable(predicate)`: tables decide it. Must not change its mind until Clear(). Cheapest first;
  /// empty: none. Valid until Clear().
  using Usable = std::function<bool(PredicateId)>;
  const std::vector<Witness>& Of(NodeId node, const ConditionTrees& trees, const Usable& usable);
  void Clear();
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<Witness> Find(NodeId node, const ConditionTrees& trees, const Usable& usable);
  std::vector<Witness> OfDisjunction(NodeId node, const ConditionTrees& trees,
                                     const Usable& usable);
  double CostOf(PredicateId predicate) const;

  const ConditionSet* set_;
  std::unordered_map<NodeId, std::vector<Witness>> known_;
  std::size_t bytes_ = 0;
};

}  // namespace vedette::engine
