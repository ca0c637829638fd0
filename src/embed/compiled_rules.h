// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "service/detection_set.h"
#include "vedette/rule_set.h"

namespace vedette {

/// What copies of a RuleSet and the engines made from it share.
struct RuleSet::Impl {
  explicit Impl(service::DetectionSet compiled) : set(std::move(compiled)) {}

  service::DetectionSet set;
  std::vector<Diagnostic> diagnostics;
  std::vector<SkippedRule> skipped;
  bool has_errors = false;
};

}  // namespace vedette
