// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>
#include <utility>

#include "rules/query_lint.h"

namespace vedette::rules {
namespace {

using Kind = Formula::Kind;

/// Item comparisons per condition: the largest lists of public rules have some hundred entries,
/// each compared with each.
constexpr std::size_t kBudget = 2'000'000;

bool IsConstant(const Formula& formula) {
  return formula.kind == Kind::kTerm && formula.term.values.kind == ValueSet::Kind::kConstant;
}
/// Value of a constant with the `not`s above it.
bool ConstantValue(const Formula& formula) {
  return formula.term.values.constant == formula.term.positive;
}

/// Looks for conditions that are decided before any event is seen, and for alternatives that
/// another one covers.
class LogicLinter {
 public:
  explicit LogicLinter(const ConditionContext& context) : context_(context), relations_(kBudget) {}

  void Run() {
    const Formula& root = context_.formula;
    // `where true` is how one says "any"; what computes to it is not.
    if (IsConstant(root) && (!IsWritten(*root.expr) || !ConstantValue(root))) Decided(root);
    std::vector<const Term*> above;
    Visit(root, above);
  }

 private:
  using Terms = std::vector<const Term*>;

  static bool IsWritten(const eql::Expr& expr) {
    return std::holds_alternative<eql::Literal>(expr.node);
  }

  void Visit(const Formula& formula, const Terms& above) {
    if (formula.kind == Kind::kTerm) return RepeatedItems(formula.term.values);
    for (const Formula& child : formula.children) {
      if (IsConstant(child)) Decided(child);
    }
    if (formula.kind == Kind::kAnd) {
      And(formula, above);
    } else {
      Or(formula, above);
    }
  }

  void And(const Formula& formula, const Terms& above) {
    Terms held = above;
    for (const Formula& child : formula.children) {
      if (child.kind != Kind::kTerm) continue;
      if (const Term* other = Contradicted(child.term, held)) {
        Never(child, *other, formula.negated);
        return;
      }
      held.push_back(&child.term);
    }
    CoveredExclusions(formula);
    for (const Formula& child : formula.children) Visit(child, held);
  }

  void Or(const Formula& formula, const Terms& above) {
    if (AlwaysHolds(formula)) return;
    CoveredAlternatives(formula);
    for (const Formula& child : formula.children) {
      if (child.kind == Kind::kTerm) {
        if (const Term* other = Contradicted(child.term, above)) {
          Never(child, *other, formula.negated);
          continue;
        }
      }
      Visit(child, above);
    }
  }

  const Term* Contradicted(const Term& term, const Terms& held) {
    for (const Term* other : held) {
      if (relations_.Exclude(term, *other)) return other;
    }
    return nullptr;
  }

  /// `negated`: the condition stands below a `not`, so what was found holds for its negation.
  void Never(const Formula& found, const Term& other, bool negated) {
    if (!reported_.insert(found.expr).second) return;
    auto& issue = context_.Warn(
        negated ? "W0302" : "W0301", found.expr->span,
        negated ? "below `not` this adds nothing: the query requires it already"
                : "this can never hold: `" + found.term.field + "` would need two values at once");
    if (!found.term.positive || !other.positive) {
      issue.message = negated ? issue.message : "this can never hold together with the other";
    }
    issue.labels.push_back({other.expr->span, "because of this"});
    issue.help.emplace_back(negated ? "leave it out" : "mend or remove one of the two");
  }

  void Decided(const Formula& formula) {
    if (!reported_.insert(formula.expr).second) return;
    // As written, whatever stands above.
    const bool value = formula.term.values.constant;
    auto& issue = context_.Warn(value ? "W0302" : "W0301", formula.expr->span,
                                value ? "this is always true" : "this is never true");
    issue.help.emplace_back("no field takes part in it");
  }

