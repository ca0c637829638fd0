// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/arena.h"
#include "engine/rule_compiler.h"
#include "event/event.h"
#include "rules/rule.h"

namespace vedette::engine {

/// All rules that one event decides, compiled. Matching goes rule by rule through the reference
/// interpreter: right first; the shared predicate index takes its place behind this interface. Any
/// thread may match with its own arena.
class RuleMatcher {
 public:
  /// `fields`: the table that the rules were compiled with and events are projected by; outlives
  /// this.
  explicit RuleMatcher(event::FieldTable& fields);
  ~RuleMatcher();
  RuleMatcher(RuleMatcher&&) noexcept;
  RuleMatcher& operator=(RuleMatcher&&) noexcept;

  /// `rule` must not need state, and outlives this. Before the first Match.
  void Add(const CompiledRule& rule);
  std::size_t size() const;
  const rules::Rule& rule(std::size_t i) const;

  /// Appends the ascending indexes of the rules that match. `eligible[i]` false leaves rule i out
  /// (index patterns); entries past size() do not matter. Cost: rules x their predicates.
  void Match(const event::Event& event, const std::vector<bool>& eligible, base::Arena& scratch,
             std::vector<std::uint32_t>& hits) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
