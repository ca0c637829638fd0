// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/condition_tree.h"

namespace vedette::engine {

/// Trees as flat programs: one instruction asks one predicate and says where to go on, so that a
/// tree of any shape is decided in one loop without a stack. Compiled at the first question. One
/// thread.
class ResidualPrograms {
 public:
  /// `holds(predicate)` is asked for as few predicates as the order of the tree needs.
  template <class HoldsFunction>
  bool Run(NodeId node, const ConditionTrees& trees, const HoldsFunction& holds) {
    std::uint32_t at = Start(node, trees);
    while (at < kReject) {
      const Instruction& it = code_[at];
      at = holds(it.predicate) ? it.if_holds : it.if_fails;
    }
    return at == kAccept;
  }
  void Clear() {
    code_.clear();
    starts_.clear();
  }
  std::size_t bytes() const { return code_.size() * sizeof(Instruction) + starts_.size() * 24; }

 private:
  static constexpr std::uint32_t kReject = 0xFFFFFFFEU;
  static constexpr std::uint32_t kAccept = 0xFFFFFFFFU;
  struct Instruction {
    PredicateId predicate;
    std::uint32_t if_holds, if_fails;
  };
  std::uint32_t Start(NodeId node, const ConditionTrees& trees);
  std::uint32_t Emit(NodeId node, std::uint32_t if_true, std::uint32_t if_false,
                     const ConditionTrees& trees);

  std::vector<Instruction> code_;
  std::unordered_map<NodeId, std::uint32_t> starts_;
};

}  // namespace vedette::engine
