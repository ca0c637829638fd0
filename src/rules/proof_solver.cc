// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_solver.h"

#include <algorithm>
#include <deque>
#include <limits>

#include "rules/proof_assignment.h"

namespace vedette::rules {
namespace {

using eql::Expr;

constexpr int kMaxDepth = 600;

struct Open {
  const Goal* goal;
  Levels levels;
};

/// An element of an array, or an ancestor's event, that facts speak of.
struct Instance {
  std::uint32_t event;
  std::string array;  ///< empty: an ancestor
  std::string element;
  std::uint32_t ancestor = 0;
  Levels levels;
};
/// Something that must not be true of any instance.
struct Universal {
  const Goal* goal;
  std::string array;
  Levels levels;
};

struct State {
  std::vector<FactPtr> facts;
  std::vector<Instance> instances;
  std::vector<Universal> universals;
  std::set<std::pair<std::size_t, std::size_t>> applied;
  std::map<Variable, std::vector<Scalar>> witness;
};

Levels Union(const Levels& a, const Levels& b) {
  Levels out = a;
  out.insert(b.begin(), b.end());
  return out;
}

class Searcher {
 public:
  using Elements = std::map<std::pair<const Expr*, std::uint32_t>, std::string>;
  Searcher(const SolverSetting& setting, const SolveOptions& options, LanguageCache& cache,
           Elements& elements)
      : setting_(setting), options_(options), context_{&options_, &cache}, elements_(elements) {}

  Solution Run(const std::vector<Goal>& goals) {
    State state;
    std::vector<Open> open;
    for (const Goal& goal : goals) open.push_back({&goal, {}});
    const bool sat = Extend(std::move(state), std::move(open), 0);
    if (sat) {
      solution_.verdict = Solution::Verdict::kSolved;
    } else {
      solution_.verdict = gave_up_ ? Solution::Verdict::kGaveUp : Solution::Verdict::kContradiction;
      solution_.conflict = last_.leaves;
      solution_.conflict_field = last_.field;
    }
    return std::move(solution_);
  }

 private:
  bool Extend(State state, std::vector<Open> open, int depth) {
    if (++steps_ > options_.max_steps || depth > kMaxDepth) {
      gave_up_ = stopped_ = true;
      return false;
    }
    std::vector<Open> choices;
    while (true) {
      if (!Flatten(state, open, choices)) return false;
      if (!choices.empty()) break;
      ApplyUniversals(state, open);
      if (open.empty()) return Finish(state);
    }
    const std::size_t at = Cheapest(state, choices);
    const Open chosen = choices[at];
    choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(at));
    std::vector<std::pair<int, const Goal*>> ways;
    for (const Goal& part : chosen.goal->parts) ways.emplace_back(Cost(state, part), &part);
    std::stable_sort(ways.begin(), ways.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const int level = depth + 1;
    Levels blamed = chosen.levels;
    for (const auto& [cost, part] : ways) {
      std::vector<Open> next = choices;
      next.push_back({part, {level}});
      if (Extend(state, std::move(next), level)) return true;
      if (stopped_) return false;
      if (!last_.levels.contains(level)) return false;  // this choice is not to blame
      blamed.insert(last_.levels.begin(), last_.levels.end());
    }
    blamed.erase(level);
    last_.levels = std::move(blamed);
    return false;
  }

  /// Takes everything that leaves no choice.
  bool Flatten(State& state, std::vector<Open>& open, std::vector<Open>& choices) {
    while (!open.empty()) {
      const Open next = std::move(open.back());
      open.pop_back();
      switch (next.goal->kind) {
        case Goal::Kind::kTrue:
          break;
        case Goal::Kind::kFalse:
          last_ = {};
          last_.levels = next.levels;
          return false;
        case Goal::Kind::kAll:
          for (auto part = next.goal->parts.rbegin(); part != next.goal->parts.rend(); ++part) {
            open.push_back({&*part, next.levels});
          }
          break;
        case Goal::Kind::kAny:
          if (next.goal->parts.size() == 1) {
            open.push_back({&next.goal->parts[0], next.levels});
          } else {
            choices.push_back(next);
          }
          break;
        case Goal::Kind::kLeaf:
          if (!Take(state, next, open)) return false;
          break;
      }
    }
    return true;
  }

