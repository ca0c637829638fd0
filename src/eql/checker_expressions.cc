// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "eql/checker_internal.h"
#include "eql/regex.h"

namespace vedette::eql {
namespace {

bool IsLoose(Type type) { return type == Type::kUnknown || type == Type::kNull; }

const std::string* TextLiteral(const Expr& expr) {
  const auto* literal = std::get_if<Literal>(&expr.node);
  return literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value);
}

Type TypeOfLiteral(const Literal& literal) {
  static constexpr Type kTypes[] = {Type::kNull,   Type::kBoolean, Type::kNumber,
                                    Type::kNumber, Type::kNumber,  Type::kString};
  return kTypes[literal.value.index()];
}

/// Whether a list element of type `item` can be meant for a subject of type `subject`.
bool FitsList(Type subject, Type item) {
  if (IsLoose(subject) || IsLoose(item) || subject == item) return true;
  if (subject == Type::kDate) return item == Type::kString || item == Type::kNumber;
  return (subject == Type::kIp || subject == Type::kVersion) && item == Type::kString;
}

}  // namespace

Type Checker::Visit(Expr& expr) {
  struct Visitor {
    Checker& self;
    Expr& expr;
    Type operator()(Literal& n) const { return TypeOfLiteral(n); }
    Type operator()(Field& n) const { return self.VisitField(expr, n); }
    Type operator()(Unary& n) const { return self.Visit(expr, n); }
    Type operator()(Logical& n) const { return self.Visit(n); }
    Type operator()(Comparison& n) const { return self.Visit(expr, n); }
    Type operator()(Arithmetic& n) const { return self.Visit(n); }
    Type operator()(InList& n) const { return self.Visit(expr, n); }
    Type operator()(Pattern& n) const { return self.Visit(expr, n); }
    Type operator()(Call& n) const { return self.Visit(expr, n); }
    Type operator()(Relation& n) const { return self.Visit(expr, n); }
  };
  expr.type = std::visit(Visitor{*this, expr}, expr.node);
  return expr.type;
}

void Checker::Condition(Expr& expr, std::string_view role) {
  const Type type = Visit(expr);
  if (type == Type::kBoolean || IsLoose(type)) return;
  Report(code::kNotBoolean, expr.span, fmt::format("{} must be true or false", role),
         fmt::format("this is {}", TypeName(type)));
}

void Checker::Number(const Expr& expr, std::string_view role) {
  if (expr.type == Type::kNumber || IsLoose(expr.type)) return;
  // An endpoint field may be stored as text and hold a number all the same.
  if (ep() && !IsConstant(expr)) return;
  Report(code::kWrongType, expr.span, fmt::format("{} must be a number", role),
         fmt::format("this is {}", TypeName(expr.type)));
}

bool Checker::IsConstant(const Expr& expr) const { return FirstField(expr) == nullptr; }

const Expr* Checker::FirstField(const Expr& expr) const {
  const auto first_of = [&](const std::vector<ExprPtr>& list) -> const Expr* {
    for (const auto& item : list) {
      if (const Expr* found = FirstField(*item)) return found;
    }
    return nullptr;
  };
  struct Visitor {
    const Checker& self;
    const Expr& expr;
    decltype(first_of)& list;
    const Expr* operator()(const Literal&) const { return nullptr; }
    const Expr* operator()(const Field&) const {
      return expr.type == Type::kNull ? nullptr : &expr;
    }
    const Expr* operator()(const Unary& n) const { return self.FirstField(*n.operand); }
    const Expr* operator()(const Logical& n) const { return list(n.operands); }
    const Expr* operator()(const Comparison& n) const { return Pair(*n.left, *n.right); }
    const Expr* operator()(const Arithmetic& n) const { return Pair(*n.left, *n.right); }
    const Expr* operator()(const InList& n) const {
      const Expr* found = self.FirstField(*n.subject);
      return found ? found : list(n.items);
    }
    const Expr* operator()(const Pattern& n) const { return self.FirstField(*n.subject); }
    const Expr* operator()(const Call& n) const { return list(n.arguments); }
    const Expr* operator()(const Relation&) const { return &expr; }
    const Expr* Pair(const Expr& a, const Expr& b) const {
      const Expr* found = self.FirstField(a);
      return found ? found : self.FirstField(b);
    }
  };
  return std::visit(Visitor{*this, expr, first_of}, expr.node);
}

Type Checker::Visit(Expr& expr, Unary& unary) {
  if (unary.op == UnaryOp::kNot) {
    Condition(*unary.operand, "the operand of `not`");
    return Type::kBoolean;
  }
  Visit(*unary.operand);
  Number(*unary.operand, "the operand of a sign");
  static_cast<void>(expr);
  return Type::kNumber;
}

Type Checker::Visit(Logical& logical) {
  const std::string role =
      fmt::format("an operand of `{}`", logical.op == LogicalOp::kAnd ? "and" : "or");
  for (auto& operand : logical.operands) Condition(*operand, role);
  return Type::kBoolean;
}

void Checker::WarnAboutStar(const Expr& expr) {
  const std::string* text = TextLiteral(expr);
  if (eg() || text == nullptr || text->find('*') == std::string::npos) return;
  Warn(code::kWarnStar, expr.span, "`*` is an ordinary character here",
       "only `:`, `like` and `like~` understand wildcards")
      .help.push_back("use `:` or `like` when a pattern is meant");
}