  bool AlwaysHolds(const Formula& formula) {
    const auto& all = formula.children;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].kind != Kind::kTerm) continue;
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        if (all[j].kind != Kind::kTerm) continue;
        if (!relations_.Exclude(Negated(all[i].term), Negated(all[j].term))) continue;
        auto& issue = context_.Warn(
            formula.negated ? "W0301" : "W0302", all[j].expr->span,
            formula.negated ? "this can never hold together with the other"
                            : "one of these two holds for every event: the `or` is always true");
        issue.labels.push_back({all[i].expr->span, "the other"});
        if (!formula.negated) {
          issue.help.emplace_back("to exclude several values write `not " + all[j].term.field +
                                  " in (…)`");
        }
        return true;
      }
    }
    return false;
  }

  void Shadowed(const Formula& inner, const Formula& outer) {
    if (!reported_.insert(inner.expr).second) return;
    auto& issue = context_.Warn("W0303", inner.expr->span,
                                "this adds nothing: another alternative covers it");
    issue.labels.push_back({outer.expr->span, "this one"});
    issue.help.emplace_back("remove it, or narrow the wider one");
  }

  /// Alternatives of an `or`; an alternative that is an `and` is covered when one of its terms is.
  void CoveredAlternatives(const Formula& formula) {
    const auto covers = [&](const Formula& outer, const Formula& inner) {
      if (outer.kind != Kind::kTerm) return false;
      if (inner.kind == Kind::kTerm) return relations_.Implies(inner.term, outer.term);
      if (inner.kind != Kind::kAnd) return false;
      for (const Formula& part : inner.children) {
        if (part.kind == Kind::kTerm && relations_.Implies(part.term, outer.term)) return true;
      }
      return false;
    };
    Pairs(formula, covers);
  }

  /// `not a and not b` lists exclusions: b is idle when all that it excludes a excludes too.
  void CoveredExclusions(const Formula& formula) {
    Pairs(formula, [&](const Formula& outer, const Formula& inner) {
      return outer.kind == Kind::kTerm && inner.kind == Kind::kTerm && !outer.term.positive &&
             !inner.term.positive && outer.term.values.kind == ValueSet::Kind::kItems &&
             relations_.Implies(Negated(inner.term), Negated(outer.term));
    });
  }

  template <class Covers>
  void Pairs(const Formula& formula, const Covers& covers) {
    const auto& all = formula.children;
    for (std::size_t j = 1; j < all.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        if (covers(all[i], all[j])) {
          Shadowed(all[j], all[i]);
        } else if (covers(all[j], all[i])) {
          Shadowed(all[i], all[j]);
        }
      }
    }
  }

  /// One finding for a list: the first idle entry, and how many there are.
  void RepeatedItems(const ValueSet& values) {
    std::set<std::size_t> idle;
    base::Diagnostic* first = nullptr;
    for (std::size_t j = 1; j < values.items.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        if (idle.count(i) != 0) continue;
        if (relations_.ItemCovers(values, values.items[i], values, values.items[j])) {
          if (first == nullptr) first = &Item(values.items[j], values.items[i]);
          idle.insert(j);
          break;
        }
        if (relations_.ItemCovers(values, values.items[j], values, values.items[i])) {
          if (first == nullptr) first = &Item(values.items[i], values.items[j]);
          idle.insert(i);
        }
      }
    }
    if (idle.size() < 2) return;
    first->notes.push_back(std::to_string(idle.size() - 1) + " more entries of this list are idle");
  }

  base::Diagnostic& Item(const ValueSet::Item& inner, const ValueSet::Item& outer) {
    const bool same = inner.value == outer.value;
    auto& issue = context_.Warn("W0303", inner.span,
                                same ? "this is listed twice" : "another entry covers this one");
    issue.labels.push_back({outer.span, same ? "first here" : "this one"});
    return issue;
  }

  const ConditionContext& context_;
  TermRelations relations_;
  std::set<const eql::Expr*> reported_;
};

}  // namespace

void LintLogic(const ConditionContext& context) { LogicLinter(context).Run(); }

}  // namespace vedette::rules
