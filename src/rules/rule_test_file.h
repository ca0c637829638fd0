// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rules/rule.h"
#include "rules/rule_diagnostic.h"

/// `<rule>.test.toml` beside a rule: events with the verdict that the rule must give.
///
///     [[case]]
///     name = "an administrator's shell repacks the image"
///     source = "elastic_defend"        # optional, for reports
///     fires = true
///     event = '''{"event": {…}}'''     # one JSON document, or events = ['''…''', …]
///
/// A case with several events fires when any of them matches.
namespace vedette::rules {

struct RuleTestCase {
  std::string name;
  std::string source;
  bool fires = false;
  std::vector<std::string> events;  ///< JSON documents in ECS form
  std::uint32_t line = 1;
};
struct RuleTestFile {
  std::string path;
  std::vector<RuleTestCase> cases;
  std::vector<RuleDiagnostic> diagnostics;  ///< T001: not understood; such cases are left out
  bool ok() const { return diagnostics.empty(); }
};

/// `dir/name.toml` gives `dir/name.test.toml`.
std::string TestPathFor(const std::string& rule_path);

RuleTestFile ReadRuleTests(const std::string& path, std::string text);
/// kNotFound, kIo or kLimitExceeded (64 MiB) when the file cannot be read.
base::Result<RuleTestFile> LoadRuleTests(const std::string& path);

struct RuleTestOutcome {
  const RuleTestCase* test = nullptr;  ///< into the RuleTestFile
  bool passed = false;
  std::string reason;  ///< why not: "expected to fire, did not", or what is wrong with the event
};
struct RuleTestReport {
  std::vector<RuleTestOutcome> outcomes;
  std::string cannot_run;  ///< set when the rule itself cannot be run here; then no outcomes
  std::size_t failed = 0;
  bool ok() const { return cannot_run.empty() && failed == 0; }
};

/// Runs each case through the reference interpreter. Pure.
RuleTestReport RunRuleTests(const Rule& rule, const RuleTestFile& tests);

}  // namespace vedette::rules
