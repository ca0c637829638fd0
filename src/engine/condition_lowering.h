// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/condition_set.h"

namespace vedette::engine {

/// Turns checked conditions into trees of interned predicates. Inside of ConditionSet.
///
/// A leaf over one flat field whose meaning tables can decide (equality, lists, wildcards, numbers,
/// address blocks, null tests) becomes a list of tests; any other leaf keeps its expression and is
/// decided by the evaluator. Negation moves down to the leaves: with two-valued leaves (reference
/// 8.2) what is null can only be a constant, and a constant null in negation normal form is as good
/// as false.
class ConditionLowering {
 public:
  explicit ConditionLowering(ConditionSet& set) : set_(&set) {}
  NodeId Lower(const eql::EventQuery& query, eql::Dialect dialect,
               const eql::CheckOptions& options);
  /// After the last condition: tables of the fields.
  void Finish();
  /// The set lies elsewhere now.
  void MoveTo(ConditionSet& set) { set_ = &set; }

 private:
  struct Context {
    eql::Dialect dialect;
    const eql::CheckOptions* options;
  };
  /// Tests of which one must hold, and whether the leaf asks that one does or that none does.
  struct Tests {
    event::FieldId field{};
    std::vector<TestId> tests;
    bool null_test = false;
    bool positive = true;
  };
  NodeId LowerExpr(const eql::Expr& expr, bool positive, const Context& context);
  NodeId LowerLeaf(const eql::Expr& expr, bool positive, const Context& context);
  std::optional<Tests> AsTests(const eql::Expr& expr, const Context& context);
  std::optional<Tests> ComparisonTests(const eql::Comparison& comparison);
  std::optional<Tests> ListTests(const eql::InList& in);
  std::optional<Tests> PatternTests(const eql::Pattern& pattern);
  std::optional<Tests> CallTests(const eql::Call& call, const Context& context);
  bool AddLiteral(std::uint32_t field, const eql::Expr& field_expr, eql::ComparisonOp op,
                  const eql::Expr& literal, bool fold, std::vector<TestId>& tests);

  std::uint32_t FieldNumber(event::FieldId id);
  /// The field of an expression that is nothing but a flat field of the event.
  std::optional<std::uint32_t> FlatField(const eql::Expr& expr);
  PredicateId InternTests(std::uint32_t field, std::vector<TestId> tests, bool null_test,
                          const std::string& leaf);
  bool DecidesOtherKinds(std::uint32_t field) const;
  static std::string LeafKey(const eql::Expr& leaf, const Context& context);
  PredicateId InternAsked(const eql::Expr& leaf, eql::Truth wanted, const Context& context);
  PredicateId NewPredicate(MatchedPredicate predicate);

  ConditionSet* set_;
  std::map<event::FieldId, std::uint32_t> field_numbers_;
  std::map<std::string, PredicateId> interned_;
  struct TestsOf {
    std::vector<TestId> tests;
    bool null_test = false;
  };
  std::vector<TestsOf> tests_of_;  ///< by predicate
};

}  // namespace vedette::engine
