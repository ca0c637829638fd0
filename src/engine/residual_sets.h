// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/condition_set.h"
#include "engine/condition_tree.h"
#include "engine/field_classes.h"
#include "engine/keyed_hash.h"
#include "engine/witness.h"

namespace vedette::engine {

/// What is left of a condition.
struct Residual {
  ConditionId condition = 0;
  NodeId node = 0;
  bool operator==(const Residual&) const = default;
};

/// Residuals, arranged so that the classes of a few fields choose among them.
struct ResidualGroup {
  /// One field whose class chooses.
  struct Lookup {
    std::uint32_t field = 0;
    std::uint32_t id = 0;  ///< of all lookups of the matcher
    struct Place {
      std::uint32_t local;     ///< predicate, by its number in the field
      std::uint32_t residual;  ///< number in `residuals`
    };
    std::vector<Place> witnesses;
    /// Residuals that ask for this field alone: its class decides them.
    std::vector<std::uint32_t> decided;
    /// No residual holds or is a candidate for want of a value, or for one that no test knows.
    bool quiet_if_absent = false;
    bool quiet_if_unknown = false;
    bool IsQuiet(ClassId of) const {
      return of == FieldClasses::kAbsent ? quiet_if_absent
                                         : of == FieldClasses::kNoTestHolds && quiet_if_unknown;
    }
  };
  std::vector<Residual> residuals;
  std::vector<std::uint32_t> hits;       ///< places in the state that hold already
  std::vector<std::uint32_t> unindexed;  ///< residuals without a witness: always candidates
  std::vector<Lookup> lookups;
};

/// Conditions once the discriminators are known.
struct MatchState {
  std::vector<ConditionId> hits;  ///< decided already
  std::vector<Residual> residuals;
  std::vector<std::uint32_t> low_fields;  ///< low fields that the residuals ask for
  /// What is left when no predicate of a low field holds.
  ResidualGroup base;
  /// By place: number of what `base` says of it (its residuals first, then its hits), or kNothing.
  static constexpr std::uint32_t kNothing = 0xFFFFFFFFU;
  std::vector<std::uint32_t> in_base;
  /// Places of the residuals that ask for a low predicate.
  std::unordered_map<PredicateId, std::vector<std::uint32_t>> asking;
};

/// Conditions once the low fields are known, too: those that ask for a predicate which holds, and
/// for all others what the state says. Most values of low fields concern few conditions, so that a
/// set costs what they cost, not what all cost.
struct ResidualSet {
  std::uint32_t state = 0;
  ResidualGroup own;
  std::vector<std::uint64_t> replaced;  ///< by MatchState::in_base: bit set, it does not count
  bool Replaces(std::uint32_t in_base) const {
    return (replaced[in_base >> 6U] >> (in_base & 63U) & 1U) != 0;
  }
};

/// Builds states and residual sets, each once, by partial evaluation of condition trees; equal sets
/// are one. One thread.
class ResidualSets {
 public:
  ResidualSets(const ConditionSet& set, std::vector<FieldRole>& roles,
               std::vector<FieldClasses>& classes);

  /// `classes_of` by field: valid for the fields that are known at this step.
  std::uint32_t State(std::uint32_t origin, std::span<const Residual> roots,
                      std::span<const std::uint32_t> fields, const KeyedHash& hash,
                      std::span<const ClassId> classes_of);
  std::uint32_t Set(std::uint32_t state, const KeyedHash& hash,
                    std::span<const ClassId> classes_of);
  const MatchState& state(std::uint32_t i) const { return states_[i]; }
  const ResidualSet& set(std::uint32_t i) const { return sets_[i]; }
  /// What a class means to a lookup; valid until the next call.
  struct Chosen {
    std::span<const std::uint32_t> decided;     ///< residuals that hold
    std::span<const std::uint32_t> candidates;  ///< residuals that have a witness in the class
  };
  Chosen Choose(const ResidualGroup& group, const ResidualGroup::Lookup& lookup, ClassId of);
  const ConditionTrees& trees() const { return trees_; }
  std::uint64_t built() const { return built_; }
  std::size_t bytes() const;
  void Clear();

 private:
  struct HashOfHash {
    std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
  };
  struct CandidateSlot {
    std::uint64_t key = 0;  ///< lookup and class, plus one; 0: free
    std::uint32_t begin = 0;
    std::uint32_t decided = 0;
    std::uint32_t candidates = 0;
  };
  Chosen ChosenOf(const CandidateSlot& slot) const;
  Hash128 TupleHash(std::uint32_t parent, std::span<const std::uint32_t> fields,
                    const KeyedHash& hash, std::span<const ClassId> classes_of);
  void Arrange(MatchState& state);
  using Asking = std::pair<const PredicateId, std::vector<std::uint32_t>>;
  /// The low predicates that hold and that some residual of the state asks for.
  std::vector<const Asking*> HoldingOf(const MatchState& state,
                                       std::span<const ClassId> classes_of) const;
  void Index(ResidualGroup& group);
  ResidualGroup::Lookup& LookupOf(ResidualGroup& group, std::uint32_t field);
  static std::size_t BytesOf(const ResidualGroup& group);
  bool Usable(PredicateId predicate) const;
  /// The one field that a tree asks for and whose classes decide it; else Witness::kSeveralFields.
  std::uint32_t SoleField(NodeId node);
  void GrowCandidates();

  const ConditionSet* conditions_;
  std::vector<FieldRole>* roles_;
  std::vector<FieldClasses>* classes_;
  ConditionTrees trees_;
  ConditionTrees::AssignScratch assign_;
  Witnesses witnesses_;
  std::deque<MatchState> states_;
  std::deque<ResidualSet> sets_;
  std::unordered_map<Hash128, std::uint32_t, HashOfHash> state_of_tuple_;
  std::unordered_map<Hash128, std::uint32_t, HashOfHash> set_of_tuple_;
  std::unordered_map<Hash128, std::uint32_t, HashOfHash> set_of_holding_;
  std::unordered_map<NodeId, std::uint32_t> sole_fields_;
  std::vector<CandidateSlot> candidates_;
  std::size_t candidates_used_ = 0;
  std::vector<std::uint32_t> candidate_pool_;
  std::uint32_t lookups_ = 0;
  std::uint64_t built_ = 0;
  std::size_t set_bytes_ = 0;
  std::string key_;
  std::vector<std::uint64_t> concerned_;  ///< room of Set()
};

}  // namespace vedette::engine
