// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/alert_document.h"
#include "engine/rule_compiler.h"
#include "engine/rule_conditions.h"
#include "engine/sequence_alert.h"
#include "engine/stateful_rules.h"
#include "event/event.h"
#include "rules/rule.h"
#include "service/record_fields.h"
#include "sources/index_patterns.h"

namespace vedette::service {

/// The rules of a run, compiled, with everything that workers share. Rules have one numbering:
/// those that one event decides first, then those with state. Immutable; any thread.
class DetectionSet {
 public:
  /// Rules that do not run are left out and named in `skipped`; they never stop the others.
  static DetectionSet Build(std::span<const rules::Rule> rules,
                            std::vector<engine::SkippedRule>& skipped);

  std::size_t size() const { return rules_.size(); }
  const rules::Rule& rule(std::size_t i) const { return rules_[i]->rule; }
  const engine::RuleConditions& conditions() const { return *conditions_; }
  const event::Projector& projector() const { return *projector_; }
  /// What decoders need of a record before it is read.
  const RecordFields& record_fields() const { return *record_fields_; }
  const sources::IndexSelector& selector(std::size_t i) const { return selectors_[i]; }
  const engine::AlertWriter& writer(std::size_t i) const { return writers_[i]; }
  /// Null for rules whose results are single events.
  const engine::SequenceAlertWriter* sequence_writer(std::size_t i) const {
    return sequence_writers_[i] ? &*sequence_writers_[i] : nullptr;
  }

  /// Rules with state begin at this number.
  std::size_t first_stateful() const { return conditions_->decided(); }
  bool has_stateful() const { return size() > first_stateful(); }
  /// State for one run of the stateful rules; the set outlives it. Not for two threads at once.
  engine::StatefulRules StartStateful(const engine::StatefulOptions& options) const;

 private:
  DetectionSet();
  std::unique_ptr<event::FieldTable> fields_;
  std::deque<engine::CompiledRule> compiled_;
  std::vector<const engine::CompiledRule*> rules_;
  std::unique_ptr<engine::RuleConditions> conditions_;
  std::optional<RecordFields> record_fields_;
  std::unique_ptr<event::Projector> projector_;
  std::vector<sources::IndexSelector> selectors_;
  std::vector<engine::AlertWriter> writers_;
  std::vector<std::optional<engine::SequenceAlertWriter>> sequence_writers_;
};

}  // namespace vedette::service
