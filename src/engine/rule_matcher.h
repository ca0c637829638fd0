// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/arena.h"
#include "event/event.h"
#include "rules/rule.h"

namespace vedette::engine {

/// A rule that cannot take part, and why.
struct SkippedRule {
  std::string name;
  std::string path;
  std::string reason;
};

/// All loaded event rules, compiled. Matching goes rule by rule through the reference interpreter:
/// right first; the shared predicate index takes its place behind this interface. Immutable after
/// Build; any thread may match with its own arena.
class RuleMatcher {
 public:
  /// Rules that do not run here (stored only, not compiling, needing state) are left out and named
  /// in `skipped`; they never stop the others. `extra_fields` get slots too and are answered by
  /// field(i).
  static RuleMatcher Build(std::span<const rules::Rule> rules, std::vector<SkippedRule>& skipped);
  ~RuleMatcher();
  RuleMatcher(RuleMatcher&&) noexcept;
  RuleMatcher& operator=(RuleMatcher&&) noexcept;

  const event::FieldTable& fields() const;
  std::size_t size() const;
  /// The i-th active rule.
  const rules::Rule& rule(std::size_t i) const;

  /// Appends the ascending indexes of the rules that match. `eligible[i]` false leaves rule i out
  /// (index patterns). Cost: rules x their predicates.
  void Match(const event::Event& event, const std::vector<bool>& eligible, base::Arena& scratch,
             std::vector<std::uint32_t>& hits) const;

 private:
  struct Impl;
  explicit RuleMatcher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::engine
