// SPDX-License-Identifier: Apache-2.0
#include "engine/residual_program.h"

namespace vedette::engine {

std::uint32_t ResidualPrograms::Start(NodeId node, const ConditionTrees& trees) {
  const auto known = starts_.find(node);
  if (known != starts_.end()) return known->second;
  const std::uint32_t start = Emit(node, kAccept, kReject, trees);
  starts_.emplace(node, start);
  return start;
}

/// From the last child to the first, so that every target is known. A subtree that two branches
/// share is emitted once for each: trees are small, and depth is bounded by the parser.
std::uint32_t ResidualPrograms::Emit(NodeId node, std::uint32_t if_true, std::uint32_t if_false,
                                     const ConditionTrees& trees) {
  using Kind = ConditionTrees::Kind;
  switch (trees.kind(node)) {
    case Kind::kTrue:
      return if_true;
    case Kind::kFalse:
      return if_false;
    case Kind::kHolds:
    case Kind::kFails: {
      const bool holds = trees.kind(node) == Kind::kHolds;
      code_.push_back(
          {trees.predicate(node), holds ? if_true : if_false, holds ? if_false : if_true});
      return static_cast<std::uint32_t>(code_.size() - 1);
    }
    case Kind::kAnd:
    case Kind::kOr: {
      const auto children = trees.children(node);
      std::uint32_t next = trees.kind(node) == Kind::kAnd ? if_true : if_false;
      for (std::size_t i = children.size(); i-- > 0;) {
        next = trees.kind(node) == Kind::kAnd ? Emit(children[i], next, if_false, trees)
                                              : Emit(children[i], if_true, next, trees);
      }
      return next;
    }
  }
  return if_false;
}

}  // namespace vedette::engine
