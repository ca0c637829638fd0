// SPDX-License-Identifier: Apache-2.0
#include "rules/proof.h"

#include <algorithm>

#include "eql/parser.h"
#include "eql/walk.h"
#include "rules/proof_maker.h"

namespace vedette::rules {
namespace {

using eql::Expr;

constexpr std::size_t kDescribed = 72;  // bytes of a condition that a report shows

ScopePtr ScopeOf(std::uint32_t event) {
  auto scope = std::make_shared<Scope>();
  scope->event = event;
  return scope;
}

/// Fields that a broken condition asked a value of.
void AddPresent(const Goal& goal, std::set<Variable>& out) {
  for (const Goal& part : goal.parts) AddPresent(part, out);
  if (goal.kind != Goal::Kind::kLeaf || goal.positive || ArraySearch(*goal.leaf) != nullptr) return;
  AddVariables(*goal.leaf, *goal.scope, out);
}

}  // namespace

std::string_view StreamKindName(StreamKind kind) {
  switch (kind) {
    case StreamKind::kWitness:
      return "witness";
    case StreamKind::kBroken:
      return "condition";
    case StreamKind::kTooSlow:
      return "too_slow";
    case StreamKind::kWrongKey:
      return "wrong_key";
    case StreamKind::kWrongOrder:
      return "wrong_order";
    case StreamKind::kUntil:
      return "until";
    case StreamKind::kMissingPresent:
      return "missing_present";
    case StreamKind::kOneRunFewer:
      return "one_run_fewer";
  }
  return "";
}

ProofMaker::ProofMaker(const eql::Query& query, const eql::CheckOptions& options,
                       const ProofLimits& limits)
    : query_(query), options_(options), limits_(limits) {
  solve_.max_steps = limits.max_steps;
}

Proof ProofMaker::Make() {
  if (query_.dialect == eql::Dialect::kEndgame) {
    out_.unsupported = "the prover does not know the Endgame dialect's null logic";
    return std::move(out_);
  }
  ReadStatement();
  if (!out_.unsupported.empty()) return std::move(out_);
  PrepareSetting();
  for (const ProofItem& item : items_) {
    AddConditions(item, conditions_);
    AddKeys(item, conditions_);
  }
  if (!FindWitness()) return std::move(out_);
  BreakEach();
  TimeMisses();
  return std::move(out_);
}

void ProofMaker::AddItem(const eql::SequenceItem& item, const std::vector<eql::ExprPtr>& global,
                         std::vector<ProofItem>& to, std::uint32_t runs) {
  ProofItem made;
  made.query = &item.query;
  for (const auto& key : global) made.keys.push_back(key.get());
  for (const auto& key : item.keys) made.keys.push_back(key.get());
  made.runs = runs;
  made.event = next_event_++;
  to.push_back(std::move(made));
}

void ProofMaker::ReadStatement() {
  if (const auto* event = std::get_if<eql::EventQuery>(&query_.statement)) {
    ProofItem item;
    item.query = event;
    item.event = next_event_++;
    items_.push_back(item);
  } else if (const auto* sequence = std::get_if<eql::Sequence>(&query_.statement)) {
    ReadSequence(*sequence);
  } else if (const auto* sample = std::get_if<eql::Sample>(&query_.statement)) {
    for (const auto& item : sample->items) AddItem(item, sample->keys, items_, 1);
  } else {
    out_.unsupported = "joins";
  }
}

void ProofMaker::ReadSequence(const eql::Sequence& sequence) {
  sequence_ = true;
  maxspan_ = sequence.maxspan;
  // Aliases name events by their item: positive items come first in the numbering only when no
  // missing item stands before them, and dialects with aliases have none.
  std::size_t position = 0;
  for (const auto& item : sequence.items) {
    std::vector<ProofItem>& to = item.missing ? missing_ : items_;
    const bool alone = sequence.items.size() == 1 && item.runs > 1;
    AddItem(item, sequence.keys, to, alone ? item.runs - 1 : item.runs);
    to.back().position = position;
    if (alone) {
      // As two items, so that the last event can have a key of its own.
      AddItem(item, sequence.keys, to, 1);
      to.back().position = position;
    }
    ++position;
  }
  if (sequence.until) {
    std::vector<ProofItem> one;
    AddItem(*sequence.until, sequence.keys, one, 1);
    until_ = one[0];
  }
}

void ProofMaker::PrepareSetting() {
  setting_.dialect = query_.dialect;
  const auto find_arrays = [&](const Expr& expr) {
    const eql::Call* search = ArraySearch(expr);
    const auto* array =
        search == nullptr ? nullptr : std::get_if<eql::Field>(&search->arguments[0]->node);
    if (array != nullptr && !array->variable) setting_.arrays.insert(Resolve(*array, {}).path);
  };
  for (const auto* list : {&items_, &missing_}) {
    for (const ProofItem& item : *list) {
      if (item.query->condition) eql::ForEachExpr(*item.query->condition, find_arrays);
    }
  }
  setting_.ancestor_of = [this](const Expr& leaf, std::uint32_t event) {
    const auto [at, fresh] = ancestors_.try_emplace({&leaf, event}, next_event_);
    if (fresh) ++next_event_;
    return at->second;
  };
  setting_.inner_goal = [this](const Expr& leaf, std::uint32_t ancestor) {
    ProofItem inner;
    inner.query = std::get<eql::Relation>(leaf.node).query.get();
    inner.event = ancestor;
    return MatchOf(inner, ancestor);
  };
  setting_.ancestor_goal = [this](const Expr& leaf, std::uint32_t event, std::uint32_t ancestor) {
    constexpr std::string_view kOwn = "process.entity_id";
    const auto same = [&](std::string_view path) {
      return MakeGoal(
          made_.Equal(Expressions::FieldOf(ancestor, kOwn), Expressions::FieldOf(event, path)),
          true, ScopeOf(event), setting_.dialect);
    };
    const auto present = [&](std::uint32_t of) {
      return MakeGoal(made_.IsNull(of, kOwn), false, ScopeOf(of), setting_.dialect);
    };
    std::vector<Goal> parts{setting_.inner_goal(leaf, ancestor),
                            MakeGoal(made_.IsText(ancestor, options_.category_field, "process"),
                                     true, ScopeOf(ancestor), setting_.dialect),
                            same("process.parent.entity_id"), present(event), Not(same(kOwn))};
    // The ancestor's event must not do an item's work.
    for (const ProofItem& item : items_) {
      if (apart_wanted_) parts.push_back(Not(MatchOf(item, ancestor)));
    }
    return AllOf(std::move(parts));
  };
  solver_.emplace(setting_);
}

std::string ProofMaker::Describe(const Expr& expr) const {
  std::string text = eql::Print(expr, query_.dialect);
  std::string flat;
  for (const char c : text) {
    const char plain = c == '\n' || c == '\t' ? ' ' : c;
    if (plain != ' ' || flat.empty() || flat.back() != ' ') flat += plain;
  }
  if (flat.size() <= kDescribed) return flat;
  std::size_t cut = kDescribed;
  while (cut > 0 && (static_cast<unsigned char>(flat[cut]) & 0xC0U) == 0x80U) --cut;
  return flat.substr(0, cut) + "…";
}

std::string ProofMaker::DescribeTaken(const Expr& leaf, bool positive) const {
  return (positive == IsNegativeForm(leaf) ? "not " : "") + Describe(leaf);
}

void ProofMaker::AddConditions(const ProofItem& item, std::vector<ProofCondition>& to) {
  const ScopePtr scope = ScopeOf(item.event);
  if (!item.query->any) {
    const Expr& is = made_.IsText(item.event, options_.category_field, item.query->category);
    to.push_back({"category " + item.query->category, MakeGoal(is, true, scope, query_.dialect),
                  StreamKind::kBroken, item.event, true});
  }
  const Expr* condition = item.query->condition.get();
  if (condition == nullptr) return;
  std::vector<const Expr*> parts{condition};
  if (const auto* logical = std::get_if<eql::Logical>(&condition->node);
      logical != nullptr && logical->op == eql::LogicalOp::kAnd) {
    parts.clear();
    for (const auto& operand : logical->operands) parts.push_back(operand.get());
  }
  for (const Expr* part : parts) {
    // `where true` is no condition.
    const bool constant = std::holds_alternative<eql::Literal>(part->node);
    to.push_back({Describe(*part), MakeGoal(*part, true, scope, query_.dialect),
                  StreamKind::kBroken, item.event, !constant});
  }
}

void ProofMaker::AddKeys(const ProofItem& item, std::vector<ProofCondition>& to) {
  for (std::size_t k = 0; k < item.keys.size(); ++k) {
    const auto* field = std::get_if<eql::Field>(&item.keys[k]->node);
    const auto* first =
        items_.empty() ? nullptr : std::get_if<eql::Field>(&items_[0].keys[k]->node);
    if (field == nullptr || first == nullptr) continue;
    const ScopePtr scope = ScopeOf(item.event);
    const Variable own = Resolve(*field, *scope);
    const Variable other = Resolve(*first, *ScopeOf(items_[0].event));
    if (own == other) {
      to.push_back({own.path + " present",
                    MakeGoal(made_.IsNull(own.event, own.path), false, scope, query_.dialect),
                    StreamKind::kBroken, item.event, false});
      continue;
    }
    const Expr& equal = made_.Equal(Expressions::FieldOf(own.event, own.path),
                                    Expressions::FieldOf(other.event, other.path));
    to.push_back({"key " + own.path, MakeGoal(equal, true, scope, query_.dialect),
                  StreamKind::kWrongKey, item.event, true});
  }
}

std::vector<Goal> ProofMaker::AllBut(std::size_t left_out) const {
  std::vector<Goal> goals;
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    if (i != left_out) goals.push_back(conditions_[i].goal);
  }
  goals.insert(goals.end(), apart_.begin(), apart_.end());
  return goals;
}

