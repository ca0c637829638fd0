// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_conditions.h"

#include <algorithm>
#include <variant>

namespace vedette::engine {

ConditionId RuleConditions::Add(const eql::EventQuery& query, const eql::Query& of,
                                const eql::CheckOptions& options, Place place) {
  places_.push_back(place);
  return set_.Add(query, of.dialect, options);
}

void RuleConditions::AddDecided(const eql::Query& query, const eql::CheckOptions& options) {
  const auto& statement = std::get<eql::EventQuery>(query.statement);
  Add(statement, query, options, {static_cast<std::uint32_t>(decided_++), 0, false});
}

void RuleConditions::AddStateful(const eql::Query& query, const eql::CheckOptions& options) {
  const auto number = static_cast<std::uint32_t>(stateful_++);
  const auto add = [&](const eql::EventQuery& item, std::size_t i) {
    const auto place =
        static_cast<std::uint32_t>(std::min<std::size_t>(i, std::size_t{StageHit::kMostItems} - 1));
    Add(item, query, options, {number, place, true});
  };
  const auto items = [&](const auto& statement) {
    for (std::size_t i = 0; i < statement.items.size(); ++i) add(statement.items[i].query, i);
    if constexpr (requires { statement.until; }) {
      if (statement.until) {
        Add(statement.until->query, query, options, {number, StageHit::kUntil, true});
      }
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) add(*event, 0);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) items(*join);
}

void RuleConditions::Lower() { set_.Lower(); }

std::vector<bool> RuleConditions::Eligible(const std::vector<bool>& statements) const {
  std::vector<bool> out(places_.size());
  for (std::size_t i = 0; i < places_.size(); ++i) {
    out[i] = statements[places_[i].statement + (places_[i].stateful ? decided_ : 0)];
  }
  return out;
}

}  // namespace vedette::engine
