// SPDX-License-Identifier: Apache-2.0
#include "service/rule_index.h"

#include <algorithm>
#include <optional>

#include "engine/witness.h"
#include "service/match_costs.h"

namespace vedette::service {
namespace {

using engine::ConditionSet;
using engine::ConditionTrees;
using engine::FieldRole;
using engine::MatchedField;
using engine::MatchedPredicate;
using engine::NodeId;
using engine::PredicateId;

class IndexDescriber {
 public:
  explicit IndexDescriber(const ConditionSet& set) : set_(set), witnesses_(set) {}

  ConditionIndex Describe(NodeId root) {
    ConditionIndex out;
    bool tables = true;  // decide it
    std::optional<std::uint32_t> high_field;
    bool any = false;
    bool any_positive = false;
    bool usable_positive = false;
    bool whole_query = false;
    for (const NodeId node : NodesOf(set_.trees(), root)) {
      const auto kind = set_.trees().kind(node);
      const bool holds = kind == ConditionTrees::Kind::kHolds;
      if (!holds && kind != ConditionTrees::Kind::kFails) continue;
      const PredicateId id = set_.trees().predicate(node);
      const MatchedPredicate& predicate = set_.predicates()[id];
      whole_query = whole_query || predicate.query != nullptr;
      if (predicate.field == MatchedPredicate::kSeveral) {
        tables = false;
      } else {
        const FieldRole role = RoleOf(predicate.field);
        if (role == FieldRole::kDiscriminator) {
          AddName(predicate.field, out.discriminators);
          continue;
        }
        if (role == FieldRole::kLow) AddName(predicate.field, out.low_fields);
        if (role == FieldRole::kHigh) {
          // What is left of a condition is looked up as long as it is of one field.
          tables =
              tables && !predicate.asked && high_field.value_or(predicate.field) == predicate.field;
          high_field = predicate.field;
        }
      }
      any = true;
      any_positive = any_positive || holds;
      usable_positive = usable_positive || (holds && Usable(id));
    }
    std::sort(out.discriminators.begin(), out.discriminators.end());
    std::sort(out.low_fields.begin(), out.low_fields.end());
    const bool decided = any || !out.discriminators.empty() || root == ConditionTrees::kFalse;
    if (decided && tables) {
      out.kind = IndexKind::kTables;
    } else if (TakeWitness(root, out)) {
      out.kind = IndexKind::kWitness;
    } else {
      out.kind = !decided          ? IndexKind::kAnyEvent
                 : whole_query     ? IndexKind::kWholeQuery
                 : !any_positive   ? IndexKind::kNegationsOnly
                 : usable_positive ? IndexKind::kOpenAlternative
                                   : IndexKind::kEvaluatorOnly;
    }
    return out;
  }

 private:
  FieldRole RoleOf(std::uint32_t field) const {
    const MatchedField& it = set_.fields()[field];
    // As the matcher has it: that a value is there is one of two answers.
    return it.presence_only && it.role == FieldRole::kHigh ? FieldRole::kLow : it.role;
  }
  bool Usable(PredicateId id) const {
    const MatchedPredicate& predicate = set_.predicates()[id];
    return !predicate.asked && predicate.field != MatchedPredicate::kSeveral &&
           RoleOf(predicate.field) != FieldRole::kDiscriminator;
  }
  void AddName(std::uint32_t field, std::vector<std::string>& names) const {
    const std::string& path = set_.table().entry(set_.fields()[field].id).path;
    if (std::find(names.begin(), names.end(), path) == names.end()) names.push_back(path);
  }
  bool TakeWitness(NodeId root, ConditionIndex& out) {
    const auto& offers =
        witnesses_.Of(root, set_.trees(), [this](PredicateId id) { return Usable(id); });
    if (offers.empty()) return false;
    out.witnesses = offers.front().predicates.size();
    for (const PredicateId id : offers.front().predicates) {
      AddName(set_.predicates()[id].field, out.witness_fields);
    }
    std::sort(out.witness_fields.begin(), out.witness_fields.end());
    return true;
  }

  const ConditionSet& set_;
  engine::Witnesses witnesses_;
};

}  // namespace

std::string_view IndexName(IndexKind kind) {
  switch (kind) {
    case IndexKind::kTables:
      return "tables";
    case IndexKind::kWitness:
      return "witness";
    case IndexKind::kAnyEvent:
      return "any_event";
    case IndexKind::kWholeQuery:
      return "whole_query";
    case IndexKind::kNegationsOnly:
      return "negations_only";
    case IndexKind::kEvaluatorOnly:
      return "evaluator_only";
    case IndexKind::kOpenAlternative:
      return "open_alternative";
  }
  return "";
}

std::string_view IndexHint(IndexKind kind) {
  switch (kind) {
    case IndexKind::kTables:
    case IndexKind::kWitness:
      return "";
    case IndexKind::kAnyEvent:
      return "nothing that a single event decides is asked, so every event is a candidate; name a "
             "category or a value";
    case IndexKind::kWholeQuery:
      return "an Endgame query is decided as a whole, so every event is a candidate; write the "
             "rule in the language of Elasticsearch or of the endpoint";
    case IndexKind::kNegationsOnly:
      return "this rule is asked about every event of its category; add a positive condition";
    case IndexKind::kEvaluatorOnly:
      return "what must hold can only be found by evaluating it; add a condition that names a "
             "literal text of one field";
    case IndexKind::kOpenAlternative:
      return "one alternative of an `or` names nothing to look up; add a positive condition to "
             "that alternative";
  }
  return "";
}

std::vector<std::vector<ConditionIndex>> DescribeIndexes(const DetectionSet& set) {
  std::vector<std::vector<ConditionIndex>> out(set.size());
  const ConditionSet& conditions = set.conditions().set();
  IndexDescriber describer(conditions);
  for (engine::ConditionId i = 0; i < conditions.size(); ++i) {
    ConditionIndex index = describer.Describe(conditions.root(i));
    index.item = set.conditions().place(i).item;
    out[RuleOf(set, i)].push_back(std::move(index));
  }
  return out;
}

}  // namespace vedette::service