std::string ProofMaker::Impossible(const Solution& solution) const {
  std::string out;
  std::set<std::string> seen;
  for (const TakenLeaf& taken : solution.conflict) {
    const std::string text = DescribeTaken(*taken.leaf, taken.positive);
    if (!seen.insert(text).second || seen.size() > 4) continue;
    if (!out.empty()) out += "; ";
    out += text;
  }
  if (!solution.conflict_field.empty()) {
    out = solution.conflict_field + " cannot satisfy: " + out;
  }
  return out;
}

bool ProofMaker::FindWitness() {
  for (const bool several : {false, true}) {
    for (const bool apart : {true, false}) {
      apart_wanted_ = apart;
      apart_ = apart ? KeepApart() : std::vector<Goal>{};
      if (!apart && !until_ && missing_.empty() && ancestors_.empty()) continue;
      solve_.several_everywhere = several;
      Solution solution = solver_->Solve(AllBut(conditions_.size()), solve_);
      if (solution.solved()) {
        witness_ = std::move(solution);
        break;
      }
      if (!several || witness_.conflict.empty()) witness_ = std::move(solution);
    }
    if (witness_.solved()) break;
  }
  if (!witness_.solved()) {
    const std::string why = Impossible(witness_);
    if (witness_.verdict == Solution::Verdict::kContradiction) {
      out_.contradiction = why.empty() ? "a condition is constantly false" : why;
    } else {
      out_.unsupported = "no witness found" + (why.empty() ? "" : ": " + why);
    }
    return false;
  }
  for (const auto& [variable, values] : witness_.values) {
    if (values.size() > 1 && !IsListField(variable.path) &&
        std::find(out_.needs_several.begin(), out_.needs_several.end(), variable.path) ==
            out_.needs_several.end()) {
      out_.needs_several.push_back(variable.path);
    }
  }
  AddStream(StreamKind::kWitness, "fires", "", witness_, {});
  return true;
}

