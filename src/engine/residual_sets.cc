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
  set_of_holding_.clear();
  candidates_.assign(1024, {});
  candidates_used_ = 0;
  candidate_pool_.clear();
  lookups_ = 0;
  set_bytes_ = 0;
  sole_fields_.clear();
}

std::size_t ResidualSets::bytes() const {
  return trees_.bytes() + assign_.known.size() * 8 + witnesses_.bytes() + set_bytes_ +
         (state_of_tuple_.size() + set_of_tuple_.size() + set_of_holding_.size()) * 48 +
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

std::uint32_t ResidualSets::State(std::uint32_t origin, std::span<const Residual> roots,
                                  std::span<const std::uint32_t> fields, const KeyedHash& hash,
                                  std::span<const ClassId> classes_of) {
  const Hash128 tuple = TupleHash(origin, fields, hash, classes_of);
  const auto [at, fresh] =
      state_of_tuple_.try_emplace(tuple, static_cast<std::uint32_t>(states_.size()));
  if (!fresh) return at->second;
  MatchState& state = states_.emplace_back();
  assign_.Begin();
  const auto predicates = conditions_->predicates();
  const auto truth = [&](PredicateId id) {
    const MatchedPredicate& it = predicates[id];
    if (it.field == MatchedPredicate::kSeveral ||
        (*roles_)[it.field] != FieldRole::kDiscriminator) {
      return -1;
    }
    return (*classes_)[it.field].Holds(classes_of[it.field], it.local) ? 1 : 0;
  };
  for (const Residual& root : roots) {
    const NodeId node = trees_.Assign(root.node, truth, assign_);
    if (node == ConditionTrees::kTrue) {
      state.hits.push_back(root.condition);
    } else if (node != ConditionTrees::kFalse) {
      state.residuals.push_back({root.condition, node});
    }
  }
  Arrange(state);
  set_bytes_ += sizeof state + state.residuals.capacity() * sizeof(Residual) +
                (state.hits.capacity() + state.low_fields.capacity()) * 4 + BytesOf(state.base);
  for (const auto& [predicate, places] : state.asking) set_bytes_ += 64 + places.capacity() * 4;
  return at->second;
}

/// Finds the low fields that the state asks for, who asks for which of their predicates, and what
/// is left of everyone when none of these holds.
void ResidualSets::Arrange(MatchState& state) {
  std::vector<bool> wanted(conditions_->fields().size());
  std::vector<PredicateId> asked;
  std::vector<NodeId> stack;
  const auto predicates = conditions_->predicates();
  const auto is_low = [&](PredicateId id) {
    return predicates[id].field != MatchedPredicate::kSeveral &&
           (*roles_)[predicates[id].field] == FieldRole::kLow;
  };
  for (std::uint32_t place = 0; place < state.residuals.size(); ++place) {
    asked.clear();
    stack.assign(1, state.residuals[place].node);
    while (!stack.empty()) {
      const NodeId node = stack.back();
      stack.pop_back();
      using Kind = ConditionTrees::Kind;
      const Kind kind = trees_.kind(node);
      if (kind == Kind::kAnd || kind == Kind::kOr) {
        const auto children = trees_.children(node);
        stack.insert(stack.end(), children.begin(), children.end());
      } else if (is_low(trees_.predicate(node))) {
        asked.push_back(trees_.predicate(node));
      }
    }
    std::sort(asked.begin(), asked.end());
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    for (const PredicateId id : asked) {
      wanted[predicates[id].field] = true;
      state.asking[id].push_back(place);
    }
  }
  for (std::uint32_t field = 0; field < wanted.size(); ++field) {
    if (wanted[field]) state.low_fields.push_back(field);
  }
  state.in_base.assign(state.residuals.size(), MatchState::kNothing);
  assign_.Begin();
  const auto none_holds = [&](PredicateId id) { return is_low(id) ? 0 : -1; };
  for (std::uint32_t place = 0; place < state.residuals.size(); ++place) {
    const NodeId node = trees_.Assign(state.residuals[place].node, none_holds, assign_);
    if (node == ConditionTrees::kTrue) {
      state.base.hits.push_back(place);
    } else if (node != ConditionTrees::kFalse) {
      state.in_base[place] = static_cast<std::uint32_t>(state.base.residuals.size());
      state.base.residuals.push_back({state.residuals[place].condition, node});
    }
  }
  for (std::size_t i = 0; i < state.base.hits.size(); ++i) {
    state.in_base[state.base.hits[i]] = static_cast<std::uint32_t>(state.base.residuals.size() + i);
  }
  Index(state.base);
}

std::vector<const ResidualSets::Asking*> ResidualSets::HoldingOf(
    const MatchState& state, std::span<const ClassId> classes_of) const {
  std::vector<const Asking*> holding;
  for (const std::uint32_t field : state.low_fields) {
    const auto& of_field = conditions_->fields()[field].predicates;
    (*classes_)[field].ForEachHolding(classes_of[field], [&](std::uint32_t local) {
      const auto asking = state.asking.find(of_field[local]);
      if (asking != state.asking.end()) holding.push_back(&*asking);
    });
  }
  return holding;
}

std::uint32_t ResidualSets::Set(std::uint32_t number, const KeyedHash& hash,
                                std::span<const ClassId> classes_of) {
  const MatchState& state = states_[number];
  const Hash128 tuple = TupleHash(number, state.low_fields, hash, classes_of);
  const auto [at, fresh] = set_of_tuple_.try_emplace(tuple, 0);
  if (!fresh) return at->second;
  // Classes differ in predicates that nobody asks for in this state, too: those do not count.
  const auto holding = HoldingOf(state, classes_of);
  key_.assign(reinterpret_cast<const char*>(&number), sizeof number);
  for (const auto* asking : holding) {
    key_.append(reinterpret_cast<const char*>(&asking->first), sizeof(PredicateId));
  }
  const auto [same, is_new] =
      set_of_holding_.try_emplace(hash.Of(key_), static_cast<std::uint32_t>(sets_.size()));
  at->second = same->second;
  if (!is_new) return at->second;
  ++built_;
  ResidualSet& set = sets_.emplace_back();
  set.state = number;
  const auto set_bit = [](std::vector<std::uint64_t>& bits, std::uint32_t i) {
    bits[i >> 6U] |= std::uint64_t{1} << (i & 63U);
  };
  concerned_.assign((state.residuals.size() + 63) / 64, 0);
  set.replaced.resize((state.base.residuals.size() + state.base.hits.size() + 63) / 64);
  for (const auto* asking : holding) {
    for (const std::uint32_t place : asking->second) {
      set_bit(concerned_, place);
      if (state.in_base[place] != MatchState::kNothing) set_bit(set.replaced, state.in_base[place]);
    }
  }
  assign_.Begin();
  const auto predicates = conditions_->predicates();
  const auto truth = [&](PredicateId id) {
    const MatchedPredicate& it = predicates[id];
    if (it.field == MatchedPredicate::kSeveral || (*roles_)[it.field] != FieldRole::kLow) return -1;
    return (*classes_)[it.field].Holds(classes_of[it.field], it.local) ? 1 : 0;
  };
  for (std::size_t word = 0; word < concerned_.size(); ++word) {
    for (std::uint64_t left = concerned_[word]; left != 0; left &= left - 1) {
      const auto place =
          static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(__builtin_ctzll(left)));
      const Residual& residual = state.residuals[place];
      const NodeId node = trees_.Assign(residual.node, truth, assign_);
      if (node == ConditionTrees::kTrue) {
        set.own.hits.push_back(place);
      } else if (node != ConditionTrees::kFalse) {
        set.own.residuals.push_back({residual.condition, node});
      }
    }
  }
  Index(set.own);
  set_bytes_ += sizeof set + set.replaced.capacity() * 8 + BytesOf(set.own);
  return at->second;
}

