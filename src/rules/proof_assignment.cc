// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_assignment.h"

#include <algorithm>
#include <map>

#include "eql/function_table.h"

namespace vedette::rules {
namespace {

using eql::Expr;

constexpr std::size_t kMaxAttempts = 150;
constexpr std::size_t kAlternatives = 3;

void Blame(const std::vector<FactPtr>& facts, Conflict& conflict) {
  for (const FactPtr& fact : facts) {
    conflict.levels.insert(fact->levels.begin(), fact->levels.end());
    if (conflict.leaves.size() < 8) {
      conflict.leaves.push_back({fact->goal->leaf, fact->goal->positive});
    }
  }
}

/// The two fields that a leaf compares with each other whole, if that is what it does.
/// `functions`: also startsWith and its like, which equal texts satisfy too.
bool ComparesTwoFields(const Fact& fact, bool functions, Variable& a, Variable& b) {
  const Expr* left = nullptr;
  const Expr* right = nullptr;
  if (const auto* comparison = std::get_if<eql::Comparison>(&fact.goal->leaf->node)) {
    if (comparison->op != eql::ComparisonOp::kEqual &&
        comparison->op != eql::ComparisonOp::kNotEqual) {
      return false;
    }
    left = comparison->left.get();
    right = comparison->right.get();
  } else if (const auto* call = std::get_if<eql::Call>(&fact.goal->leaf->node);
             call != nullptr && functions && call->arguments.size() == 2) {
    left = call->arguments[0].get();
    right = call->arguments[1].get();
  } else {
    return false;
  }
  const auto* x = std::get_if<eql::Field>(&left->node);
  const auto* y = std::get_if<eql::Field>(&right->node);
  if (x == nullptr || y == nullptr) return false;
  a = Resolve(*x, *fact.goal->scope);
  b = Resolve(*y, *fact.goal->scope);
  return true;
}

/// Fields whose text makes up the text of `expr`: not those that only say where to cut it.
void AddCarriers(const Expr& expr, const Scope& scope, std::set<Variable>& out) {
  if (const auto* field = std::get_if<eql::Field>(&expr.node)) {
    out.insert(Resolve(*field, scope));
    return;
  }
  const auto* call = std::get_if<eql::Call>(&expr.node);
  const eql::FunctionSpec* spec =
      call == nullptr ? nullptr : eql::FindFunction(call->name, eql::Dialect::kEndpoint);
  if (spec == nullptr || call->arguments.empty()) return;
  const std::size_t count = spec->id == eql::FunctionId::kConcat ? call->arguments.size() : 1;
  for (std::size_t i = 0; i < count; ++i) AddCarriers(*call->arguments[i], scope, out);
}

/// The fields of a leaf that are matched against the rest (`a` in `startsWith(a, b)`).
void AddTargets(const Fact& fact, std::set<Variable>& out) {
  const Scope& scope = *fact.goal->scope;
  const Expr& leaf = *fact.goal->leaf;
  if (const auto* call = std::get_if<eql::Call>(&leaf.node)) {
    if (!call->arguments.empty()) AddCarriers(*call->arguments[0], scope, out);
  } else if (const auto* comparison = std::get_if<eql::Comparison>(&leaf.node)) {
    AddCarriers(*comparison->left, scope, out);
  }
}

enum class Order : std::uint8_t { kTargetsLast, kTargetsFirst, kRelatedEqual };

class Assigner {
 public:
  Assigner(const std::vector<FactPtr>& facts, const AssignContext& context, Order order)
      : facts_(facts), context_(context), order_(order) {}

  bool Run(Valuation& values, Conflict& conflict) {
    if (!MakeClasses(conflict)) return false;
    Arrange();
    if (!From(0, conflict)) return false;
    values = std::move(values_);
    return true;
  }

 private:
  struct Class {
    std::vector<Variable> members;
    std::vector<FactPtr> facts;
    bool needed = false;
    bool absent = false;
    bool related = false;  ///< some fact relates it to another class
    int rank = 0;
  };