void ProofMaker::TryMiss(StreamKind kind, const std::string& text, std::vector<Goal> goals) {
  SolveOptions options = solve_;
  options.hint = &witness_.values;
  // First with another value in place of the right one: a missing field would be an easy miss.
  const std::size_t needed = goals.size();
  std::set<Variable> variables;
  AddPresent(goals.back(), variables);
  for (const Variable& variable : variables) {
    if (!witness_.values.contains(variable)) continue;
    goals.push_back(MakeGoal(made_.IsNull(variable.event, variable.path), false,
                             ScopeOf(variable.event), query_.dialect));
  }
  Solution solution = solver_->Solve(goals, options);
  if (!solution.solved() && goals.size() > needed) {
    goals.resize(needed);
    solution = solver_->Solve(goals, options);
  }
  switch (solution.verdict) {
    case Solution::Verdict::kSolved:
      AddStream(kind, (kind == StreamKind::kWrongKey ? "another " : "without ") + text, text,
                solution, {});
      break;
    case Solution::Verdict::kContradiction:
      out_.redundant.push_back(text);
      break;
    case Solution::Verdict::kGaveUp:
      out_.undecided.push_back(text);
      break;
  }
}

void ProofMaker::BreakEach() {
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    if (out_.streams.size() > limits_.max_near_misses) return;
    const ProofCondition& condition = conditions_[i];
    if (!condition.worth_breaking) continue;
    // The second half of a split item repeats the first one's conditions.
    if (condition.kind == StreamKind::kBroken && items_.size() == 2 && condition.event == 0 &&
        items_[0].query == items_[1].query) {
      continue;
    }
    std::vector<Goal> goals = AllBut(i);
    goals.push_back(Not(condition.goal));
    if (condition.kind == StreamKind::kWrongKey) {
      std::set<Variable> keys;
      AddVariables(*condition.goal.leaf, *condition.goal.scope, keys);
      for (const Variable& key : keys) {
        goals.push_back(
            MakeGoal(made_.IsNull(key.event, key.path), false, ScopeOf(key.event), query_.dialect));
      }
    }
    TryMiss(condition.kind, condition.text, std::move(goals));
    BreakInside(i);
  }
}