std::size_t ResidualSets::BytesOf(const ResidualGroup& group) {
  std::size_t bytes = group.residuals.capacity() * sizeof(Residual) +
                      (group.hits.capacity() + group.unindexed.capacity()) * 4;
  for (const auto& lookup : group.lookups) {
    bytes += sizeof lookup + lookup.witnesses.capacity() * sizeof(lookup.witnesses[0]) +
             lookup.decided.capacity() * 4;
  }
  return bytes;
}

bool ResidualSets::Usable(PredicateId id) const {
  const MatchedPredicate& predicate = conditions_->predicates()[id];
  return predicate.field != MatchedPredicate::kSeveral &&
         (!predicate.asked || (*classes_)[predicate.field].with_asked());
}

std::uint32_t ResidualSets::SoleField(NodeId node) {
  using Kind = ConditionTrees::Kind;
  const Kind kind = trees_.kind(node);
  if (kind == Kind::kHolds || kind == Kind::kFails) {
    const PredicateId id = trees_.predicate(node);
    return Usable(id) ? conditions_->predicates()[id].field : Witness::kSeveralFields;
  }
  if (const auto known = sole_fields_.find(node); known != sole_fields_.end()) {
    return known->second;
  }
  std::uint32_t sole = Witness::kSeveralFields;
  bool first = true;
  for (const NodeId child : trees_.children(node)) {
    const std::uint32_t of_child = SoleField(child);
    if (first) sole = of_child;
    first = false;
    if (of_child != sole) sole = Witness::kSeveralFields;
    if (sole == Witness::kSeveralFields) break;
  }
  sole_fields_.emplace(node, sole);
  return sole;
}

ResidualGroup::Lookup& ResidualSets::LookupOf(ResidualGroup& group, std::uint32_t field) {
  const auto known = std::find_if(group.lookups.begin(), group.lookups.end(),
                                  [&](const auto& it) { return it.field == field; });
  if (known != group.lookups.end()) return *known;
  return group.lookups.emplace_back(ResidualGroup::Lookup{field, lookups_++, {}, {}, false, false});
}

