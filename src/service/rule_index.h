// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/detection_set.h"

namespace vedette::service {

/// What keeps a condition from being asked about every event of its category.
enum class IndexKind : std::uint8_t {
  kTables,   ///< besides fields whose values repeat it reads at most one: looked up, never run
  kWitness,  ///< it needs one of some texts or numbers to hold: looked up, then run
  // Nothing, because
  kAnyEvent,        ///< nothing that one event decides is asked
  kWholeQuery,      ///< an Endgame query is decided as a whole
  kNegationsOnly,   ///< it only says what must not hold
  kEvaluatorOnly,   ///< what must hold is decided by no table
  kOpenAlternative  ///< one alternative of an `or` has nothing that can be looked up
};

inline bool HasIndex(IndexKind kind) {
  return kind == IndexKind::kTables || kind == IndexKind::kWitness;
}
/// A word for machines: `tables`, `witness`, `any_event`, …
std::string_view IndexName(IndexKind kind);
/// What a rule's author can do about it; empty where there is an index.
std::string_view IndexHint(IndexKind kind);

/// The index of one condition, as lowering alone tells it: a matcher that sees ever new values in a
/// field moves it from the low to the high ones.
struct ConditionIndex {
  std::uint32_t item = 0;  ///< of a rule with state; StageHit::kUntil: `until`
  IndexKind kind = IndexKind::kAnyEvent;
  std::vector<std::string> discriminators;  ///< fields that tell kinds of events apart
  std::vector<std::string> low_fields;      ///< fields whose values repeat
  std::vector<std::string> witness_fields;  ///< fields of the witnesses; with kWitness
  std::size_t witnesses = 0;                ///< comparisons of which one must hold
};

/// By rule of the set, then by its conditions.
std::vector<std::vector<ConditionIndex>> DescribeIndexes(const DetectionSet& set);

}  // namespace vedette::service
