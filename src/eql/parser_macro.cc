// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

std::size_t TextBytes(const Expr& leaf) {
  if (const auto* literal = std::get_if<Literal>(&leaf.node)) {
    const auto* text = std::get_if<std::string>(&literal->value);
    return text == nullptr ? 0 : text->size();
  }
  std::size_t bytes = 0;
  if (const auto* field = std::get_if<Field>(&leaf.node)) {
    for (const Field::Part& part : field->path) {
      const auto* name = std::get_if<std::string>(&part.key);
      bytes += sizeof(Field::Part) + (name == nullptr ? 0 : name->size());
    }
  }
  return bytes;
}

}  // namespace

bool Parser::Definitions(Query& query) {
  definitions_ = &query.definitions;
  while (At(kMacro) || At(kConst)) {
    if (!(At(kMacro) ? MacroDefinition(query) : ConstantDefinition(query))) return false;
  }
  return true;
}

bool Parser::NewDefinitionName(std::string& name, base::Span& span) {
  Advance();
  if (!At(kName)) {
    FailUnexpected("a name");
    return false;
  }
  span = Advance().span();
  name = TextOf(span);
  if (definition_index_.contains(name)) {
    Fail("E0170", span, "`" + name + "` is defined twice");
    return false;
  }
  return true;
}

bool Parser::MacroDefinition(Query& query) {
  Definition definition;
  definition.macro = true;
  base::Span name_span;
  if (!NewDefinitionName(definition.name, name_span)) return false;
  if (called_before_definition_.contains(definition.name)) {
    Fail("E0173", name_span, "macro `" + definition.name + "` is used before its definition", "",
         "move the definition up");
    return false;
  }
  if (!Expect(kLeftParen, "`(` and the parameters")) return false;
  while (!At(kRightParen)) {
    if (!At(kName)) {
      FailUnexpected("a parameter name or `)`");
      return false;
    }
    const base::Span span = Advance().span();
    definition.parameters.emplace_back(TextOf(span));
    if (!parameters_.insert(definition.parameters.back()).second) {
      Fail("E0170", span, "parameter `" + definition.parameters.back() + "` is named twice");
      return false;
    }
    if (!At(kRightParen) && !Expect(kComma, "`,` or `)`")) return false;
  }
  Advance();
  open_macro_ = definition.name;
  Parsed body = Expression();
  open_macro_.clear();
  parameters_.clear();
  if (!body) return false;
  definition.body = std::move(body.expr);
  definition_index_.emplace(definition.name, query.definitions.size());
  query.definitions.push_back(std::move(definition));
  return true;
}

bool Parser::ConstantDefinition(Query& query) {
  Definition definition;
  base::Span name_span;
  if (!NewDefinitionName(definition.name, name_span)) return false;
  if (!Accept(kAssign) && !Expect(kEqual, "`=` and a literal")) return false;
  if (!AtLiteral()) {
    FailUnexpected("a literal");
    return false;
  }
  Parsed body = LiteralHere();
  if (!body) return false;
  definition.body = std::move(body.expr);
  definition_index_.emplace(definition.name, query.definitions.size());
  query.definitions.push_back(std::move(definition));
  return true;
}

Parser::Parsed Parser::ExpandMacro(const Definition& macro, std::vector<Parsed> arguments,
                                   base::Span name_span, std::uint32_t begin) {
  if (arguments.size() != macro.parameters.size()) {
    Fail("E0171", name_span,
         "macro `" + macro.name + "` takes " + std::to_string(macro.parameters.size()) +
             (macro.parameters.size() == 1 ? " argument" : " arguments") + ", found " +
             std::to_string(arguments.size()));
    return {};
  }
  MacroUse use;
  use.span = SpanFrom(begin);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    use.arguments.emplace(macro.parameters[i], &arguments[i]);
  }
  return Substitute(*macro.body, use);
}

/// Copies one node of a macro body, its children first.
struct Parser::Substituter {
  Parser& parser;
  const MacroUse& use;
  std::size_t height = 0;

  ExprPtr Child(const ExprPtr& from) {
    Parsed child = parser.Substitute(*from, use);
    height = std::max(height, child.height);
    return std::move(child.expr);
  }
  std::vector<ExprPtr> Children(const std::vector<ExprPtr>& from) {
    std::vector<ExprPtr> to;
    for (const ExprPtr& child : from) {
      to.push_back(Child(child));
      if (parser.failed_) break;
    }
    return to;
  }

  Expr::Node operator()(const Literal& from) { return from; }
  Expr::Node operator()(const Field& from) { return from; }
  Expr::Node operator()(const Unary& from) { return Unary{from.op, Child(from.operand)}; }
  Expr::Node operator()(const Logical& from) { return Logical{from.op, Children(from.operands)}; }
  Expr::Node operator()(const Comparison& from) {
    return Comparison{from.op, Child(from.left), Child(from.right), use.span};
  }
  Expr::Node operator()(const Arithmetic& from) {
    return Arithmetic{from.op, Child(from.left), Child(from.right)};
  }
  Expr::Node operator()(const InList& from) {
    return InList{Child(from.subject), Children(from.items), from.negated, from.insensitive};
  }
  Expr::Node operator()(const Pattern& from) {
    return Pattern{from.op, Child(from.subject), Children(from.patterns), from.list, use.span};
  }
  Expr::Node operator()(const Call& from) {
    return Call{from.name, from.insensitive, from.method, Children(from.arguments), use.span};
  }
  Expr::Node operator()(const Relation& from) {
    auto query = std::make_unique<EventQuery>();
    query->category = from.query->category;
    query->any = from.query->any;
    query->quoted = from.query->quoted;
    query->category_span = use.span;
    query->span = use.span;
    query->condition = Child(from.query->condition);
    return Relation{from.kind, std::move(query)};
  }
};

/// A copy of `body` with parameters replaced. Every copied node and byte is charged to the limits
/// before more is made, so nested macros cannot multiply without bound. Places inside point at the
/// use.
Parser::Parsed Parser::Substitute(const Expr& body, const MacroUse& use) {
  if (failed_) return {};
  if (const auto* field = std::get_if<Field>(&body.node);
      field != nullptr && field->path.size() == 1) {
    const auto* const name = std::get_if<std::string>(&field->path.front().key);
    const auto found = use.arguments.find(*name);
    if (found != use.arguments.end()) {
      // An argument keeps its own places; the empty use replaces nothing in it.
      MacroUse verbatim;
      verbatim.span = use.span;
      return Substitute(*found->second->expr, verbatim);
    }
  }
  expanded_bytes_ += TextBytes(body);
  if (expanded_bytes_ > limits_.max_bytes * 4) {
    Fail("E0122", use.span, "macros and constants expand to too much text",
         "the limit is reached here", "split the query");
    return {};
  }
  Substituter substituter{*this, use};
  Expr::Node node = std::visit(substituter, body.node);
  if (failed_) return {};
  return Make(std::move(node), use.span, substituter.height);
}

}  // namespace vedette::eql
