// SPDX-License-Identifier: Apache-2.0
// Near misses that only statements over several events have.
#include "eql/walk.h"
#include "rules/proof_maker.h"

namespace vedette::rules {
namespace {

/// Reads another event of the statement through its alias, so it cannot be asked of just any event.
bool ReadsAlias(const Goal& goal) {
  if (goal.kind == Goal::Kind::kLeaf) {
    bool found = false;
    const auto look = [&](const eql::Expr& expr) {
      const auto* field = std::get_if<eql::Field>(&expr.node);
      found = found || (field != nullptr && field->alias_item.has_value());
    };
    eql::ForEachExpr(*goal.leaf, look);
    return found;
  }
  for (const Goal& part : goal.parts) {
    if (ReadsAlias(part)) return true;
  }
  return false;
}

}  // namespace

/// Event number `event` matches the item's category and condition, as far as that can be said of
/// one event.
Goal ProofMaker::MatchOf(const ProofItem& item, std::uint32_t event) {
  ProofItem as_if = item;
  as_if.event = event;
  std::vector<ProofCondition> conditions;
  AddConditions(as_if, conditions);
  std::vector<Goal> parts;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    // The category is ours and read through an alias, too.
    const bool category = i == 0 && !item.query->any;
    if (category || !ReadsAlias(conditions[i].goal)) {
      parts.push_back(std::move(conditions[i].goal));
    }
  }
  return AllOf(std::move(parts));
}

/// The items' events are neither `until` events nor what `![…]` forbids.
std::vector<Goal> ProofMaker::KeepApart() {
  std::vector<Goal> out;
  for (const ProofItem& item : items_) {
    if (until_) out.push_back(Not(MatchOf(*until_, item.event)));
    for (const ProofItem& missing : missing_) out.push_back(Not(MatchOf(missing, item.event)));
  }
  return out;
}

void ProofMaker::TimeMisses() {
  if (!sequence_) return;
  if (maxspan_ && (items_.size() > 1 || items_[0].runs > 1)) {
    Shape shape;
    shape.too_slow = true;
    AddStream(StreamKind::kTooSlow, "too slow: the last event comes after maxspan", "", witness_,
              shape);
  }
  for (std::size_t i = 0; i < items_.size(); ++i) {
    // A single item with runs stands as two items here; the first holds all runs but one.
    if (items_[i].runs < 2 &&
        !(items_.size() == 2 && items_[0].query == items_[1].query && i == 0)) {
      continue;
    }
    Shape shape;
    shape.fewer_runs = i;
    AddStream(StreamKind::kOneRunFewer, "one run fewer", "", witness_, shape);
  }
  WrongOrder();
  UntilBetween();
  MissingPresent();
}

void ProofMaker::WrongOrder() {
  const std::size_t n = items_.size();
  if (n < 2 || (n == 2 && items_[0].query == items_[1].query)) return;
  Shape shape;
  shape.reversed = true;
  std::vector<Goal> differs;
  for (std::size_t i = 0; i < n; ++i) {
    if (i != n - 1 - i) differs.push_back(Not(MatchOf(items_[i], items_[n - 1 - i].event)));
  }
  std::vector<Goal> goals = AllBut(conditions_.size());
  goals.push_back(AnyOf(std::move(differs)));
  SolveOptions options = solve_;
  options.hint = &witness_.values;
  const Solution solution = solver_->Solve(goals, options);
  AddStream(StreamKind::kWrongOrder, "in reverse order", "",
            solution.solved() ? solution : witness_, shape, !solution.solved());
}

void ProofMaker::AddIntruder(StreamKind kind, const ProofItem& intruder, std::size_t before,
                             const std::string& text) {
  std::vector<ProofCondition> conditions;
  AddConditions(intruder, conditions);
  AddKeys(intruder, conditions);
  std::vector<Goal> needed = AllBut(conditions_.size());
  for (ProofCondition& condition : conditions) needed.push_back(std::move(condition.goal));
  std::vector<Goal> goals = needed;
  // It must not do an item's work itself.
  for (const ProofItem& item : items_) goals.push_back(Not(MatchOf(item, intruder.event)));
  SolveOptions options = solve_;
  options.hint = &witness_.values;
  Solution solution = solver_->Solve(goals, options);
  const bool apart = solution.solved();
  if (!apart) solution = solver_->Solve(needed, options);
  if (!solution.solved()) {
    const bool shown = solution.verdict == Solution::Verdict::kContradiction;
    (shown ? out_.redundant : out_.undecided).push_back(text);
    return;
  }
  Shape shape;
  shape.extra = Extra{intruder.event, before};
  AddStream(kind, text, "", solution, shape, !apart);
}

void ProofMaker::UntilBetween() {
  if (until_) AddIntruder(StreamKind::kUntil, *until_, items_.size() - 1, "`until` comes between");
}

void ProofMaker::MissingPresent() {
  for (const ProofItem& missing : missing_) {
    std::size_t before = 0;
    while (before < items_.size() && items_[before].position < missing.position) ++before;
    AddIntruder(StreamKind::kMissingPresent, missing, before,
                "an event comes that item " + std::to_string(missing.position + 1) + " forbids");
  }
}

}  // namespace vedette::rules