  std::size_t Root(std::size_t i) const {
    while (parent_[i] != i) i = parent_[i];
    return i;
  }
  std::size_t IdOf(const Variable& variable) {
    const auto [at, fresh] = ids_.try_emplace(variable, names_.size());
    if (fresh) {
      names_.push_back(variable);
      parent_.push_back(at->second);
    }
    return at->second;
  }
  Class& ClassOf(const Variable& variable) { return classes_[Root(ids_.at(variable))]; }

  bool MakeClasses(Conflict& conflict) {
    for (const FactPtr& fact : facts_) {
      for (const Variable& variable : fact->variables) IdOf(variable);
    }
    Variable a;
    Variable b;
    for (const FactPtr& fact : facts_) {
      if (!fact->goal->positive || fact->null_test) continue;
      if (!ComparesTwoFields(*fact, order_ == Order::kRelatedEqual, a, b)) continue;
      parent_[Root(IdOf(a))] = Root(IdOf(b));
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      classes_[Root(i)].members.push_back(names_[i]);
    }
    for (const FactPtr& fact : facts_) {
      std::set<Class*> touched;
      for (const Variable& variable : fact->variables) touched.insert(&ClassOf(variable));
      for (Class* one : touched) {
        one->facts.push_back(fact);
        one->related = one->related || touched.size() > 1;
        one->needed = one->needed || fact->NeedsValue();
        one->absent = one->absent || (fact->null_test && fact->goal->positive);
      }
    }
    for (const FactPtr& fact : facts_) {
      if (fact->goal->positive || fact->null_test || order_ == Order::kRelatedEqual) continue;
      if (!ComparesTwoFields(*fact, false, a, b) || &ClassOf(a) != &ClassOf(b)) continue;
      if (!ClassOf(a).needed) continue;
      // Equal by one condition, different by another.
      conflict.field = a.path;
      Blame(ClassOf(a).facts, conflict);
      return false;
    }
    for (auto& [root, one] : classes_) {
      if (!one.needed || !one.absent) continue;
      conflict.field = one.members[0].path;
      Blame(one.facts, conflict);
      return false;
    }
    return true;
  }

  void Arrange() {
    for (const FactPtr& fact : facts_) {
      if (!fact->goal->positive || fact->variables.size() < 2) continue;
      std::set<Variable> targets;
      AddTargets(*fact, targets);
      for (const Variable& variable : fact->variables) {
        ClassOf(variable).rank += targets.contains(variable) ? 1 : -1;
      }
    }
    for (auto& [root, one] : classes_) {
      if (one.needed) sequence_.push_back(&one);
    }
    std::stable_sort(sequence_.begin(), sequence_.end(), [&](const Class* x, const Class* y) {
      return order_ == Order::kTargetsFirst ? x->rank > y->rank : x->rank < y->rank;
    });
  }

  /// The demand that `fact` makes on `one` now, if it can be stated already.
  bool DemandOf(const FactPtr& fact, const Class& one, Demand& demand) {
    if (fact->null_test) return false;
    Variable a;
    Variable b;
    const bool two = ComparesTwoFields(*fact, order_ == Order::kRelatedEqual, a, b);
    if (two && fact->goal->positive && &ClassOf(a) == &ClassOf(b)) return false;  // holds by class
    demand = {fact->goal->leaf, fact->goal->scope, fact->goal->positive, {}, true};
    for (const Variable& variable : fact->variables) {
      const Class& other = ClassOf(variable);
      if (&other == &one) {
        demand.members.push_back(variable);
        continue;
      }
      demand.alone = false;
      // An absent field makes the leaf false, which is what a negative fact asks.
      if (!other.needed || !choice_.contains(variable)) return false;
    }
    return true;
  }

