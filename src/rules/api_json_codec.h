// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_diagnostic.h"

namespace vedette::rules {

/// What an API text held. An object that became no rule is either counted here or in `refused`.
struct ApiRead {
  std::vector<Rule> rules;
  std::vector<RuleDiagnostic> diagnostics;
  std::size_t exception_lists = 0;
  std::size_t exception_items = 0;
  std::size_t connectors = 0;
  std::size_t summaries = 0;
  std::size_t refused = 0;  ///< not JSON, or an object that is nothing we know

  std::size_t skipped() const { return exception_lists + exception_items + connectors + summaries; }
};

/// Reads one API object, an array of them, a `{"data": […]}` page, or an NDJSON export whose other
/// lines (exception lists and items, connectors, the summary) are counted. Objects with `os_list`
/// and no `type` are endpoint behaviour rules. A bad line never stops the others.
ApiRead ReadApiRules(const std::string& path, std::string_view text);

/// One line of compact JSON in the API's shape, unknown members included; no line break.
std::string WriteApiRule(const Rule& rule);
/// The lines of an export: every rule, then the summary object.
std::string WriteApiExport(const std::vector<Rule>& rules);

}  // namespace vedette::rules
