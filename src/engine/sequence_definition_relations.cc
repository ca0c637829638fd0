// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_definition_relations.h"

#include <set>
#include <variant>

#include "eql/walk.h"

namespace vedette::engine {
namespace {

std::vector<const eql::Relation*> RelationsIn(const eql::Query& query) {
  std::vector<const eql::Relation*> found;
  const auto visit = [&](const eql::Expr& expr) {
    if (const auto* relation = std::get_if<eql::Relation>(&expr.node)) found.push_back(relation);
  };
  const auto look = [&](const eql::EventQuery& event) {
    if (event.condition != nullptr) eql::ForEachExpr(*event.condition, visit);
  };
  const auto look_at_items = [&](const auto& statement) {
    for (const auto& item : statement.items) look(item.query);
    if constexpr (requires { statement.until; }) {
      if (statement.until) look(statement.until->query);
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) look(*event);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) look_at_items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) look_at_items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) look_at_items(*join);
  return found;
}

std::string TextOf(const event::Value& value) {
  if (value.is_string()) return std::string(value.text());
  return value.kind() == event::ValueKind::kInteger ? std::to_string(value.integer()) : "";
}

}  // namespace

RelationDefinition::RelationDefinition(const eql::Query& query, event::FieldTable& fields,
                                       const eql::CheckOptions& options)
    : endgame_(query.dialect == eql::Dialect::kEndgame),
      category_(fields.Intern(options.category_field)),
      type_(fields.Intern(eql::kEndgameTypeField, event::Shape::kTree)),
      pid_(fields.Intern("pid", event::Shape::kTree)),
      ppid_(fields.Intern("ppid", event::Shape::kTree)),
      subtype_(fields.Intern("subtype", event::Shape::kTree)),
      process_name_(fields.Intern("process_name", event::Shape::kTree)),
      process_(fields.Intern("process", event::Shape::kTree)) {
  const auto found = RelationsIn(query);
  for (auto relation = found.rbegin(); relation != found.rend(); ++relation) {
    occurrences_.push_back(
        {*relation, eql::Interpreter(*(*relation)->query, query.dialect, fields, options)});
  }
}

std::string RelationDefinition::Text(const event::Event& event, event::FieldId field) const {
  return TextOf(event.Get(field));
}

std::string RelationDefinition::EntityId(const event::Event& event, const char* path) const {
  return TextOf(event.Get(process_).GetPath(path));
}

bool RelationDefinition::IsProcessEvent(const event::Event& event) const {
  const event::Value& category = event.Get(category_);
  if (!category.is_list()) return TextOf(category) == "process";
  for (const event::Value& one : category.list()) {
    if (TextOf(one) == "process") return true;
  }
  return false;
}

bool RelationDefinition::InnerMatches(
    const Occurrence& occurrence, const event::Event& event,
    const std::unordered_set<const eql::Relation*>& holding) const {
  eql::Surroundings around;
  around.related = &holding;
  return occurrence.inner.Matches(event, scratch_, around);
}

void RelationDefinition::FollowEndgame(const Occurrence& occurrence,
                                       std::span<const event::Event> events,
                                       Holdings& holdings) const {
  const eql::RelationKind kind = occurrence.relation->kind;
  std::set<std::string> sources;
  std::set<std::string> members;
  std::set<std::string> ended;
  for (std::size_t e = 0; e < events.size(); ++e) {
    const std::string process = Text(events[e], pid_);
    const std::string parent = Text(events[e], ppid_);
    if (Text(events[e], type_) == "process") {
      for (const std::string& gone : ended) {
        sources.erase(gone);
        members.erase(gone);
      }
      ended.clear();
      const std::string subtype = Text(events[e], subtype_);
      const bool created = subtype == "create" || subtype == "fork";
      // Whether a boot counts as a removal for `event of` the reference does not say: it does.
      if (created && process == "4" && Text(events[e], process_name_) == "System") {
        sources.clear();
        members.clear();
      }
      if (created && kind != eql::RelationKind::kEvent) {
        const bool descends = kind == eql::RelationKind::kDescendant && members.contains(parent);
        if (sources.contains(parent) || descends) members.insert(process);
      }
      if (subtype == "terminate") ended.insert(process);
    }
    if (InnerMatches(occurrence, events[e], holdings[e]) && !process.empty() && process != "0") {
      sources.insert(process);
    }
    const auto& asked = kind == eql::RelationKind::kEvent ? sources : members;
    if (!process.empty() && asked.contains(process)) holdings[e].insert(occurrence.relation);
  }
}

void RelationDefinition::FollowEndpoint(const Occurrence& occurrence,
                                        std::span<const event::Event> events,
                                        Holdings& holdings) const {
  std::vector<bool> matches;
  for (std::size_t e = 0; e < events.size(); ++e) {
    matches.push_back(InnerMatches(occurrence, events[e], holdings[e]));
    const auto parent_of = [&](const std::string& process) {
      for (std::size_t i = e + 1; i-- > 0;) {
        // Which events build the tree the reference does not say: process events.
        if (!IsProcessEvent(events[i]) || EntityId(events[i], "entity_id") != process) continue;
        std::string parent = EntityId(events[i], "parent.entity_id");
        if (!parent.empty()) return parent;
      }
      return std::string();
    };
    const auto ever_matched = [&](const std::string& process) {
      for (std::size_t i = 0; i <= e; ++i) {
        if (matches[i] && EntityId(events[i], "entity_id") == process) return true;
      }
      return false;
    };
    std::string ancestor = EntityId(events[e], "parent.entity_id");
    if (ancestor.empty()) ancestor = parent_of(EntityId(events[e], "entity_id"));
    for (; !ancestor.empty(); ancestor = parent_of(ancestor)) {
      if (!ever_matched(ancestor)) continue;
      holdings[e].insert(occurrence.relation);
      break;
    }
  }
}

RelationDefinition::Holdings RelationDefinition::Holding(
    std::span<const event::Event> events) const {
  Holdings holdings(events.size());
  for (const Occurrence& occurrence : occurrences_) {
    if (endgame_) {
      FollowEndgame(occurrence, events, holdings);
    } else {
      FollowEndpoint(occurrence, events, holdings);
    }
  }
  return holdings;
}

}  // namespace vedette::engine
