// SPDX-License-Identifier: Apache-2.0
#include "eql/ast.h"

#include <algorithm>
#include <utility>

namespace vedette::eql {
namespace {

using Exprs = std::vector<ExprPtr>;

bool Same(const Expr* a, const Expr* b) {
  return a == nullptr || b == nullptr ? a == b : Equal(*a, *b);
}
bool Same(const ExprPtr& a, const ExprPtr& b) { return Same(a.get(), b.get()); }
bool Same(const Exprs& a, const Exprs& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExprPtr& x, const ExprPtr& y) { return Same(x, y); });
}
bool Same(const EventQuery& a, const EventQuery& b) {
  return a.category == b.category && a.any == b.any && a.quoted == b.quoted &&
         Same(a.condition, b.condition);
}

struct NodeEqual {
  const Expr::Node& other;

  bool operator()(const Literal& a) const { return a.value == std::get<Literal>(other).value; }
  bool operator()(const Field& a) const {
    const auto& b = std::get<Field>(other);
    return a.optional == b.optional && a.variable == b.variable &&
           std::equal(a.path.begin(), a.path.end(), b.path.begin(), b.path.end(),
                      [](const Field::Part& x, const Field::Part& y) { return x.key == y.key; });
  }
  bool operator()(const Unary& a) const {
    const auto& b = std::get<Unary>(other);
    return a.op == b.op && Same(a.operand, b.operand);
  }
  bool operator()(const Logical& a) const {
    const auto& b = std::get<Logical>(other);
    return a.op == b.op && Same(a.operands, b.operands);
  }
  bool operator()(const Comparison& a) const {
    const auto& b = std::get<Comparison>(other);
    return a.op == b.op && Same(a.left, b.left) && Same(a.right, b.right);
  }
  bool operator()(const Arithmetic& a) const {
    const auto& b = std::get<Arithmetic>(other);
    return a.op == b.op && Same(a.left, b.left) && Same(a.right, b.right);
  }
  bool operator()(const InList& a) const {
    const auto& b = std::get<InList>(other);
    return a.negated == b.negated && a.insensitive == b.insensitive && Same(a.subject, b.subject) &&
           Same(a.items, b.items);
  }
  bool operator()(const Pattern& a) const {
    const auto& b = std::get<Pattern>(other);
    return a.op == b.op && a.list == b.list && Same(a.subject, b.subject) &&
           Same(a.patterns, b.patterns);
  }
  bool operator()(const Call& a) const {
    const auto& b = std::get<Call>(other);
    return a.name == b.name && a.insensitive == b.insensitive && a.method == b.method &&
           Same(a.arguments, b.arguments);
  }
  bool operator()(const Relation& a) const {
    const auto& b = std::get<Relation>(other);
    return a.kind == b.kind && Same(*a.query, *b.query);
  }
};

ExprPtr Copy(const ExprPtr& expr) { return expr == nullptr ? nullptr : Clone(*expr); }
Exprs Copy(const Exprs& exprs) {
  Exprs copies;
  copies.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) copies.push_back(Copy(expr));
  return copies;
}

struct NodeClone {
  Expr::Node operator()(const Literal& a) const { return a; }
  Expr::Node operator()(const Field& a) const { return a; }
  Expr::Node operator()(const Unary& a) const { return Unary{a.op, Copy(a.operand)}; }
  Expr::Node operator()(const Logical& a) const { return Logical{a.op, Copy(a.operands)}; }
  Expr::Node operator()(const Comparison& a) const {
    return Comparison{a.op, Copy(a.left), Copy(a.right), a.op_span};
  }
  Expr::Node operator()(const Arithmetic& a) const {
    return Arithmetic{a.op, Copy(a.left), Copy(a.right)};
  }
  Expr::Node operator()(const InList& a) const {
    return InList{Copy(a.subject), Copy(a.items), a.negated, a.insensitive};
  }
  Expr::Node operator()(const Pattern& a) const {
    return Pattern{a.op, Copy(a.subject), Copy(a.patterns), a.list, a.op_span};
  }
  Expr::Node operator()(const Call& a) const {
    return Call{a.name, a.insensitive, a.method, Copy(a.arguments), a.name_span};
  }
  Expr::Node operator()(const Relation& a) const {
    auto query = std::make_unique<EventQuery>();
    query->category = a.query->category;
    query->any = a.query->any;
    query->quoted = a.query->quoted;
    query->category_span = a.query->category_span;
    query->condition = Copy(a.query->condition);
    query->span = a.query->span;
    return Relation{a.kind, std::move(query)};
  }
};

bool Same(const SequenceItem& a, const SequenceItem& b) {
  return Same(a.query, b.query) && Same(a.keys, b.keys) && a.missing == b.missing &&
         a.fork == b.fork && a.runs == b.runs && a.has_runs == b.has_runs && a.alias == b.alias;
}
bool Same(const std::optional<SequenceItem>& a, const std::optional<SequenceItem>& b) {
  return a.has_value() == b.has_value() && (!a.has_value() || Same(*a, *b));
}
bool Same(const std::vector<SequenceItem>& a, const std::vector<SequenceItem>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const SequenceItem& x, const SequenceItem& y) { return Same(x, y); });
}
bool Same(const Sequence& a, const Sequence& b) {
  return a.maxspan == b.maxspan && a.maxspan_text == b.maxspan_text && Same(a.keys, b.keys) &&
         Same(a.items, b.items) && Same(a.until, b.until);
}
bool Same(const Sample& a, const Sample& b) {
  return Same(a.keys, b.keys) && Same(a.items, b.items);
}
bool Same(const Join& a, const Join& b) {
  return Same(a.keys, b.keys) && Same(a.items, b.items) && Same(a.until, b.until);
}
bool Same(const Definition& a, const Definition& b) {
  return a.name == b.name && a.macro == b.macro && a.parameters == b.parameters &&
         Same(a.body, b.body);
}
bool Same(const Pipe& a, const Pipe& b) {
  return a.name == b.name && Same(a.arguments, b.arguments);
}
template <class T>
bool SameList(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return Same(x, y); });
}

}  // namespace

std::string Field::Dotted() const {
  std::string dotted;
  for (const Part& part : path) {
    if (const auto* name = std::get_if<std::string>(&part.key)) {
      if (!dotted.empty()) dotted.push_back('.');
      dotted += *name;
    } else {
      dotted += '[' + std::to_string(std::get<std::uint64_t>(part.key)) + ']';
    }
  }
  return dotted;
}

bool Equal(const Expr& a, const Expr& b) {
  return a.node.index() == b.node.index() && std::visit(NodeEqual{b.node}, a.node);
}

bool Equal(const Query& a, const Query& b) {
  return a.dialect == b.dialect && a.statement.index() == b.statement.index() &&
         SameList(a.definitions, b.definitions) && SameList(a.pipes, b.pipes) &&
         std::visit(
             [&](const auto& statement) {
               return Same(statement, std::get<std::decay_t<decltype(statement)>>(b.statement));
             },
             a.statement);
}

ExprPtr Clone(const Expr& expr) {
  auto copy = std::make_unique<Expr>();
  copy->node = std::visit(NodeClone{}, expr.node);
  copy->span = expr.span;
  copy->type = expr.type;
  return copy;
}

}  // namespace vedette::eql