  bool Take(State& state, const Open& next, std::vector<Open>& open) {
    const Goal& goal = *next.goal;
    const Expr& leaf = *goal.leaf;
    if (std::holds_alternative<eql::Relation>(leaf.node)) {
      if (!goal.positive) {
        state.universals.push_back({&goal, {}, next.levels});
        return true;
      }
      const std::uint32_t ancestor = setting_.ancestor_of(leaf, goal.scope->event);
      state.instances.push_back({goal.scope->event, {}, {}, ancestor, next.levels});
      open.push_back(
          {&Keep(setting_.ancestor_goal(leaf, goal.scope->event, ancestor)), next.levels});
      return true;
    }
    if (const eql::Call* search = ArraySearch(leaf)) {
      const std::string array = ArrayOf(*search, *goal.scope);
      if (!goal.positive) {
        state.universals.push_back({&goal, array, next.levels});
        return true;
      }
      const std::string element = NewElement(state, leaf, *goal.scope, array, next.levels);
      open.push_back({&Keep(Body(goal, *search, element)), next.levels});
      return true;
    }
    std::set<Variable> variables;
    AddVariables(leaf, *goal.scope, variables);
    const Expr* tested = NullTested(leaf);
    const bool null_test = tested != nullptr && std::holds_alternative<eql::Field>(tested->node);
    for (const Variable& variable : variables) {
      for (const std::string& array : setting_.arrays) {
        const bool itself = null_test && variable.path == array;
        if (!itself && !variable.path.starts_with(array + ".")) continue;
        // A member named through its array: some element has it, or none may.
        if (goal.positive == null_test) {
          state.universals.push_back({&goal, array, next.levels});
          return true;
        }
        const std::string element = NewElement(state, leaf, *goal.scope, array, next.levels);
        // The array is there when it has an element, and an element when it has a member.
        if (!itself) open.push_back({&Keep(Member(goal, array, element)), next.levels});
        return true;
      }
    }
    return TakeFact(state, next, {variables.begin(), variables.end()}, null_test);
  }

  bool TakeFact(State& state, const Open& next, std::vector<Variable> variables, bool null_test) {
    const Goal& goal = *next.goal;
    if (variables.empty()) {
      const auto truth = Holds(*goal.leaf, *goal.scope, {});
      if (truth.value_or(!goal.positive) == goal.positive) return true;
      last_ = {next.levels, {{goal.leaf, goal.positive}}, {}, truth.has_value()};
      gave_up_ = gave_up_ || !truth.has_value();
      return false;
    }
    auto fact = std::make_shared<Fact>();
    fact->goal = &goal;
    fact->levels = next.levels;
    fact->variables = std::move(variables);
    fact->null_test = null_test;
    for (const FactPtr& known : state.facts) {
      if (known->goal->leaf == goal.leaf && known->goal->positive == goal.positive &&
          known->variables == fact->variables) {
        return true;
      }
    }
    state.facts.push_back(fact);
    if (fact->variables.size() > 1) return true;
    return StillPossible(state, *fact);
  }

  /// The leaves on the fact's field can hold together.
  bool StillPossible(State& state, const Fact& fact) {
    const Variable& variable = fact.variables[0];
    const auto witness = state.witness.find(variable);
    if (witness != state.witness.end() && !fact.null_test) {
      const auto truth = HoldsForSome(*fact.goal->leaf, *fact.goal->scope, {*witness});
      if (truth.has_value() && *truth == fact.goal->positive) return true;
    }
    std::vector<FactPtr> facts;
    for (const FactPtr& known : state.facts) {
      if (known->variables.size() == 1 && known->variables[0] == variable) facts.push_back(known);
    }
    std::vector<Scalar> values;
    Conflict conflict;
    if (ValueOne(variable, facts, context_, values, conflict)) {
      if (!values.empty()) state.witness[variable] = std::move(values);
      return true;
    }
    Record(std::move(conflict));
    return false;
  }

  void Record(Conflict conflict) {
    gave_up_ = gave_up_ || !conflict.certain;
    last_ = std::move(conflict);
  }

  void ApplyUniversals(State& state, std::vector<Open>& open) {
    for (std::size_t u = 0; u < state.universals.size(); ++u) {
      const Universal& universal = state.universals[u];
      const Goal& goal = *universal.goal;
      for (std::size_t i = 0; i < state.instances.size(); ++i) {
        const Instance& instance = state.instances[i];
        if (instance.event != goal.scope->event || instance.array != universal.array) continue;
        if (!state.applied.insert({u, i}).second) continue;
        const Levels levels = Union(universal.levels, instance.levels);
        if (universal.array.empty()) {
          open.push_back({&Keep(Not(setting_.inner_goal(*goal.leaf, instance.ancestor))), levels});
        } else if (const eql::Call* search = ArraySearch(*goal.leaf)) {
          open.push_back({&Keep(Not(Body(goal, *search, instance.element))), levels});
        } else if (const Expr* tested = NullTested(*goal.leaf);
                   tested != nullptr && IsArray(*tested, universal)) {
          open.push_back({&Keep(Goal{Goal::Kind::kFalse, {}, nullptr, true, {}}), levels});
        } else {
          open.push_back({&Keep(Member(goal, universal.array, instance.element)), levels});
        }
      }
    }
  }

  static bool IsArray(const Expr& expr, const Universal& universal) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    return field != nullptr && Resolve(*field, *universal.goal->scope).path == universal.array;
  }

