// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "eql/ast.h"

namespace vedette::eql {

/// Calls `visit(const Expr&)` on `expr` and everything below it, parents first, the conditions of
/// relations included. Depth is bounded by the parser.
template <class Visit>
void ForEachExpr(const Expr& expr, Visit& visit) {
  visit(expr);
  struct Children {
    Visit& visit;
    void Go(const ExprPtr& child) {
      if (child != nullptr) ForEachExpr(*child, visit);
    }
    void Go(const std::vector<ExprPtr>& children) {
      for (const auto& child : children) Go(child);
    }
    void operator()(const Literal&) {}
    void operator()(const Field&) {}
    void operator()(const Unary& n) { Go(n.operand); }
    void operator()(const Logical& n) { Go(n.operands); }
    void operator()(const Comparison& n) {
      Go(n.left);
      Go(n.right);
    }
    void operator()(const Arithmetic& n) {
      Go(n.left);
      Go(n.right);
    }
    void operator()(const InList& n) {
      Go(n.subject);
      Go(n.items);
    }
    void operator()(const Pattern& n) {
      Go(n.subject);
      Go(n.patterns);
    }
    void operator()(const Call& n) { Go(n.arguments); }
    void operator()(const Relation& n) { Go(n.query->condition); }
  };
  std::visit(Children{visit}, expr.node);
}

}  // namespace vedette::eql
