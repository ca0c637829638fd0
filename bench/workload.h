// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/condition_set.h"
#include "engine/rule_compiler.h"
#include "event/event.h"
#include "event/field_table.h"

namespace vedette::bench {

/// NDJSON in memory, with kTextPadding readable bytes behind it.
class Corpus {
 public:
  static base::Result<Corpus> Load(const std::string& path);
  /// A corpus of the lines given, each of which ends with a line break.
  explicit Corpus(std::string text);

  std::string_view text() const { return {text_.data(), size_}; }
  std::uint64_t events() const { return events_; }
  /// The text in `n` parts of about equal size, cut at line breaks.
  std::vector<std::string_view> Parts(std::size_t n) const;
  /// About `count` lines, evenly from everywhere.
  Corpus Sample(std::uint64_t count) const;

 private:
  std::string text_;  ///< with its padding
  std::size_t size_ = 0;
  std::uint64_t events_ = 0;
};

/// One condition of a rule: the whole rule, or a stage of its sequence.
struct RuleCondition {
  const eql::EventQuery* query = nullptr;
  eql::Dialect dialect = eql::Dialect::kElasticsearch;
  const eql::CheckOptions* options = nullptr;
  std::size_t rule = 0;
  /// Reads other events: the matcher may say yes too often, and answers are not compared.
  bool beyond = false;
};

/// Rules ready for every contender: compiled, their conditions lowered together. Immutable.
class RuleConditions {
 public:
  struct Options {
    std::size_t most_rules = 1'000'000;
    bool stages = false;  ///< also rules with state, each stage a condition
  };
  /// The rules in the first `most_rules` lines of an NDJSON file.
  static base::Result<std::unique_ptr<RuleConditions>> Load(const std::string& path,
                                                            const Options& options);
  static base::Result<std::unique_ptr<RuleConditions>> Parse(const std::string& name,
                                                             std::string text,
                                                             const Options& options);

  std::size_t rules() const { return compiled_.size(); }
  std::size_t skipped() const { return skipped_; }
  const std::vector<RuleCondition>& conditions() const { return conditions_; }
  const rules::Rule& rule(std::size_t i) const { return compiled_[i].rule; }
  const engine::ConditionSet& set() const { return *set_; }
  const event::Projector& projector() const { return *projector_; }
  event::FieldTable& fields() const { return *fields_; }
  event::FieldId event_id() const { return event_id_; }
  /// Seconds of thread CPU: reading and compiling, and lowering.
  double load_seconds() const { return load_seconds_; }
  double lower_seconds() const { return lower_seconds_; }

 private:
  RuleConditions() = default;
  void AddConditions(const Options& options);

  std::unique_ptr<event::FieldTable> fields_;
  std::deque<engine::CompiledRule> compiled_;
  std::vector<RuleCondition> conditions_;
  std::unique_ptr<engine::ConditionSet> set_;
  std::unique_ptr<event::Projector> projector_;
  event::FieldId event_id_{};
  std::size_t skipped_ = 0;
  double load_seconds_ = 0;
  double lower_seconds_ = 0;
};

}  // namespace vedette::bench
