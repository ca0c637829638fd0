// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace vedette::cli {

struct FoundRules {
  /// One: it is meant. Several: equally good candidates. None: see `suggestion`.
  std::vector<const rules::Rule*> rules;
  std::string suggestion;  ///< a near name when nothing fits
};

/// The rule that a person means by its id, name, file name, a few words of them in any order
/// (`boot-copy`), or a part of the name. The first way that fits decides; letter case never counts.
FoundRules FindRule(const std::vector<rules::Rule>& rules, std::string_view wanted);

/// Lower-case words of letters and digits, in order.
std::vector<std::string> WordsOf(std::string_view text);

}  // namespace vedette::cli
