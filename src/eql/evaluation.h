// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/condition.h"
#include "eql/function_table.h"
#include "eql/interpreter.h"
#include "eql/regex.h"
#include "event/event.h"
#include "event/value.h"

/// Inside of the interpreter, shared with constant folding. Not for other rooms.
namespace vedette::eql {

Truth ToTruth(const event::Value& value);
event::Value FromTruth(Truth t);

struct Mode {
  Dialect dialect;
  bool case_sensitive;  ///< EG only
  bool endgame() const { return dialect == Dialect::kEndgame; }
};

/// What is worth knowing about a tree before events come: constants, leaves' fields, compiled
/// regexes. Refers to the tree, which must outlive it and not change. Immutable once built.
class Plan {
 public:
  /// A field as leaves see it: all its occurrences choose one value together.
  using Group = std::uint32_t;

  Plan(const Expr& root, const Mode& mode);
  bool IsConstant(const Expr& expr) const { return facts_.at(&expr).constant; }
  /// Null for every event: a null constant or something that null makes null.
  bool IsAlwaysNull(const Expr& expr) const { return facts_.at(&expr).always_null; }
  const std::vector<Group>& LeafGroups(const Expr& leaf) const { return leaves_.at(&leaf); }
  Group GroupOf(const Expr& field) const { return group_of_.at(&field); }
  const Expr& GroupField(Group group) const { return *groups_[group]; }
  std::size_t group_count() const { return groups_.size(); }
  /// Null when the patterns do not compile (then the checker refused them).
  const Regex* RegexOf(const Expr& expr) const;

 private:
  struct Facts {
    bool constant = false;
    bool always_null = false;
  };
  Facts Visit(const Expr& expr);
  Facts VisitChildren(const Expr& expr);
  bool NullPropagates(const Expr& expr) const;
  void PlanCondition(const Expr& expr);
  void PlanLeaf(const Expr& leaf);
  void CollectGroups(const Expr& expr, std::vector<Group>& groups);
  void CompileRegexes(const Expr& expr);

  Mode mode_;
  std::unordered_map<const Expr*, Facts> facts_;
  std::unordered_map<const Expr*, std::vector<Group>> leaves_;
  std::unordered_map<const Expr*, Group> group_of_;
  std::map<std::string, Group> group_names_;
  std::vector<const Expr*> groups_;
  std::unordered_map<const Expr*, Regex> regexes_;
};

/// One evaluation over one event. Short-lived, one thread.
class Evaluator {
 public:
  Evaluator(const Plan& plan, const Mode& mode, const event::Event& event, base::Arena& scratch,
            const Surroundings* around = nullptr);
  /// A name that EG expressions may use besides fields (`events` in pipes).
  void Bind(std::string_view name, event::Value value) { bindings_.push_back({name, value}); }

  /// Truth of a condition: two-valued leaves in ES and EP, three-valued throughout in EG.
  Truth Condition(const Expr& expr);
  /// Value of an expression; in ES and EP for the values that the current leaf has chosen.
  event::Value Scalar(const Expr& expr);
  /// Value of a lone expression: multi-valued fields contribute their first value.
  event::Value TopLevel(const Expr& expr);

 private:
  struct Binding {
    std::string_view name;
    event::Value value;
  };
  struct Operand {
    event::Value value;
    Type type;
    bool constant;
  };
  /// Truth of a value as an operand: EG takes what its schema-less fields hold by Python's rules
  /// (an object, a text that is not empty, a number that is not zero are true); elsewhere only
  /// booleans count.
  Truth TruthOf(const event::Value& value) const;
  Truth Leaf(const Expr& leaf);
  std::vector<event::Value> Choices(const Field& field);
  const event::Value* FindBinding(std::string_view name) const;

  event::Value ScalarField(const Expr& expr, const Field& field);
  event::Value TreeField(const Field& field);
  event::Value ScalarLogical(const Logical& logical);
  event::Value ScalarComparison(const Comparison& comparison);
  event::Value ScalarIn(const InList& in);
  event::Value ScalarPattern(const Expr& expr, const Pattern& pattern);
  event::Value ScalarCall(const Expr& expr, const Call& call);
  event::Value SearchArray(const Call& call, FunctionId id);
  event::Value SlotOf(const Field& field) const;
  event::Value TextOfTyped(const event::Value& value, Type type);
  Operand MakeOperand(const Expr& expr);

  event::Value Compare(ComparisonOp op, const Operand& a, const Operand& b);
  event::Value CompareTyped(ComparisonOp op, const Operand& a, const Operand& b, Type type);
  event::Value CompareEndgame(ComparisonOp op, const event::Value& a, const event::Value& b);
  void Reconcile(Operand& a, Operand& b);

  const Plan& plan_;
  Mode mode_;
  const event::Event& event_;
  base::Arena& scratch_;
  const Surroundings* around_;
  std::vector<event::Value> chosen_;
  std::vector<Binding> bindings_;
};

}  // namespace vedette::eql
