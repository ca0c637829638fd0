// SPDX-License-Identifier: Apache-2.0
// Which kind of value a field takes, and the constants around it.
#include <algorithm>

#include "eql/function_table.h"
#include "rules/proof_leaf.h"

namespace vedette::rules {
namespace {

using eql::Expr;

bool IsField(const Expr& expr, const Scope& scope, const Variable& variable) {
  const auto* field = std::get_if<eql::Field>(&expr.node);
  return field != nullptr && Resolve(*field, scope) == variable;
}

bool IsNumber(const Expr& expr) {
  if (const auto* unary = std::get_if<eql::Unary>(&expr.node)) return IsNumber(*unary->operand);
  const auto* literal = std::get_if<eql::Literal>(&expr.node);
  return literal != nullptr && (std::holds_alternative<std::int64_t>(literal->value) ||
                                std::holds_alternative<std::uint64_t>(literal->value) ||
                                std::holds_alternative<double>(literal->value));
}

bool IsBoolean(const Expr& expr) {
  const auto* literal = std::get_if<eql::Literal>(&expr.node);
  return literal != nullptr && std::holds_alternative<bool>(literal->value);
}

std::optional<Domain> Declared(const Variable& variable) {
  // Members of array elements have no declared type.
  if (variable.path.find('#') != std::string::npos) return std::nullopt;
  switch (event::EcsSchema().TypeOf(variable.path)) {
    case event::FieldType::kBoolean:
      return Domain::kBoolean;
    case event::FieldType::kLong:
    case event::FieldType::kUnsignedLong:
    case event::FieldType::kDouble:
      return Domain::kNumber;
    case event::FieldType::kDate:
    case event::FieldType::kDateNanos:
      return Domain::kDate;
    case event::FieldType::kIp:
      return Domain::kAddress;
    case event::FieldType::kVersion:
      return Domain::kVersion;
    default:
      return std::nullopt;
  }
}

/// The kind that one leaf speaks for.
std::optional<Domain> Suggested(const Expr& leaf, const Scope& scope, const Variable& variable) {
  if (const auto* comparison = std::get_if<eql::Comparison>(&leaf.node)) {
    for (const bool swapped : {false, true}) {
      const Expr& side = swapped ? *comparison->right : *comparison->left;
      const Expr& other = swapped ? *comparison->left : *comparison->right;
      if (const auto* sum = std::get_if<eql::Arithmetic>(&side.node)) {
        if (IsField(*sum->left, scope, variable) || IsField(*sum->right, scope, variable)) {
          return Domain::kNumber;
        }
      }
      if (!IsField(side, scope, variable)) continue;
      if (IsNumber(other)) return Domain::kNumber;
      if (IsBoolean(other)) return Domain::kBoolean;
    }
  }
  if (const auto* in = std::get_if<eql::InList>(&leaf.node)) {
    if (IsField(*in->subject, scope, variable) && !in->items.empty() && IsNumber(*in->items[0])) {
      return Domain::kNumber;
    }
  }
  if (IsField(leaf, scope, variable)) return Domain::kBoolean;
  if (const auto* call = std::get_if<eql::Call>(&leaf.node)) {
    const eql::FunctionSpec* spec = eql::FindFunction(call->name, eql::Dialect::kEndpoint);
    if (spec != nullptr && spec->id == eql::FunctionId::kCidrMatch &&
        IsField(*call->arguments[0], scope, variable)) {
      return Domain::kAddress;
    }
  }
  return std::nullopt;
}

}  // namespace

Domain DomainOf(const Variable& variable, const std::vector<const Expr*>& leaves,
                const std::vector<const Scope*>& scopes) {
  if (const auto declared = Declared(variable)) return *declared;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (const auto suggested = Suggested(*leaves[i], *scopes[i], variable)) return *suggested;
  }
  return Domain::kText;
}

void AddConstants(const Expr& leaf, std::vector<Scalar>& out) {
  struct Visitor {
    std::vector<Scalar>& out;
    void Visit(const eql::ExprPtr& e) const { AddConstants(*e, out); }
    void operator()(const eql::Literal& n) const {
      if (!std::holds_alternative<std::monostate>(n.value)) out.push_back(n);
    }
    void operator()(const eql::Field&) const {}
    void operator()(const eql::Unary& n) const {
      const std::size_t first = out.size();
      Visit(n.operand);
      if (n.op != eql::UnaryOp::kMinus) return;
      for (std::size_t i = first; i < out.size(); ++i) {
        if (auto* whole = std::get_if<std::int64_t>(&out[i].value)) *whole = -*whole;
        if (auto* real = std::get_if<double>(&out[i].value)) *real = -*real;
      }
    }
    void operator()(const eql::Logical& n) const {
      for (const auto& operand : n.operands) Visit(operand);
    }
    void operator()(const eql::Comparison& n) const { Visit(n.left), Visit(n.right); }
    void operator()(const eql::Arithmetic& n) const { Visit(n.left), Visit(n.right); }
    void operator()(const eql::InList& n) const {
      Visit(n.subject);
      for (const auto& item : n.items) Visit(item);
    }
    void operator()(const eql::Pattern& n) const {
      for (const auto& pattern : n.patterns) Visit(pattern);
    }
    void operator()(const eql::Call& n) const {
      for (const auto& argument : n.arguments) Visit(argument);
    }
    void operator()(const eql::Relation&) const {}
  };
  std::visit(Visitor{out}, leaf.node);
}

}  // namespace vedette::rules
