// SPDX-License-Identifier: Apache-2.0
#include "engine/witness.h"

#include <algorithm>
#include <utility>

namespace vedette::engine {
namespace {

void Join(Witness& to, const Witness& from) {
  to.predicates.insert(to.predicates.end(), from.predicates.begin(), from.predicates.end());
  to.cost += from.cost;
  if (to.field != from.field) to.field = Witness::kSeveralFields;
}

void Tidy(Witness& witness) {
  auto& predicates = witness.predicates;
  std::sort(predicates.begin(), predicates.end());
  predicates.erase(std::unique(predicates.begin(), predicates.end()), predicates.end());
}

}  // namespace

const std::vector<Witness>& Witnesses::Of(NodeId node, const ConditionTrees& trees,
                                          const Usable& usable) {
  if (const auto known = known_.find(node); known != known_.end()) return known->second;
  std::vector<Witness> found = Find(node, trees, usable);
  std::stable_sort(found.begin(), found.end(),
                   [](const Witness& a, const Witness& b) { return a.cost < b.cost; });
  if (found.size() > kMostOffers) found.resize(kMostOffers);
  bytes_ += 64;
  for (const Witness& one : found) bytes_ += sizeof one + one.predicates.capacity() * 4;
  return known_.emplace(node, std::move(found)).first->second;
}

void Witnesses::Clear() {
  known_.clear();
  bytes_ = 0;
}

double Witnesses::CostOf(PredicateId predicate) const {
  return static_cast<double>(set_->predicates()[predicate].breadth);
}

std::vector<Witness> Witnesses::Find(NodeId node, const ConditionTrees& trees,
                                     const Usable& usable) {
  using Kind = ConditionTrees::Kind;
  switch (trees.kind(node)) {
    case Kind::kHolds: {
      const PredicateId predicate = trees.predicate(node);
      if (!usable(predicate)) return {};
      return {{{predicate}, set_->predicates()[predicate].field, CostOf(predicate)}};
    }
    case Kind::kAnd: {
      std::vector<Witness> all;
      for (const NodeId child : trees.children(node)) {
        const auto& of_child = Of(child, trees, usable);
        all.insert(all.end(), of_child.begin(), of_child.end());
      }
      return all;
    }
    case Kind::kOr:
      return OfDisjunction(node, trees, usable);
    default:
      return {};
  }
}

std::vector<Witness> Witnesses::OfDisjunction(NodeId node, const ConditionTrees& trees,
                                              const Usable& usable) {
  const auto children = trees.children(node);
  std::vector<Witness> all;
  Witness cheapest;
  for (const NodeId child : children) {
    const auto& of_child = Of(child, trees, usable);
    if (of_child.empty()) return {};
    if (cheapest.predicates.empty()) {
      cheapest = of_child.front();
    } else {
      Join(cheapest, of_child.front());
    }
  }
  Tidy(cheapest);
  all.push_back(cheapest);
  for (const Witness& first : Of(children.front(), trees, usable)) {
    if (first.field == Witness::kSeveralFields || first.field == cheapest.field) continue;
    Witness in_field = first;
    for (const NodeId child : children.subspan(1)) {
      const auto& of_child = Of(child, trees, usable);
      const auto same = std::find_if(of_child.begin(), of_child.end(),
                                     [&](const Witness& one) { return one.field == first.field; });
      if (same == of_child.end()) {
        in_field.predicates.clear();
        break;
      }
      Join(in_field, *same);
    }
    if (in_field.predicates.empty()) continue;
    Tidy(in_field);
    all.push_back(std::move(in_field));
  }
  return all;
}

}  // namespace vedette::engine
