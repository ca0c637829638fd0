// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vedette/diagnostic.h"

namespace vedette {

/// Facts about a rule. Views hold as long as a RuleSet that has it.
struct RuleInfo {
  std::string_view id;  ///< the author's: `rule_id`
  std::string_view name;
  std::string_view severity;  ///< low, medium, high, critical
  std::int64_t risk_score = 0;
  std::string_view file;  ///< where it came from
  bool stateful = false;  ///< its results need more than one event: sequence, sample, join, …
};

/// A rule that is fine as a text but does not run, and why.
struct SkippedRule {
  std::string name;
  std::string file;
  std::string reason;
};

/// Compiled rules.
///
/// Immutable and cheap to copy: copies share the compiled form, as do the engines made from it,
/// which keep it alive. Any number of threads may use it and make engines from it at once. To
/// reload rules, load a new set and make new engines.
class RuleSet {
 public:
  /// No rules.
  RuleSet();
  ~RuleSet();
  // Moving copies: a set that was moved from stays a set.
  RuleSet(const RuleSet&);
  RuleSet& operator=(const RuleSet&);

  /// Rules that run. Their numbers are those of Detection::rule().
  std::size_t size() const noexcept;
  /// `rule` < size().
  RuleInfo rule(std::size_t rule) const;

  /// Everything that was found wrong, by file and line. A rule with an error in its query is not in
  /// the set; all others are.
  const std::vector<Diagnostic>& diagnostics() const noexcept;
  /// True when a diagnostic is an error.
  bool has_errors() const noexcept;
  const std::vector<SkippedRule>& skipped() const noexcept;

 private:
  friend class RuleLoader;
  friend class Engine;
  struct Impl;
  explicit RuleSet(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

/// Collects rules from files, folders and texts and compiles them together.
///
/// Formats, by suffix: detection-rules TOML and endpoint behaviour TOML (`.toml`), API exports
/// (`.ndjson`, `.jsonl`, `.json`). One bad rule never stops the others: what is wrong becomes a
/// Diagnostic of the set. Of two rules with one id the first stays. Bounds: 64 MiB a file, 100,000
/// files. One thread.
///
///     const vedette::RuleSet rules = vedette::RuleLoader().AddPath("rules/").Compile();
class RuleLoader {
 public:
  RuleLoader();
  ~RuleLoader();
  RuleLoader(const RuleLoader&) = delete;
  RuleLoader& operator=(const RuleLoader&) = delete;

  /// A file, or a folder with all below it but tests (`*.test.toml`) and hidden entries. One that
  /// is not there is a Diagnostic.
  RuleLoader& AddPath(std::string_view path);
  /// A text in memory; `name` stands for its file in diagnostics, and its suffix says the format.
  RuleLoader& AddText(std::string_view name, std::string_view text);
  /// The rules that Vedette brings along.
  RuleLoader& AddBundled();

  /// Reads, checks and compiles. A few milliseconds plus about 0.3 ms a rule.
  RuleSet Compile();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette
