// SPDX-License-Identifier: Apache-2.0
#include "service/rule_costs.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace vedette::service {
namespace {

using engine::ConditionSet;
using engine::PredicateId;

/// Things with a price, each paid for by the rules that use it.
class Split {
 public:
  explicit Split(std::size_t things) : users_(things) {}
  void Use(std::size_t thing, std::size_t rule) {
    auto& users = users_[thing];
    // Rules are visited one after the other.
    if (users.empty() || users.back() != rule) users.push_back(rule);
  }
  template <class BytesOf>
  void Pay(const BytesOf& bytes_of, std::vector<double>& rules) const {
    for (std::size_t i = 0; i < users_.size(); ++i) {
      for (const std::size_t rule : users_[i]) {
        rules[rule] += bytes_of(i) / static_cast<double>(users_[i].size());
      }
    }
  }

 private:
  std::vector<std::vector<std::size_t>> users_;
};

double BytesOfPredicate(const ConditionSet& set, PredicateId id) {
  const engine::MatchedPredicate& predicate = set.predicates()[id];
  double bytes = sizeof predicate;
  bytes += static_cast<double>(predicate.slots.size() * sizeof(event::FieldId));
  if (predicate.field == engine::MatchedPredicate::kSeveral) return bytes;
  const engine::MatchedField& field = set.fields()[predicate.field];
  const std::size_t tables =
      sizeof field + field.tests.bytes() +
      sizeof(std::uint32_t) *
          (field.predicates.size() + field.test_begin.size() + field.test_predicates.size());
  return bytes + static_cast<double>(tables) / static_cast<double>(field.predicates.size());
}

IndexKind WeakestOf(const std::vector<ConditionIndex>& indexes) {
  IndexKind weakest = IndexKind::kTables;
  for (const ConditionIndex& index : indexes) {
    if (!HasIndex(index.kind)) return index.kind;
    if (index.kind == IndexKind::kWitness) weakest = index.kind;
  }
  return weakest;
}

/// The evaluator decides it, but once for each value of a field whose values repeat.
bool IsRemembered(const ConditionSet& set, const engine::MatchedPredicate& predicate) {
  return predicate.asked && predicate.field != engine::MatchedPredicate::kSeveral &&
         set.fields()[predicate.field].role != engine::FieldRole::kHigh;
}

std::vector<PredicatePrice> PricePredicates(const DetectionSet& set, const RuleCostStats* stats) {
  const auto all = set.conditions().set().predicates();
  std::vector<PredicatePrice> out;
  std::vector<std::size_t> place(all.size(), SIZE_MAX);
  for (PredicateId id = 0; id < all.size(); ++id) {
    PredicatePrice price;
    price.predicate = id;
    price.kind = KindOf(all[id]);
    if (price.kind == PredicateKind::kTable) continue;
    if (stats != nullptr && id < stats->costs.asked.size()) {
      price.asked = stats->costs.asked[id];
      price.seconds = stats->predicate_seconds[id];
    }
    if (price.asked == 0 && IsRemembered(set.conditions().set(), all[id])) continue;
    place[id] = out.size();
    out.push_back(std::move(price));
  }
  const auto by_rule = PredicatesByRule(set);
  for (std::size_t rule = 0; rule < by_rule.size(); ++rule) {
    for (const PredicateId id : by_rule[rule]) {
      if (place[id] != SIZE_MAX) out[place[id]].rules.push_back(rule);
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const PredicatePrice& a, const PredicatePrice& b) {
    return std::tuple(-a.seconds, b.asked, b.rules.size()) <
           std::tuple(-b.seconds, a.asked, a.rules.size());
  });
  return out;
}

}  // namespace

std::vector<std::uint64_t> BytesByRule(const DetectionSet& set) {
  const ConditionSet& conditions = set.conditions().set();
  const engine::ConditionTrees& trees = conditions.trees();
  std::vector<double> bytes(set.size());
  Split nodes(trees.size());
  for (engine::ConditionId i = 0; i < conditions.size(); ++i) {
    const std::size_t rule = RuleOf(set, i);
    bytes[rule] += sizeof(engine::NodeId);
    for (const engine::NodeId node : NodesOf(trees, conditions.root(i))) nodes.Use(node, rule);
  }
  const double per_node = static_cast<double>(trees.bytes()) / static_cast<double>(trees.size());
  nodes.Pay([&](std::size_t) { return per_node; }, bytes);
  Split predicates(conditions.predicates().size());
  const auto by_rule = PredicatesByRule(set);
  for (std::size_t rule = 0; rule < by_rule.size(); ++rule) {
    for (const PredicateId id : by_rule[rule]) predicates.Use(id, rule);
  }
  predicates.Pay(
      [&](std::size_t id) { return BytesOfPredicate(conditions, static_cast<PredicateId>(id)); },
      bytes);
  std::vector<std::uint64_t> out;
  for (const double one : bytes) out.push_back(static_cast<std::uint64_t>(std::llround(one)));
  return out;
}

RulePrices PriceRules(const DetectionSet& set, const RuleCostStats* stats) {
  RulePrices out;
  const auto indexes = DescribeIndexes(set);
  const auto bytes = BytesByRule(set);
  const auto work = WorkByRule(set, stats != nullptr ? stats->costs : MatchCosts());
  for (std::size_t i = 0; i < set.size(); ++i) {
    RulePrice price;
    price.rule = i;
    price.work = work[i];
    if (stats != nullptr) price.seconds = stats->rule_seconds[i];
    price.bytes = bytes[i];
    price.indexes = indexes[i];
    price.weakest = WeakestOf(indexes[i]);
    out.rules.push_back(std::move(price));
  }
  const auto key = [&](const RulePrice& price) {
    return std::tuple(-price.seconds,
                      -static_cast<double>(price.work.candidates + price.work.asked),
                      HasIndex(price.weakest), -static_cast<double>(price.bytes),
                      std::string_view(set.rule(price.rule).name), price.rule);
  };
  std::sort(out.rules.begin(), out.rules.end(),
            [&](const RulePrice& a, const RulePrice& b) { return key(a) < key(b); });
  out.predicates = PricePredicates(set, stats);
  return out;
}

}  // namespace vedette::service
