// SPDX-License-Identifier: Apache-2.0
#include "rules/proof_goal.h"

#include <optional>

#include "eql/function_table.h"

namespace vedette::rules {
namespace {

using eql::Expr;

const Expr::Node* NodeOf(const eql::ExprPtr& expr) { return &expr->node; }

template <class T>
const T* As(const eql::ExprPtr& expr) {
  return std::get_if<T>(NodeOf(expr));
}

bool IsNullLiteral(const eql::ExprPtr& expr) {
  const auto* literal = As<eql::Literal>(expr);
  return literal != nullptr && std::holds_alternative<std::monostate>(literal->value);
}

/// `e == true` and its like say e or not e when e is a boolean expression (reference 7.3).
bool IsBooleanExpression(const Expr& expr) {
  if (const auto* unary = std::get_if<eql::Unary>(&expr.node)) {
    return unary->op == eql::UnaryOp::kNot;
  }
  if (const auto* call = std::get_if<eql::Call>(&expr.node)) {
    const eql::FunctionSpec* spec = eql::FindFunction(call->name, eql::Dialect::kEndpoint);
    return spec != nullptr && spec->result == eql::Type::kBoolean;
  }
  return std::holds_alternative<eql::Logical>(expr.node) ||
         std::holds_alternative<eql::Comparison>(expr.node) ||
         std::holds_alternative<eql::InList>(expr.node) ||
         std::holds_alternative<eql::Pattern>(expr.node) ||
         std::holds_alternative<eql::Relation>(expr.node);
}

struct BooleanTest {
  const Expr* operand;
  bool wanted;
};
std::optional<BooleanTest> AsBooleanTest(const eql::Comparison& comparison) {
  if (comparison.op != eql::ComparisonOp::kEqual && comparison.op != eql::ComparisonOp::kNotEqual) {
    return std::nullopt;
  }
  for (const bool swapped : {false, true}) {
    const eql::ExprPtr& literal = swapped ? comparison.left : comparison.right;
    const eql::ExprPtr& other = swapped ? comparison.right : comparison.left;
    const auto* constant = As<eql::Literal>(literal);
    const auto* truth = constant == nullptr ? nullptr : std::get_if<bool>(&constant->value);
    if (truth != nullptr && IsBooleanExpression(*other)) {
      return BooleanTest{other.get(), *truth == (comparison.op == eql::ComparisonOp::kEqual)};
    }
  }
  return std::nullopt;
}

Goal Leaf(const Expr& expr, bool positive, const ScopePtr& scope) {
  Goal goal;
  goal.kind = Goal::Kind::kLeaf;
  goal.leaf = &expr;
  goal.positive = positive;
  goal.scope = scope;
  return goal;
}

Goal Constant(bool truth) {
  Goal goal;
  goal.kind = truth ? Goal::Kind::kTrue : Goal::Kind::kFalse;
  return goal;
}

std::string CanonicalPath(const std::string& path) {
  const event::Schema::Field* known = event::EcsSchema().Find(path);
  return known != nullptr && !known->alias.empty() ? known->alias : path;
}

}  // namespace

Variable Resolve(const eql::Field& field, const Scope& scope) {
  eql::Field rest;
  if (field.alias_item.has_value()) {
    rest.path.assign(field.path.begin() + 1, field.path.end());
    return {*field.alias_item, CanonicalPath(rest.Dotted())};
  }
  if (field.variable) {
    eql::Field head;
    head.path.push_back(field.path.front());
    rest.path.assign(field.path.begin() + 1, field.path.end());
    const std::string name = "$" + head.Dotted();
    for (auto bound = scope.elements.rbegin(); bound != scope.elements.rend(); ++bound) {
      if (bound->first != name) continue;
      const std::string tail = rest.Dotted();
      return {scope.event, tail.empty() ? bound->second : bound->second + "." + tail};
    }
  }
  std::string path = CanonicalPath(field.Dotted());
  for (const auto& [array, element] : scope.elements) {
    if (path.size() > array.size() && path.starts_with(array) && path[array.size()] == '.') {
      return {scope.event, element + path.substr(array.size())};
    }
  }
  return {scope.event, std::move(path)};
}

void AddVariables(const Expr& expr, const Scope& scope, std::set<Variable>& out) {
  struct Visitor {
    const Scope& scope;
    std::set<Variable>& out;
    void Visit(const eql::ExprPtr& e) const { AddVariables(*e, scope, out); }
    void operator()(const eql::Literal&) const {}
    void operator()(const eql::Field& n) const { out.insert(Resolve(n, scope)); }
    void operator()(const eql::Unary& n) const { Visit(n.operand); }
    void operator()(const eql::Logical& n) const {
      for (const auto& operand : n.operands) Visit(operand);
    }
    void operator()(const eql::Comparison& n) const { Visit(n.left), Visit(n.right); }
    void operator()(const eql::Arithmetic& n) const { Visit(n.left), Visit(n.right); }
    void operator()(const eql::InList& n) const {
      Visit(n.subject);
      for (const auto& item : n.items) Visit(item);
    }
    void operator()(const eql::Pattern& n) const { Visit(n.subject); }
    void operator()(const eql::Call& n) const {
      for (const auto& argument : n.arguments) Visit(argument);
    }
    void operator()(const eql::Relation&) const {}
  };
  std::visit(Visitor{scope, out}, expr.node);
}

Goal MakeGoal(const Expr& expr, bool positive, const ScopePtr& scope, eql::Dialect dialect) {
  if (const auto* logical = std::get_if<eql::Logical>(&expr.node)) {
    std::vector<Goal> parts;
    parts.reserve(logical->operands.size());
    for (const auto& operand : logical->operands) {
      parts.push_back(MakeGoal(*operand, positive, scope, dialect));
    }
    const bool all = (logical->op == eql::LogicalOp::kAnd) == positive;
    return all ? AllOf(std::move(parts)) : AnyOf(std::move(parts));
  }
  if (const auto* unary = std::get_if<eql::Unary>(&expr.node);
      unary != nullptr && unary->op == eql::UnaryOp::kNot) {
    return MakeGoal(*unary->operand, !positive, scope, dialect);
  }
  if (const auto* literal = std::get_if<eql::Literal>(&expr.node)) {
    const auto* truth = std::get_if<bool>(&literal->value);
    // A null condition is neither true nor, negated, true.
    return Constant(truth != nullptr && *truth == positive);
  }
  if (const auto* comparison = std::get_if<eql::Comparison>(&expr.node)) {
    if (const auto test = AsBooleanTest(*comparison)) {
      return MakeGoal(*test->operand, test->wanted == positive, scope, dialect);
    }
  }
  if (IsNegativeForm(expr)) positive = !positive;
  return Leaf(expr, positive, scope);
}

bool IsNegativeForm(const Expr& leaf) {
  const auto* comparison = std::get_if<eql::Comparison>(&leaf.node);
  const auto* in = std::get_if<eql::InList>(&leaf.node);
  return (comparison != nullptr && comparison->op == eql::ComparisonOp::kNotEqual) ||
         (in != nullptr && in->negated);
}

Goal Not(const Goal& goal) {
  Goal out = goal;
  switch (goal.kind) {
    case Goal::Kind::kTrue:
      out.kind = Goal::Kind::kFalse;
      break;
    case Goal::Kind::kFalse:
      out.kind = Goal::Kind::kTrue;
      break;
    case Goal::Kind::kLeaf:
      out.positive = !goal.positive;
      break;
    case Goal::Kind::kAll:
    case Goal::Kind::kAny:
      out.kind = goal.kind == Goal::Kind::kAll ? Goal::Kind::kAny : Goal::Kind::kAll;
      for (Goal& part : out.parts) part = Not(part);
      break;
  }
  return out;
}

namespace {
Goal Combine(Goal::Kind kind, std::vector<Goal> parts) {
  Goal out;
  out.kind = kind;
  for (Goal& part : parts) {
    if (part.kind == kind) {
      for (Goal& inner : part.parts) out.parts.push_back(std::move(inner));
    } else {
      out.parts.push_back(std::move(part));
    }
  }
  return out;
}
}  // namespace

Goal AllOf(std::vector<Goal> parts) { return Combine(Goal::Kind::kAll, std::move(parts)); }
Goal AnyOf(std::vector<Goal> parts) { return Combine(Goal::Kind::kAny, std::move(parts)); }

const Expr* NullTested(const Expr& leaf) {
  const auto* comparison = std::get_if<eql::Comparison>(&leaf.node);
  if (comparison == nullptr || (comparison->op != eql::ComparisonOp::kEqual &&
                                comparison->op != eql::ComparisonOp::kNotEqual)) {
    return nullptr;
  }
  if (IsNullLiteral(comparison->right)) return comparison->left.get();
  return IsNullLiteral(comparison->left) ? comparison->right.get() : nullptr;
}

const eql::Call* ArraySearch(const Expr& leaf) {
  const auto* call = std::get_if<eql::Call>(&leaf.node);
  if (call == nullptr || call->arguments.size() != 3) return nullptr;
  const eql::FunctionSpec* spec = eql::FindFunction(call->name, eql::Dialect::kEndpoint);
  return spec != nullptr && spec->id == eql::FunctionId::kArraySearch ? call : nullptr;
}

eql::ExprPtr Expressions::FieldOf(std::uint32_t event, std::string_view path) {
  eql::Field field;
  field.alias_item = event;
  field.path.push_back({std::string("event")});
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t dot = std::min(path.find('.', begin), path.size());
    field.path.push_back({std::string(path.substr(begin, dot - begin))});
    begin = dot + 1;
  }
  auto expr = std::make_unique<Expr>();
  expr->node = std::move(field);
  return expr;
}

const Expr& Expressions::Keep(eql::ExprPtr expr) {
  owned_.push_back(std::move(expr));
  return *owned_.back();
}

const Expr& Expressions::Equal(eql::ExprPtr left, eql::ExprPtr right) {
  auto expr = std::make_unique<Expr>();
  expr->node = eql::Comparison{eql::ComparisonOp::kEqual, std::move(left), std::move(right), {}};
  expr->type = eql::Type::kBoolean;
  return Keep(std::move(expr));
}

const Expr& Expressions::IsText(std::uint32_t event, std::string_view path, std::string text) {
  auto literal = std::make_unique<Expr>();
  literal->node = eql::Literal{std::move(text)};
  literal->type = eql::Type::kString;
  return Equal(FieldOf(event, path), std::move(literal));
}

const Expr& Expressions::IsNull(std::uint32_t event, std::string_view path) {
  auto literal = std::make_unique<Expr>();
  literal->node = eql::Literal{};
  literal->type = eql::Type::kNull;
  return Equal(FieldOf(event, path), std::move(literal));
}

}  // namespace vedette::rules