/// Truth of a goal over the witness, where that is a matter of plain leaves.
std::optional<bool> ProofMaker::TrueOf(const Goal& goal) const {
  switch (goal.kind) {
    case Goal::Kind::kTrue:
      return true;
    case Goal::Kind::kFalse:
      return false;
    case Goal::Kind::kLeaf: {
      const auto truth = HoldsForSome(*goal.leaf, *goal.scope, witness_.values);
      return truth.has_value() ? std::optional(*truth == goal.positive) : std::nullopt;
    }
    case Goal::Kind::kAll:
    case Goal::Kind::kAny:
      break;
  }
  const bool stop = goal.kind == Goal::Kind::kAny;
  bool unknown = false;
  for (const Goal& part : goal.parts) {
    const auto truth = TrueOf(part);
    if (truth == stop) return stop;
    unknown = unknown || !truth.has_value();
  }
  return unknown ? std::nullopt : std::optional(!stop);
}

/// The condition is an `or` whose witness takes an `and`: each part of that one matters as well.
void ProofMaker::BreakInside(std::size_t condition) {
  const Goal& goal = conditions_[condition].goal;
  if (goal.kind != Goal::Kind::kAny) return;
  for (const Goal& way : goal.parts) {
    if (way.kind != Goal::Kind::kAll || TrueOf(way) != true) continue;
    for (std::size_t i = 0; i < way.parts.size(); ++i) {
      if (way.parts[i].kind != Goal::Kind::kLeaf) continue;
      if (out_.streams.size() > limits_.max_near_misses) return;
      std::vector<Goal> goals = AllBut(condition);
      goals.push_back(Not(goal));
      for (std::size_t k = 0; k < way.parts.size(); ++k) {
        goals.push_back(k == i ? Not(way.parts[k]) : way.parts[k]);
      }
      SolveOptions options = solve_;
      options.hint = &witness_.values;
      const Solution solution = solver_->Solve(goals, options);
      // Without it nothing is lost: the whole condition has its near miss already.
      if (!solution.solved()) continue;
      const std::string text = DescribeTaken(*way.parts[i].leaf, way.parts[i].positive);
      AddStream(StreamKind::kBroken, "without " + text, text, solution, {});
    }
    return;
  }
}

Proof MakeProof(const eql::Query& query, const eql::CheckOptions& options,
                const ProofLimits& limits) {
  return ProofMaker(query, options, limits).Make();
}

}  // namespace vedette::rules
