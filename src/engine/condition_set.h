// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/condition_tree.h"
#include "engine/field_tests.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/condition.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::engine {

using ConditionId = std::uint32_t;

/// How the matcher treats a field. Only speed depends on it.
enum class FieldRole : std::uint8_t {
  kDiscriminator,  ///< few values that tell kinds of events apart: category, type, data set
  kLow,            ///< values that come again: names, executables, users
  kHigh,           ///< values that are often new: command lines, paths, numbers
};

/// What all conditions together ask of one field.
struct MatchedField {
  event::FieldId id{};
  FieldRole role = FieldRole::kLow;
  bool text = false;  ///< its slot holds texts only (its mapping is a keyword or its like)
  FieldTests tests;
  std::vector<PredicateId> predicates;  ///< by local number
  // Predicates (local numbers) by the test that makes them hold: those of test t are
  // test_predicates[test_begin[t] .. test_begin[t + 1]).
  std::vector<std::uint32_t> test_begin;
  std::vector<std::uint32_t> test_predicates;
  std::vector<std::uint32_t> holds_if_absent;  ///< local numbers
  /// Local numbers of predicates that the evaluator decides; each has a test of its own.
  std::vector<std::uint32_t> asked;
  std::vector<TestId> asked_tests;  ///< by place in `asked`
  bool presence_only = false;       ///< nothing but null tests: one class for every value
};

/// One comparison, as the oracle would decide it.
struct MatchedPredicate {
  static constexpr std::uint32_t kSeveral = 0xFFFFFFFFU;
  std::uint32_t field = kSeveral;  ///< number in fields(), kSeveral: of several fields, or a tree
  std::uint32_t local = 0;         ///< number within its field
  std::uint32_t breadth = 1;       ///< how readily it holds: FieldTests::Readiness together
  bool asked = false;              ///< no table decides it
  TestId asked_test = 0;
  /// The leaf; the predicate holds when the leaf's truth is `wanted`.
  const eql::Expr* leaf = nullptr;
  eql::Dialect dialect = eql::Dialect::kElasticsearch;
  const eql::CheckOptions* options = nullptr;
  eql::Truth wanted = eql::Truth::kTrue;
  /// Instead of a leaf: a whole query (Endgame), category included.
  const eql::EventQuery* query = nullptr;
  std::vector<event::FieldId> slots;  ///< what the leaf reads
};

/// Conditions to be decided about each event, lowered together: equal comparisons are one
/// predicate, the literals of a field one set of tests. Add(), then Lower(), then immutable; any
/// thread may read. The queries must outlive it.
class ConditionSet {
 public:
  /// `fields`: the table that the queries were checked with; grows by what is read besides.
  explicit ConditionSet(event::FieldTable& fields);
  ~ConditionSet();
  ConditionSet(ConditionSet&&) noexcept;
  ConditionSet& operator=(ConditionSet&&) noexcept;

  /// A checked and folded query. What depends on other events (aliases, process relations) is taken
  /// to hold: such a condition is a necessary one.
  ConditionId Add(const eql::EventQuery& query, eql::Dialect dialect,
                  const eql::CheckOptions& options);
  void Lower();

  std::size_t size() const { return roots_.size(); }
  NodeId root(ConditionId condition) const { return roots_[condition]; }
  const ConditionTrees& trees() const { return trees_; }
  std::span<const MatchedField> fields() const { return fields_; }
  std::span<const MatchedPredicate> predicates() const { return predicates_; }
  event::FieldTable& table() const { return *table_; }
  /// What the set itself takes, the queries not counted.
  std::size_t bytes() const;

 private:
  friend class ConditionLowering;
  event::FieldTable* table_;
  ConditionTrees trees_;
  std::vector<NodeId> roots_;
  std::vector<MatchedField> fields_;
  std::vector<MatchedPredicate> predicates_;
  std::unique_ptr<class ConditionLowering> lowering_;  ///< until Lower()
};

}  // namespace vedette::engine
