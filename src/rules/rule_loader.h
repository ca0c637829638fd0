// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_diagnostic.h"
#include "rules/rule_lint.h"

namespace vedette::rules {

struct LoadOptions {
  Profile profile = Profile::kMinimal;      ///< kCustom for `rules check`
  std::size_t max_file_bytes = 64U << 20U;  ///< larger files are refused
  std::size_t max_files = 100'000;          ///< across all folders
};

/// Everything found under the given paths. A rule in `rules` is either runnable or stored only (see
/// Rule::stored_only); one that cannot be trusted to mean what it says (a query with an error, a
/// member of the wrong type) was refused: its findings are there, the rule is not.
struct RuleSetLoad {
  std::vector<Rule> rules;
  std::vector<RuleDiagnostic> diagnostics;  ///< by file, then line
  std::size_t files = 0;
  std::size_t runnable = 0;
  std::size_t stored_only = 0;
  std::size_t refused = 0;
  std::size_t allowed = 0;          ///< warnings that the rules themselves allow (lint_allow.h)
  std::size_t exception_lists = 0;  ///< NDJSON lines that are no rules, by kind
  std::size_t exception_items = 0;
  std::size_t connectors = 0;

  std::size_t errors() const;
  std::size_t warnings() const;
};

/// Loads files and folders (recursively: *.toml but not *.test.toml, *.ndjson, *.jsonl, *.json; in
/// name order, hidden entries and links out of it skipped). A file named outright is read whatever
/// its suffix. One bad rule never stops the others; an unreadable path is a diagnostic too.
RuleSetLoad LoadRules(const std::vector<std::string>& paths, const LoadOptions& options = {});

/// The same for a text in memory; `path` names it and decides the format by its suffix.
RuleSetLoad LoadRulesFromText(const std::string& path, std::string text,
                              const LoadOptions& options = {});

}  // namespace vedette::rules
