// SPDX-License-Identifier: Apache-2.0
#include "service/detection_set.h"

#include <utility>
#include <variant>

#include "event/schema.h"

namespace vedette::service {

DetectionSet::DetectionSet()
    : fields_(std::make_unique<event::FieldTable>(event::EcsSchema())),
      conditions_(std::make_unique<engine::RuleConditions>(*fields_)) {}

DetectionSet DetectionSet::Build(std::span<const rules::Rule> rules,
                                 std::vector<engine::SkippedRule>& skipped) {
  DetectionSet set;
  for (const rules::Rule& rule : rules) {
    if (auto compiled = engine::CompileRule(rule, *set.fields_, skipped)) {
      set.compiled_.push_back(std::move(*compiled));
    }
  }
  for (const auto& rule : set.compiled_) {
    if (rule.needs_state) continue;
    set.conditions_->AddDecided(rule.query, rule.options);
    set.rules_.push_back(&rule);
  }
  // A first state, thrown away: it adds the fields that state reads to the table, and finds the
  // rules that are too many.
  engine::StatefulRules trial(*set.fields_, {});
  for (const auto& rule : set.compiled_) {
    if (!rule.needs_state) continue;
    if (trial.Add(rule)) {
      set.conditions_->AddStateful(rule.query, rule.options);
      set.rules_.push_back(&rule);
    } else {
      skipped.push_back({rule.rule.name, rule.rule.origin.path,
                         "the loaded rules follow more than 64 process relations together; load "
                         "fewer rules with `descendant of` at a time"});
    }
  }
  trial.Start();
  set.conditions_->Lower();
  set.record_fields_.emplace(*set.fields_, "@timestamp");
  set.projector_ = std::make_unique<event::Projector>(*set.fields_);
  for (const auto* rule : set.rules_) {
    set.selectors_.emplace_back(rule->rule.index);
    set.writers_.emplace_back(rule->rule);
    auto& sequence = set.sequence_writers_.emplace_back();
    if (!std::holds_alternative<eql::EventQuery>(rule->query.statement)) {
      sequence.emplace(rule->rule);
    }
  }
  return set;
}

engine::StatefulRules DetectionSet::StartStateful(const engine::StatefulOptions& options) const {
  engine::StatefulRules state(*fields_, options);
  for (std::size_t i = first_stateful(); i < rules_.size(); ++i) state.Add(*rules_[i]);
  state.Start();
  return state;
}

}  // namespace vedette::service