Type Checker::Visit(Expr& expr, Comparison& comparison) {
  const Type left = Visit(*comparison.left);
  const Type right = Visit(*comparison.right);
  const bool equality =
      comparison.op == ComparisonOp::kEqual || comparison.op == ComparisonOp::kNotEqual;
  if (equality) {
    WarnAboutStar(*comparison.left);
    WarnAboutStar(*comparison.right);
  }
  if (es()) {
    const Expr* offender = FirstField(*comparison.right);
    if (offender != nullptr && !IsConstant(*comparison.left)) {
      Report(code::kFieldAgainstField, offender->span,
             "a field cannot be compared with another field",
             "one side of a comparison must be constant");
    }
  }
  if (eg() && !IsLoose(left) && !IsLoose(right)) {
    if (left != right) {
      Report(code::kWrongType, expr.span,
             fmt::format("{} cannot be compared with {}", TypeName(left), TypeName(right)));
    } else if (!equality && left == Type::kBoolean) {
      Report(code::kWrongType, expr.span, "booleans have no order",
             "only `==` and `!=` compare them");
    }
  }
  return Type::kBoolean;
}

Type Checker::Visit(Arithmetic& arithmetic) {
  for (auto* side : {arithmetic.left.get(), arithmetic.right.get()}) {
    Visit(*side);
    Number(*side, "an operand of arithmetic");
  }
  return Type::kNumber;
}

Type Checker::Visit(Expr& expr, InList& in) {
  static_cast<void>(expr);
  const Type subject = Visit(*in.subject);
  if (in.insensitive && es() && subject != Type::kString && !IsLoose(subject)) {
    Report(code::kWrongType, in.subject->span, "`in~` compares texts",
           fmt::format("this is {}", TypeName(subject)))
        .help.push_back("use `in`");
  }
  for (auto& item : in.items) {
    const Type type = Visit(*item);
    WarnAboutStar(*item);
    if (es() && !IsConstant(*item)) {
      Report(code::kFieldAgainstField, item->span, "a list may hold constants only",
             "a field cannot be compared with another field");
    } else if (!ep() && !FitsList(subject, type)) {
      Report(code::kListElement, item->span,
             fmt::format("a list for {} cannot hold {}", TypeName(subject), TypeName(type)));
    }
  }
  return Type::kBoolean;
}

Type Checker::Visit(Expr& expr, Pattern& pattern) {
  static_cast<void>(expr);
  const Type subject = Visit(*pattern.subject);
  const bool text = subject == Type::kString || IsLoose(subject);
  if (!text && (es() || IsConstant(*pattern.subject))) {
    Report(code::kPatternOnNonText, pattern.subject->span,
           "a pattern can be matched against text only",
           fmt::format("this is {}", TypeName(subject)))
        .help.push_back("compare with `==`, or turn it into text with string()");
  }
  bool all_texts = true;
  for (auto& part : pattern.patterns) {
    Visit(*part);
    if (part->type == Type::kString) continue;
    all_texts = false;
    Report(code::kWrongType, part->span, "a pattern is a string",
           fmt::format("this is {}", TypeName(part->type)));
  }
  const bool regex = pattern.op == PatternOp::kRegex || pattern.op == PatternOp::kRegexInsensitive;
  if (regex && all_texts) {
    CheckRegex(pattern.patterns, 0, pattern.op == PatternOp::kRegexInsensitive);
  }
  return Type::kBoolean;
}

void Checker::CheckRegex(const std::vector<ExprPtr>& patterns, std::size_t from, bool insensitive) {
  auto flavour = RegexFlavour::kPython;
  if (es()) flavour = RegexFlavour::kLucene;
  if (ep()) flavour = RegexFlavour::kLuceneBasic;
  std::vector<std::string_view> all;
  for (std::size_t i = from; i < patterns.size(); ++i) {
    const std::string* text = TextLiteral(*patterns[i]);
    if (text == nullptr) return;
    all.push_back(*text);
    if (!eg() && (text->starts_with('^') || text->ends_with('$')) && !text->ends_with("\\$")) {
      Warn(code::kWarnRegexAnchor, patterns[i]->span, "`^` and `$` are ordinary characters here",
           "a pattern always covers the whole value");
    }
  }
  const auto together = Regex::Compile(all, flavour, insensitive);
  if (together) return;
  bool named = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto alone = Regex::Compile(std::span(&all[i], 1), flavour, insensitive);
    if (alone) continue;
    named = true;
    Report(code::kBadRegex, patterns[from + i]->span, alone.error().message());
  }
  if (named) return;
  Report(code::kBadRegex, patterns[from]->span,
         "the patterns are too large together: " + together.error().message());
}

Type Checker::Visit(Expr& expr, Relation& relation) {
  if (es()) {
    Report(code::kRelation, expr.span,
           "process relations are not part of the Elasticsearch dialect");
  } else if (ep() && relation.kind != RelationKind::kDescendant) {
    Report(code::kRelation, expr.span, "the endpoint dialect knows `descendant of` only");
  }
  if (relation.query != nullptr) CheckEventQuery(*relation.query);
  return Type::kBoolean;
}

}  // namespace vedette::eql