/// Every field that is looked up costs time for every event, so residuals that have a choice take a
/// witness in a field that others need anyway.
void ResidualSets::Index(ResidualGroup& group) {
  const auto predicates = conditions_->predicates();
  const auto usable = [this](PredicateId id) { return Usable(id); };
  const auto place = [&](std::uint32_t residual, const Witness& witness) {
    for (const PredicateId id : witness.predicates) {
      LookupOf(group, predicates[id].field).witnesses.push_back({predicates[id].local, residual});
    }
  };
  const auto is_looked_up = [&](std::uint32_t field) {
    return std::any_of(group.lookups.begin(), group.lookups.end(),
                       [&](const auto& lookup) { return lookup.field == field; });
  };
  std::vector<std::uint32_t> choosing;
  for (std::uint32_t i = 0; i < group.residuals.size(); ++i) {
    const NodeId node = group.residuals[i].node;
    if (const std::uint32_t field = SoleField(node); field != Witness::kSeveralFields) {
      LookupOf(group, field).decided.push_back(i);
      continue;
    }
    const auto& offers = witnesses_.Of(node, trees_, usable);
    if (offers.empty()) {
      group.unindexed.push_back(i);
    } else if (offers.size() == 1) {
      place(i, offers.front());
    } else {
      choosing.push_back(i);
    }
  }
  for (const std::uint32_t i : choosing) {
    const auto& offers = witnesses_.Of(group.residuals[i].node, trees_, usable);
    const auto free = std::find_if(offers.begin(), offers.end(), [&](const Witness& offer) {
      return std::all_of(offer.predicates.begin(), offer.predicates.end(),
                         [&](PredicateId id) { return is_looked_up(predicates[id].field); });
    });
    place(i, free != offers.end() ? *free : offers.front());
  }
  group.residuals.shrink_to_fit();
  group.lookups.shrink_to_fit();
  for (ResidualGroup::Lookup& lookup : group.lookups) {
    lookup.witnesses.shrink_to_fit();
    lookup.decided.shrink_to_fit();
    const FieldClasses& classes = (*classes_)[lookup.field];
    const auto is_quiet = [&](ClassId of) {
      assign_.Begin();
      const auto truth = [&](PredicateId id) {
        return classes.Holds(of, predicates[id].local) ? 1 : 0;
      };
      return std::none_of(lookup.witnesses.begin(), lookup.witnesses.end(),
                          [&](const auto& it) { return classes.Holds(of, it.local); }) &&
             std::none_of(lookup.decided.begin(), lookup.decided.end(), [&](std::uint32_t i) {
               return trees_.Assign(group.residuals[i].node, truth, assign_) ==
                      ConditionTrees::kTrue;
             });
    };
    lookup.quiet_if_absent = is_quiet(FieldClasses::kAbsent);
    lookup.quiet_if_unknown = is_quiet(FieldClasses::kNoTestHolds);
  }
}

ResidualSets::Chosen ResidualSets::ChosenOf(const CandidateSlot& slot) const {
  const auto all = std::span(candidate_pool_);
  return {all.subspan(slot.begin, slot.decided),
          all.subspan(slot.begin + slot.decided, slot.candidates)};
}

ResidualSets::Chosen ResidualSets::Choose(const ResidualGroup& group,
                                          const ResidualGroup::Lookup& lookup, ClassId of) {
  const std::uint64_t key = (std::uint64_t{lookup.id} << 32U | of) + 1;
  const std::size_t mask = candidates_.size() - 1;
  std::size_t at = (key * 0x9E3779B97F4A7C15ULL >> 20U) & mask;
  for (; candidates_[at].key != 0; at = (at + 1) & mask) {
    if (candidates_[at].key == key) return ChosenOf(candidates_[at]);
  }
  CandidateSlot slot;
  slot.key = key;
  slot.begin = static_cast<std::uint32_t>(candidate_pool_.size());
  const FieldClasses& classes = (*classes_)[lookup.field];
  const auto predicates = conditions_->predicates();
  assign_.Begin();
  const auto truth = [&](PredicateId id) {
    return classes.Holds(of, predicates[id].local) ? 1 : 0;
  };
  for (const std::uint32_t residual : lookup.decided) {
    if (trees_.Assign(group.residuals[residual].node, truth, assign_) == ConditionTrees::kTrue) {
      candidate_pool_.push_back(residual);
    }
  }
  const std::size_t decided = candidate_pool_.size() - slot.begin;
  for (const auto& witness : lookup.witnesses) {
    if (!classes.Holds(of, witness.local)) continue;
    // Witnesses of one residual follow each other.
    if (candidate_pool_.size() > slot.begin + decided &&
        candidate_pool_.back() == witness.residual) {
      continue;
    }
    candidate_pool_.push_back(witness.residual);
  }
  slot.decided = static_cast<std::uint32_t>(decided);
  slot.candidates = static_cast<std::uint32_t>(candidate_pool_.size() - slot.begin - decided);
  candidates_[at] = slot;
  if (++candidates_used_ * 2 > candidates_.size()) GrowCandidates();
  return ChosenOf(slot);
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