  bool From(std::size_t index, Conflict& conflict) {
    if (index == sequence_.size()) return Verified(conflict);
    Class& one = *sequence_[index];
    if (++attempts_ > kMaxAttempts) {
      conflict.certain = false;
      Blame(facts_, conflict);
      return false;
    }
    std::vector<Demand> demands;
    for (const FactPtr& fact : one.facts) {
      Demand demand;
      if (DemandOf(fact, one, demand)) demands.push_back(std::move(demand));
    }
    ValueRequest request;
    request.members = one.members;
    request.demands = demands;
    request.others = &choice_;
    request.count = one.related ? kAlternatives : 1;
    request.several = one.members.size() == 1 &&
                      (context_.options->several_everywhere || IsListField(one.members[0].path));
    if (const Valuation* hint = context_.options->hint) {
      const auto known = hint->find(one.members[0]);
      if (known != hint->end()) request.hint = &known->second;
    }
    const ValueAnswer answer = FindValues(request, *context_.cache);
    for (const std::vector<Scalar>& alternative : answer.alternatives) {
      for (const Variable& member : one.members) {
        choice_[member] = alternative.front();
        values_[member] = alternative;
      }
      if (From(index + 1, conflict)) return true;
      if (!one.related) return false;  // nothing below depends on this one
    }
    for (const Variable& member : one.members) {
      choice_.erase(member);
      values_.erase(member);
    }
    if (!answer.alternatives.empty()) return false;
    conflict.field = one.members[0].path;
    conflict.certain = conflict.certain && answer.complete && !one.related;
    Blame(one.related ? facts_ : one.facts, conflict);
    return false;
  }

  bool Verified(Conflict& conflict) {
    for (const FactPtr& fact : facts_) {
      if (fact->null_test || fact->variables.size() < 2) continue;
      const auto truth = HoldsForSome(*fact->goal->leaf, *fact->goal->scope, values_);
      if (truth.has_value() && *truth == fact->goal->positive) continue;
      conflict.certain = false;
      conflict.field = fact->variables[0].path;
      Blame(facts_, conflict);
      return false;
    }
    return true;
  }

  const std::vector<FactPtr>& facts_;
  const AssignContext& context_;
  Order order_;
  std::map<Variable, std::size_t> ids_;
  std::vector<Variable> names_;
  std::vector<std::size_t> parent_;
  std::map<std::size_t, Class> classes_;
  std::vector<Class*> sequence_;
  Choice choice_;
  Valuation values_;
  std::size_t attempts_ = 0;
};

}  // namespace

bool ValueOne(const Variable& variable, const std::vector<FactPtr>& facts,
              const AssignContext& context, std::vector<Scalar>& values, Conflict& conflict) {
  bool needed = false;
  bool absent = false;
  std::vector<Demand> demands;
  for (const FactPtr& fact : facts) {
    needed = needed || fact->NeedsValue();
    absent = absent || (fact->null_test && fact->goal->positive);
    if (fact->null_test) continue;
    demands.push_back(
        {fact->goal->leaf, fact->goal->scope, fact->goal->positive, {variable}, true});
  }
  if (!needed) return true;
  if (!absent) {
    const Choice nothing;
    const Variable members[] = {variable};
    ValueRequest request;
    request.members = members;
    request.demands = demands;
    request.others = &nothing;
    request.several = context.options->several_everywhere || IsListField(variable.path);
    if (const Valuation* hint = context.options->hint) {
      const auto known = hint->find(variable);
      if (known != hint->end()) request.hint = &known->second;
    }
    ValueAnswer answer = FindValues(request, *context.cache);
    if (!answer.alternatives.empty()) {
      values = std::move(answer.alternatives.front());
      return true;
    }
    conflict.certain = answer.complete;
  }
  conflict.field = variable.path;
  Blame(facts, conflict);
  return false;
}

bool AssignAll(const std::vector<FactPtr>& facts, const AssignContext& context, Valuation& values,
               Conflict& conflict) {
  for (const Order order : {Order::kTargetsLast, Order::kTargetsFirst, Order::kRelatedEqual}) {
    Conflict here;
    if (Assigner(facts, context, order).Run(values, here)) return true;
    if (order == Order::kTargetsLast || !here.certain) conflict = here;
    if (here.certain) return false;
  }
  return false;
}

}  // namespace vedette::rules
