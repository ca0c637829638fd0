// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_conditions.h"

#include <algorithm>
#include <variant>

#include "engine/process_relations.h"

namespace vedette::engine {

ConditionId RuleConditions::Add(const eql::EventQuery& query, const eql::Query& of,
                                const eql::CheckOptions& options, Place place) {
  const bool is_relation = place.role == Role::kRelation || place.role == Role::kProcessEvent;
  place.owner = is_relation ? static_cast<std::uint32_t>(stateful_ - 1) : place.statement;
  places_.push_back(place);
  return set_.Add(query, of.dialect, options);
}

void RuleConditions::AddDecided(const eql::Query& query, const eql::CheckOptions& options) {
  const auto& statement = std::get<eql::EventQuery>(query.statement);
  Add(statement, query, options, {static_cast<std::uint32_t>(decided_++), 0, Role::kDecided});
}

void RuleConditions::AddStateful(const eql::Query& query, const eql::CheckOptions& options) {
  const auto number = static_cast<std::uint32_t>(stateful_++);
  const auto add = [&](const eql::EventQuery& item, std::size_t i) {
    const auto place =
        static_cast<std::uint32_t>(std::min<std::size_t>(i, std::size_t{StageHit::kMostItems} - 1));
    Add(item, query, options, {number, place, Role::kStateful});
  };
  const auto items = [&](const auto& statement) {
    for (std::size_t i = 0; i < statement.items.size(); ++i) add(statement.items[i].query, i);
    if constexpr (requires { statement.until; }) {
      if (statement.until) {
        Add(statement.until->query, query, options, {number, StageHit::kUntil, Role::kStateful});
      }
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) add(*event, 0);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) items(*join);
  if (query.dialect == eql::Dialect::kEndgame) return;
  for (const eql::Relation* relation : RelationsOf(query)) {
    Add(*relation->query, query, options, {relations_++, 0, Role::kRelation});
    if (process_event_) continue;
    process_event_ = std::make_unique<eql::EventQuery>();
    process_event_->category = "process";
    Add(*process_event_, query, options, {0, 0, Role::kProcessEvent});
  }
}

void RuleConditions::Lower() { set_.Lower(); }

std::vector<bool> RuleConditions::Eligible(const std::vector<bool>& statements) const {
  std::vector<bool> out(places_.size());
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    // What relations learn does not depend on the index that an event lies in.
    out[i] = place.role == Role::kDecided    ? statements[place.statement]
             : place.role == Role::kStateful ? statements[decided_ + place.statement]
                                             : true;
  }
  return out;
}

}  // namespace vedette::engine