  bool Finish(State& state) {
    Conflict conflict;
    Valuation values;
    if (!AssignAll(state.facts, context_, values, conflict)) {
      Record(std::move(conflict));
      return false;
    }
    solution_.values = std::move(values);
    for (const Instance& instance : state.instances) {
      if (instance.array.empty()) {
        solution_.ancestors.insert(instance.ancestor);
      } else {
        MakePresent(instance);
      }
    }
    return true;
  }

  /// An element of which nothing is known still has to be there.
  void MakePresent(const Instance& instance) {
    const auto at = solution_.values.lower_bound({instance.event, instance.element + "."});
    if (at != solution_.values.end() && at->first.event == instance.event &&
        at->first.path.starts_with(instance.element + ".")) {
      return;
    }
    Scalar present;
    present.value = true;
    solution_.values[{instance.event, instance.element + ".present"}] = {present};
  }

  std::size_t Cheapest(const State& state, const std::vector<Open>& choices) const {
    std::size_t best = 0;
    std::size_t best_cost = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < choices.size(); ++i) {
      // Positive needs first: they decide what exclusions have to stay clear of.
      const std::size_t cost =
          choices[i].goal->parts.size() + (Cost(state, *choices[i].goal) == 0 ? 10'000U : 0U);
      if (cost < best_cost) {
        best_cost = cost;
        best = i;
      }
    }
    return best;
  }

  /// How much a goal adds to the events, roughly; 0: nothing.
  int Cost(const State& state, const Goal& goal) const {
    switch (goal.kind) {
      case Goal::Kind::kTrue:
        return 0;
      case Goal::Kind::kFalse:
        return 100'000;
      case Goal::Kind::kAll: {
        int sum = 0;
        for (const Goal& part : goal.parts) sum = std::min(sum + Cost(state, part), 100'000);
        return sum;
      }
      case Goal::Kind::kAny: {
        int least = 100'000;
        for (const Goal& part : goal.parts) least = std::min(least, Cost(state, part));
        return least;
      }
      case Goal::Kind::kLeaf:
        return LeafCost(state, goal);
    }
    return 0;
  }

  int LeafCost(const State& state, const Goal& goal) const {
    const Expr& leaf = *goal.leaf;
    if (std::holds_alternative<eql::Relation>(leaf.node)) return goal.positive ? 60 : 0;
    if (ArraySearch(leaf) != nullptr) return goal.positive ? 20 : 0;
    std::set<Variable> variables;
    AddVariables(leaf, *goal.scope, variables);
    if (options_.hint != nullptr) {
      const auto truth = HoldsForSome(leaf, *goal.scope, *options_.hint);
      if (truth.has_value() && *truth == goal.positive) return 0;
    }
    const Expr* tested = NullTested(leaf);
    const bool needs_value = goal.positive != (tested != nullptr);
    int held = 0;
    for (const Variable& variable : variables) held += state.witness.contains(variable) ? 1 : 0;
    if (!needs_value) return tested == nullptr ? held : 50 * held;
    return 3 * static_cast<int>(variables.size()) - held;
  }

  std::string ArrayOf(const eql::Call& search, const Scope& scope) const {
    const auto* field = std::get_if<eql::Field>(&search.arguments[0]->node);
    return field == nullptr ? std::string() : Resolve(*field, scope).path;
  }

  std::string NewElement(State& state, const Expr& leaf, const Scope& scope,
                         const std::string& array, const Levels& levels) {
    const auto [at, fresh] = elements_.try_emplace({&leaf, scope.event});
    if (fresh) at->second = array + "#" + std::to_string(elements_.size());
    state.instances.push_back({scope.event, array, at->second, 0, levels});
    return at->second;
  }

  static ScopePtr Inside(const Scope& scope, std::string name, const std::string& element) {
    auto inner = std::make_shared<Scope>(scope);
    inner->elements.emplace_back(std::move(name), element);
    return inner;
  }
  /// The goal on one element that a search (in its positive form) asks for.
  Goal Body(const Goal& goal, const eql::Call& search, const std::string& element) const {
    const auto* variable = std::get_if<eql::Field>(&search.arguments[1]->node);
    const std::string name = "$" + (variable == nullptr ? std::string() : variable->Dotted());
    return MakeGoal(*search.arguments[2], true, Inside(*goal.scope, name, element),
                    setting_.dialect);
  }
  static Goal Member(const Goal& goal, const std::string& array, const std::string& element) {
    Goal out = goal;
    out.scope = Inside(*goal.scope, array, element);
    return out;
  }
  const Goal& Keep(Goal goal) {
    kept_.push_back(std::move(goal));
    return kept_.back();
  }

  const SolverSetting& setting_;
  const SolveOptions& options_;
  AssignContext context_;
  Elements& elements_;
  std::deque<Goal> kept_;
  std::size_t steps_ = 0;
  bool gave_up_ = false;
  bool stopped_ = false;
  Conflict last_;
  Solution solution_;
};

}  // namespace

Solution Solver::Solve(const std::vector<Goal>& goals, const SolveOptions& options) {
  return Searcher(setting_, options, cache_, elements_).Run(goals);
}

}  // namespace vedette::rules
