// SPDX-License-Identifier: Apache-2.0
// For tests: formulas over predicates that know their own truth, beside the trees made of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/condition_tree.h"
#include "engine/random_query_source.h"

namespace vedette::engine {

/// `and`, `or`, a predicate that holds or fails, true, false; decided in the plainest way.
struct Formula {
  ConditionTrees::Kind kind = ConditionTrees::Kind::kTrue;
  PredicateId predicate = 0;
  std::vector<Formula> parts;

  bool Holds(const std::vector<bool>& truth) const {
    using Kind = ConditionTrees::Kind;
    const auto holds = [&](const Formula& part) { return part.Holds(truth); };
    switch (kind) {
      case Kind::kTrue:
        return true;
      case Kind::kFalse:
        return false;
      case Kind::kHolds:
        return truth[predicate];
      case Kind::kFails:
        return !truth[predicate];
      case Kind::kAnd:
        return std::all_of(parts.begin(), parts.end(), holds);
      case Kind::kOr:
        return std::any_of(parts.begin(), parts.end(), holds);
    }
    return false;
  }
  NodeId Build(ConditionTrees& trees) const {
    using Kind = ConditionTrees::Kind;
    if (kind == Kind::kTrue) return ConditionTrees::kTrue;
    if (kind == Kind::kFalse) return ConditionTrees::kFalse;
    if (kind == Kind::kHolds || kind == Kind::kFails) {
      return trees.Predicate(predicate, kind == Kind::kHolds);
    }
    std::vector<NodeId> children;
    for (const Formula& part : parts) children.push_back(part.Build(trees));
    return kind == Kind::kAnd ? trees.And(children) : trees.Or(children);
  }
};

/// Over predicates 0 to `predicates` - 1; now and then a constant, an empty `and`, a part twice.
inline Formula RandomFormula(RandomSource& random, std::size_t predicates, int depth) {
  using Kind = ConditionTrees::Kind;
  if (depth == 0 || random.OneIn(4)) {
    if (random.OneIn(15)) return {random.OneIn(2) ? Kind::kTrue : Kind::kFalse, 0, {}};
    return {random.OneIn(3) ? Kind::kFails : Kind::kHolds,
            static_cast<PredicateId>(random.Below(predicates)),
            {}};
  }
  Formula formula{random.OneIn(2) ? Kind::kAnd : Kind::kOr, 0, {}};
  const std::size_t parts = random.OneIn(30) ? 0 : 1 + random.Below(4);
  for (std::size_t i = 0; i < parts; ++i) {
    formula.parts.push_back(RandomFormula(random, predicates, depth - 1));
    if (random.OneIn(10)) formula.parts.push_back(formula.parts.back());
  }
  return formula;
}

/// The truth of every predicate, one for each number below 2^predicates.
inline std::vector<bool> TruthOf(std::uint64_t number, std::size_t predicates) {
  std::vector<bool> truth(predicates);
  for (std::size_t p = 0; p < predicates; ++p) truth[p] = (number >> p & 1U) != 0;
  return truth;
}

}  // namespace vedette::engine
