// SPDX-License-Identifier: Apache-2.0
#include "engine/residual_sets.h"

#include <algorithm>
#include <utility>

namespace vedette::engine {

ResidualSets::ResidualSets(const ConditionSet& set, std::vector<FieldRole>& roles,
                           std::vector<FieldClasses>& classes)
    : conditions_(&set),
      roles_(&roles),
      classes_(&classes),
      trees_(set.trees()),
      witnesses_(set),
      candidates_(1024) {}

void ResidualSets::Clear() {
  trees_ = conditions_->trees();
  assign_ = {};
  witnesses_.Clear();
  states_.clear();
  sets_.clear();
  state_of_tuple_.clear();
  set_of_tuple_.clear();
  set_by_content_.clear();
  candidates_.assign(1024, {});
  candidates_used_ = 0;
  candidate_pool_.clear();
  lookups_ = 0;
  set_bytes_ = 0;
}

std::size_t ResidualSets::bytes() const {
  return trees_.bytes() + assign_.known.size() * 8 + witnesses_.bytes() + set_bytes_ +
         (state_of_tuple_.size() + set_of_tuple_.size() + set_by_content_.size()) * 48 +
         candidates_.size() * sizeof(CandidateSlot) + candidate_pool_.size() * 4;
}

Hash128 ResidualSets::TupleHash(std::uint32_t parent, std::span<const std::uint32_t> fields,
                                const KeyedHash& hash, std::span<const ClassId> classes_of) {
  key_.assign(reinterpret_cast<const char*>(&parent), sizeof parent);
  for (const std::uint32_t field : fields) {
    key_.append(reinterpret_cast<const char*>(&classes_of[field]), sizeof(ClassId));
  }
  return hash.Of(key_);
}

void ResidualSets::Evaluate(std::span<const Residual> from, FieldRole role,
                            std::span<const ClassId> classes_of, std::vector<ConditionId>& hits,
                            std::vector<Residual>& left) {
  assign_.Begin();
  const auto predicates = conditions_->predicates();
  const auto truth = [&](PredicateId id) {
    const MatchedPredicate& predicate = predicates[id];
    if (predicate.field == MatchedPredicate::kSeveral || (*roles_)[predicate.field] != role) {
      return -1;
    }
    return (*classes_)[predicate.field].Holds(classes_of[predicate.field], predicate.local) ? 1 : 0;
  };
  for (const Residual& residual : from) {
    const NodeId node = trees_.Assign(residual.node, truth, assign_);
    if (node == ConditionTrees::kTrue) {
      hits.push_back(residual.condition);
    } else if (node != ConditionTrees::kFalse) {
      left.push_back({residual.condition, node});
    }
  }
}

std::uint32_t ResidualSets::State(std::uint32_t origin, std::span<const Residual> roots,
                                  std::span<const std::uint32_t> fields, const KeyedHash& hash,
                                  std::span<const ClassId> classes_of) {
  const Hash128 tuple = TupleHash(origin, fields, hash, classes_of);
  const auto [at, fresh] =
      state_of_tuple_.try_emplace(tuple, static_cast<std::uint32_t>(states_.size()));
  if (!fresh) return at->second;
  MatchState state;
  Evaluate(roots, FieldRole::kDiscriminator, classes_of, state.hits, state.residuals);
  CollectLowFields(state);
  set_bytes_ += sizeof state + state.residuals.capacity() * sizeof(Residual) +
                (state.hits.capacity() + state.low_fields.capacity()) * 4;
  states_.push_back(std::move(state));
  return at->second;
}

void ResidualSets::CollectLowFields(MatchState& state) {
  std::vector<bool> seen(trees_.size());
  std::vector<bool> wanted(conditions_->fields().size());
  std::vector<NodeId> stack;
  for (const Residual& residual : state.residuals) stack.push_back(residual.node);
  while (!stack.empty()) {
    const NodeId node = stack.back();
    stack.pop_back();
    if (seen[node]) continue;
    seen[node] = true;
    using Kind = ConditionTrees::Kind;
    const Kind kind = trees_.kind(node);
    if (kind == Kind::kAnd || kind == Kind::kOr) {
      const auto children = trees_.children(node);
      stack.insert(stack.end(), children.begin(), children.end());
    } else {
      const std::uint32_t field = conditions_->predicates()[trees_.predicate(node)].field;
      if (field != MatchedPredicate::kSeveral) wanted[field] = true;
    }
  }
  for (std::uint32_t field = 0; field < wanted.size(); ++field) {
    if (wanted[field] && (*roles_)[field] == FieldRole::kLow) state.low_fields.push_back(field);
  }
}

std::uint32_t ResidualSets::Set(std::uint32_t state, const KeyedHash& hash,
                                std::span<const ClassId> classes_of) {
  const Hash128 tuple = TupleHash(state, states_[state].low_fields, hash, classes_of);
  if (const auto known = set_of_tuple_.find(tuple); known != set_of_tuple_.end()) {
    return known->second;
  }
  ResidualSet set;
  set.hits = states_[state].hits;
  Evaluate(states_[state].residuals, FieldRole::kLow, classes_of, set.hits, set.residuals);
  std::sort(set.hits.begin(), set.hits.end());
  std::uint64_t content = XXH3_64bits(set.hits.data(), set.hits.size() * sizeof(ConditionId));
  content =
      XXH3_64bits_withSeed(set.residuals.data(), set.residuals.size() * sizeof(Residual), content);
  const auto [first, last] = set_by_content_.equal_range(content);
  for (auto at = first; at != last; ++at) {
    const ResidualSet& known = sets_[at->second];
    if (known.hits == set.hits && known.residuals == set.residuals) {
      set_of_tuple_.emplace(tuple, at->second);
      return at->second;
    }
  }
  Index(set);
  ++built_;
  const auto id = static_cast<std::uint32_t>(sets_.size());
  set_bytes_ += sizeof set + set.residuals.capacity() * sizeof(Residual) +
                (set.hits.capacity() + set.unindexed.capacity()) * 4;
  for (const auto& lookup : set.lookups) {
    set_bytes_ += sizeof lookup + lookup.witnesses.capacity() * sizeof(lookup.witnesses[0]);
  }
  sets_.push_back(std::move(set));
  set_of_tuple_.emplace(tuple, id);
  set_by_content_.emplace(content, id);
  return id;
}

void ResidualSets::Index(ResidualSet& set) {
  const auto predicates = conditions_->predicates();
  const auto usable = [&](PredicateId id) {
    const MatchedPredicate& predicate = predicates[id];
    return predicate.field != MatchedPredicate::kSeveral &&
           (!predicate.asked || (*classes_)[predicate.field].with_asked());
  };
  for (std::uint32_t i = 0; i < set.residuals.size(); ++i) {
    const auto witnesses = witnesses_.Of(set.residuals[i].node, trees_, usable);
    if (witnesses.empty()) set.unindexed.push_back(i);
    for (const PredicateId id : witnesses) {
      const std::uint32_t field = predicates[id].field;
      auto lookup = std::find_if(set.lookups.begin(), set.lookups.end(),
                                 [&](const auto& it) { return it.field == field; });
      if (lookup == set.lookups.end()) {
        set.lookups.push_back({field, lookups_++, {}});
        lookup = set.lookups.end() - 1;
      }
      lookup->witnesses.push_back({predicates[id].local, i});
    }
  }
}

std::span<const std::uint32_t> ResidualSets::Candidates(const ResidualSet::Lookup& lookup,
                                                        ClassId of) {
  const std::uint64_t key = (std::uint64_t{lookup.id} << 32U | of) + 1;
  const std::size_t mask = candidates_.size() - 1;
  std::size_t at = (key * 0x9E3779B97F4A7C15ULL >> 20U) & mask;
  for (; candidates_[at].key != 0; at = (at + 1) & mask) {
    if (candidates_[at].key == key) {
      return std::span(candidate_pool_).subspan(candidates_[at].begin, candidates_[at].count);
    }
  }
  const auto begin = static_cast<std::uint32_t>(candidate_pool_.size());
  const FieldClasses& classes = (*classes_)[lookup.field];
  for (const auto& witness : lookup.witnesses) {
    if (!classes.Holds(of, witness.local)) continue;
    // Witnesses of one residual follow each other.
    if (candidate_pool_.size() > begin && candidate_pool_.back() == witness.residual) continue;
    candidate_pool_.push_back(witness.residual);
  }
  const auto count = static_cast<std::uint32_t>(candidate_pool_.size()) - begin;
  candidates_[at] = {key, begin, count};
  if (++candidates_used_ * 2 > candidates_.size()) GrowCandidates();
  return std::span(candidate_pool_).subspan(begin, count);
}

void ResidualSets::GrowCandidates() {
  std::vector<CandidateSlot> old(candidates_.size() * 2);
  old.swap(candidates_);
  const std::size_t mask = candidates_.size() - 1;
  for (const CandidateSlot& slot : old) {
    if (slot.key == 0) continue;
    std::size_t at = (slot.key * 0x9E3779B97F4A7C15ULL >> 20U) & mask;
    while (candidates_[at].key != 0) at = (at + 1) & mask;
    candidates_[at] = slot;
  }
}

}  // namespace vedette::engine
