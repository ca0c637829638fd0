// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "eql/evaluation.h"
#include "eql/interpreter.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

bool IsLiteral(const ExprPtr& expr) { return std::holds_alternative<Literal>(expr->node); }

bool AllLiterals(const std::vector<ExprPtr>& list) {
  return std::all_of(list.begin(), list.end(), IsLiteral);
}

bool YieldsTruth(const Expr& expr) {
  const auto* unary = std::get_if<Unary>(&expr.node);
  return (unary != nullptr && unary->op == UnaryOp::kNot) ||
         std::holds_alternative<Logical>(expr.node) ||
         std::holds_alternative<Comparison>(expr.node) ||
         std::holds_alternative<InList>(expr.node) || std::holds_alternative<Pattern>(expr.node) ||
         std::holds_alternative<Relation>(expr.node);
}

class Folder {
 public:
  Folder(Dialect dialect, const CheckOptions& options) : dialect_(dialect), options_(options) {}

  void Fold(ExprPtr& expr) {
    if (dialect_ != Dialect::kEndgame) NormaliseBooleanTest(expr);
    const bool constant = FoldChildren(expr->node);
    if (IsLiteral(expr)) return;
    if (const auto* field = std::get_if<Field>(&expr->node)) {
      // The checker marks an optional field that the schema lacks.
      if (expr->type == Type::kNull && !field->id && !field->variable) Become(*expr, Literal{});
      return;
    }
    if (constant) {
      base::Arena arena(4096);
      const event::Value value = Evaluate(*expr, dialect_, options_, event::Event{}, arena);
      if (auto literal = ToLiteral(value)) Become(*expr, std::move(*literal));
    } else if (std::holds_alternative<Logical>(expr->node)) {
      SimplifyLogical(expr);
    }
  }

 private:
  static void Become(Expr& expr, Literal literal) {
    static constexpr Type kTypes[] = {Type::kNull,   Type::kBoolean, Type::kNumber,
                                      Type::kNumber, Type::kNumber,  Type::kString};
    expr.type = kTypes[literal.value.index()];
    expr.node = std::move(literal);
  }

  /// `e == true` is `e` and `e == false` is `not e`, before anything is folded (reference 7.3).
  static void NormaliseBooleanTest(ExprPtr& expr) {
    while (auto* comparison = std::get_if<Comparison>(&expr->node)) {
      const auto test = AsBooleanTest(*comparison);
      if (!test) return;
      const bool left = test->operand == &comparison->left;
      ExprPtr operand = std::move(left ? comparison->left : comparison->right);
      if (test->positive) {
        expr = std::move(operand);
      } else {
        expr->node = Unary{UnaryOp::kNot, std::move(operand)};
      }
    }
  }

  bool FoldAll(std::vector<ExprPtr>& list) {
    for (ExprPtr& item : list) Fold(item);
    return AllLiterals(list);
  }

  /// True iff there are children or none are needed, and all of them are literals now.
  bool FoldChildren(Expr::Node& node) {
    struct Visitor {
      Folder& self;
      bool operator()(Literal&) const { return true; }
      bool operator()(Field&) const { return false; }
      bool operator()(Unary& n) const {
        self.Fold(n.operand);
        return IsLiteral(n.operand);
      }
      bool operator()(Logical& n) const { return self.FoldAll(n.operands); }
      bool operator()(Comparison& n) const {
        self.FoldSide(n.left);
        self.FoldSide(n.right);
        return IsLiteral(n.left) && IsLiteral(n.right);
      }
      bool operator()(Arithmetic& n) const { return self.FoldPair(n.left, n.right); }
      bool operator()(InList& n) const {
        self.Fold(n.subject);
        return self.FoldAll(n.items) && IsLiteral(n.subject);
      }
      bool operator()(Pattern& n) const {
        self.Fold(n.subject);
        return AllLiterals(n.patterns) && IsLiteral(n.subject);
      }
      bool operator()(Call& n) const { return self.FoldAll(n.arguments); }
      bool operator()(Relation& n) const {
        if (n.query != nullptr && n.query->condition != nullptr) self.Fold(n.query->condition);
        return false;
      }
    };
    return std::visit(Visitor{*this}, node);
  }

  /// In EG a `*` makes a wildcard of what was written as a literal, and of nothing else (reference
  /// 6.1): a call that yields one stays a call.
  void FoldSide(ExprPtr& side) {
    if (dialect_ != Dialect::kEndgame || IsLiteral(side)) return Fold(side);
    ExprPtr written = Clone(*side);
    Fold(side);
    const auto* literal = std::get_if<Literal>(&side->node);
    const auto* text = literal ? std::get_if<std::string>(&literal->value) : nullptr;
    if (text != nullptr && text->find('*') != std::string::npos) side = std::move(written);
  }

  bool FoldPair(ExprPtr& left, ExprPtr& right) {
    Fold(left);
    Fold(right);
    return IsLiteral(left) && IsLiteral(right);
  }

  /// Kleene: one decisive operand decides, neutral ones go.
  static void SimplifyLogical(ExprPtr& expr) {
    auto& logical = std::get<Logical>(expr->node);
    const bool decisive = logical.op == LogicalOp::kOr;
    const auto is = [](const ExprPtr& operand, bool wanted) {
      const auto* literal = std::get_if<Literal>(&operand->node);
      const bool* value = literal ? std::get_if<bool>(&literal->value) : nullptr;
      return value != nullptr && *value == wanted;
    };
    auto& operands = logical.operands;
    if (std::any_of(operands.begin(), operands.end(),
                    [&](const ExprPtr& operand) { return is(operand, decisive); })) {
      Literal literal;
      literal.value = decisive;
      Become(*expr, std::move(literal));
      return;
    }
    const auto neutral = [&](const ExprPtr& operand) { return is(operand, !decisive); };
    const auto kept = static_cast<std::size_t>(
        std::count_if(operands.begin(), operands.end(),
                      [&](const ExprPtr& operand) { return !neutral(operand); }));
    if (kept == operands.size()) return;
    if (kept > 1) {
      std::erase_if(operands, neutral);
      return;
    }
    const auto last = std::find_if_not(operands.begin(), operands.end(), neutral);
    // A bare field is left alone: `x and true` is a truth value, `x` is whatever the event holds.
    if (last == operands.end() || !YieldsTruth(**last)) return;
    ExprPtr only = std::move(*last);
    expr = std::move(only);
  }

  Dialect dialect_;
  const CheckOptions& options_;
};

}  // namespace

void FoldConstants(ExprPtr& expr, Dialect dialect, const CheckOptions& options) {
  if (expr != nullptr) Folder(dialect, options).Fold(expr);
}

void FoldConstants(Query& query, const CheckOptions& options) {
  const auto fold = [&](EventQuery& event_query) {
    FoldConstants(event_query.condition, query.dialect, options);
  };
  const auto fold_items = [&](std::vector<SequenceItem>& items) {
    for (SequenceItem& item : items) fold(item.query);
  };
  if (auto* event_query = std::get_if<EventQuery>(&query.statement)) fold(*event_query);
  if (auto* sequence = std::get_if<Sequence>(&query.statement)) {
    fold_items(sequence->items);
    if (sequence->until) fold(sequence->until->query);
  }
  if (auto* sample = std::get_if<Sample>(&query.statement)) fold_items(sample->items);
  if (auto* join = std::get_if<Join>(&query.statement)) {
    fold_items(join->items);
    if (join->until) fold(join->until->query);
  }
}

}  // namespace vedette::eql
