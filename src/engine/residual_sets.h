// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

/// Conditions once the discriminators are known.
struct MatchState {
  std::vector<ConditionId> hits;  ///< decided already
  std::vector<Residual> residuals;
  std::vector<std::uint32_t> low_fields;  ///< low fields that the residuals ask for
};

/// Conditions once the low fields are known, too: hits, and candidates by witness.
struct ResidualSet {
  /// One field whose class chooses candidates.
  struct Lookup {
    std::uint32_t field = 0;
    std::uint32_t id = 0;  ///< of all lookups of the matcher
    struct Witness {
      std::uint32_t local;     ///< predicate, by its number in the field
      std::uint32_t residual;  ///< number in `residuals`
    };
    std::vector<Witness> witnesses;
  };
  std::vector<ConditionId> hits;
  std::vector<Residual> residuals;
  std::vector<std::uint32_t> unindexed;  ///< residuals without a witness: always candidates
  std::vector<Lookup> lookups;
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
  /// Residuals of `lookup` that have a witness in the class; valid until the next call.
  std::span<const std::uint32_t> Candidates(const ResidualSet::Lookup& lookup, ClassId of);
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
    std::uint32_t count = 0;
  };
  Hash128 TupleHash(std::uint32_t parent, std::span<const std::uint32_t> fields,
                    const KeyedHash& hash, std::span<const ClassId> classes_of);
  /// Evaluates `from` as far as the fields of `role` decide.
  void Evaluate(std::span<const Residual> from, FieldRole role, std::span<const ClassId> classes_of,
                std::vector<ConditionId>& hits, std::vector<Residual>& left);
  void CollectLowFields(MatchState& state);
  void Index(ResidualSet& set);
  void GrowCandidates();

  const ConditionSet* conditions_;
  std::vector<FieldRole>* roles_;
  std::vector<FieldClasses>* classes_;
  ConditionTrees trees_;
  ConditionTrees::AssignScratch assign_;
  Witnesses witnesses_;
  std::vector<MatchState> states_;
  std::vector<ResidualSet> sets_;
  std::unordered_map<Hash128, std::uint32_t, HashOfHash> state_of_tuple_;
  std::unordered_map<Hash128, std::uint32_t, HashOfHash> set_of_tuple_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> set_by_content_;
  std::vector<CandidateSlot> candidates_;
  std::size_t candidates_used_ = 0;
  std::vector<std::uint32_t> candidate_pool_;
  std::uint32_t lookups_ = 0;
  std::uint64_t built_ = 0;
  std::size_t set_bytes_ = 0;
  std::string key_;
};

}  // namespace vedette::engine
