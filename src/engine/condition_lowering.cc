// SPDX-License-Identifier: Apache-2.0
#include "engine/condition_lowering.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/field_roles.h"
#include "eql/function_table.h"
#include "eql/parser.h"
#include "eql/value_ops.h"
#include "eql/walk.h"

namespace vedette::engine {
namespace {

using eql::Expr;
using eql::Truth;
using event::FieldType;

const eql::Literal* AsLiteral(const Expr& expr) { return std::get_if<eql::Literal>(&expr.node); }

const std::string* AsText(const Expr& expr) {
  const auto* literal = AsLiteral(expr);
  return literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
}

bool IsNullLiteral(const Expr& expr) {
  const auto* literal = AsLiteral(expr);
  return literal != nullptr && std::holds_alternative<std::monostate>(literal->value);
}

/// Reads other events or processes: one event does not decide it.
bool AsksBeyondEvent(const Expr& expr) {
  bool found = false;
  const auto visit = [&](const Expr& part) {
    const auto* field = std::get_if<eql::Field>(&part.node);
    found = found || std::holds_alternative<eql::Relation>(part.node) ||
            (field != nullptr && field->alias_item.has_value());
  };
  eql::ForEachExpr(expr, visit);
  return found;
}

eql::ComparisonOp Flipped(eql::ComparisonOp op) {
  switch (op) {
    case eql::ComparisonOp::kLess:
      return eql::ComparisonOp::kGreater;
    case eql::ComparisonOp::kLessEqual:
      return eql::ComparisonOp::kGreaterEqual;
    case eql::ComparisonOp::kGreater:
      return eql::ComparisonOp::kLess;
    case eql::ComparisonOp::kGreaterEqual:
      return eql::ComparisonOp::kLessEqual;
    default:
      return op;
  }
}

bool HoldsText(FieldType type) {
  switch (type) {
    case FieldType::kKeyword:
    case FieldType::kConstantKeyword:
    case FieldType::kWildcard:
    case FieldType::kText:
    case FieldType::kIp:
    case FieldType::kVersion:
      return true;
    default:
      return false;
  }
}

/// The patterns' subject is its text as it stands.
bool IsPlainText(const Expr& subject) {
  switch (subject.type) {
    case eql::Type::kString:
    case eql::Type::kIp:
    case eql::Type::kVersion:
    case eql::Type::kUnknown:
      return true;
    default:
      return false;
  }
}

/// Leaves that are the negation of a leaf.
bool IsNegatedLeaf(const Expr& expr) {
  const auto* comparison = std::get_if<eql::Comparison>(&expr.node);
  const auto* in = std::get_if<eql::InList>(&expr.node);
  return (comparison != nullptr && comparison->op == eql::ComparisonOp::kNotEqual) ||
         (in != nullptr && in->negated);
}

}  // namespace

NodeId ConditionLowering::Lower(const eql::EventQuery& query, eql::Dialect dialect,
                                const eql::CheckOptions& options) {
  const Context context{dialect, &options};
  if (dialect == eql::Dialect::kEndgame) {
    if (query.condition != nullptr && AsksBeyondEvent(*query.condition)) {
      // Three-valued throughout, so that no part of it is necessary by itself.
      return ConditionTrees::kTrue;
    }
    MatchedPredicate predicate;
    predicate.query = &query;
    predicate.dialect = dialect;
    predicate.options = &options;
    predicate.asked = true;
    if (query.condition != nullptr) predicate.slots = eql::FieldsOf(*query.condition);
    for (const auto id : {set_->table_->Intern(options.category_field),
                          set_->table_->Intern(eql::kEndgameTypeField, event::Shape::kTree),
                          set_->table_->Intern(eql::kEndgameFullTypeField, event::Shape::kTree)}) {
      predicate.slots.push_back(id);
    }
    return set_->trees_.Predicate(NewPredicate(std::move(predicate)), true);
  }
  std::vector<NodeId> parts;
  if (!query.any) {
    const auto id = set_->table_->Intern(options.category_field);
    const std::uint32_t field = FieldNumber(id);
    std::vector<TestId> tests = {
        set_->fields_[field].tests.AddExact(query.category, base::Case::kSensitive)};
    parts.push_back(set_->trees_.Predicate(InternTests(field, std::move(tests), false, {}), true));
  }
  if (query.condition != nullptr) parts.push_back(LowerExpr(*query.condition, true, context));
  return set_->trees_.And(parts);
}

NodeId ConditionLowering::LowerExpr(const Expr& expr, bool positive, const Context& context) {
  if (const auto* logical = std::get_if<eql::Logical>(&expr.node)) {
    std::vector<NodeId> children;
    children.reserve(logical->operands.size());
    for (const auto& operand : logical->operands) {
      children.push_back(LowerExpr(*operand, positive, context));
    }
    const bool all = (logical->op == eql::LogicalOp::kAnd) == positive;
    return all ? set_->trees_.And(children) : set_->trees_.Or(children);
  }
  if (const auto* unary = std::get_if<eql::Unary>(&expr.node);
      unary != nullptr && unary->op == eql::UnaryOp::kNot) {
    return LowerExpr(*unary->operand, !positive, context);
  }
  if (const auto* comparison = std::get_if<eql::Comparison>(&expr.node)) {
    if (const auto test = eql::AsBooleanTest(*comparison)) {
      return LowerExpr(**test->operand, positive == test->positive, context);
    }
  }
  return LowerLeaf(expr, positive, context);
}

NodeId ConditionLowering::LowerLeaf(const Expr& expr, bool positive, const Context& context) {
  if (AsksBeyondEvent(expr)) return ConditionTrees::kTrue;
  if (const auto tests = AsTests(expr, context)) {
    const std::uint32_t field = FieldNumber(tests->field);
    if (tests->tests.empty() && !tests->null_test) {
      // No literal of the list can ever be met.
      return positive == tests->positive ? ConditionTrees::kFalse : ConditionTrees::kTrue;
    }
    const PredicateId predicate =
        InternTests(field, tests->tests, tests->null_test,
                    DecidesOtherKinds(field) ? LeafKey(expr, context) : std::string());
    MatchedPredicate& it = set_->predicates_[predicate];
    if (it.leaf == nullptr) {
      it.leaf = &expr;
      it.dialect = context.dialect;
      it.options = context.options;
      it.wanted = tests->positive ? Truth::kTrue : Truth::kFalse;
    }
    return set_->trees_.Predicate(predicate, positive == tests->positive);
  }
  const eql::Condition condition(expr, context.dialect, *context.options);
  if (condition.always_null()) return ConditionTrees::kFalse;
  if (eql::FieldsOf(expr).empty()) {
    base::Arena arena(4096);
    const Truth truth = condition.Decide(event::Event{}, arena);
    return truth == (positive ? Truth::kTrue : Truth::kFalse) ? ConditionTrees::kTrue
                                                              : ConditionTrees::kFalse;
  }
  const bool negated = IsNegatedLeaf(expr);
  const PredicateId predicate = InternAsked(expr, negated ? Truth::kFalse : Truth::kTrue, context);
  const NodeId asked = set_->trees_.Predicate(predicate, positive != negated);
  if (!positive) return asked;
  // A text that a regular expression cannot do without makes it findable.
  const auto texts = condition.required_texts();
  const auto* pattern = std::get_if<eql::Pattern>(&expr.node);
  const auto field = pattern != nullptr && IsPlainText(*pattern->subject)
                         ? FlatField(*pattern->subject)
                         : std::nullopt;
  if (texts.empty() || !field || DecidesOtherKinds(*field)) return asked;
  std::vector<TestId> tests;
  for (const std::string& text : texts) {
    tests.push_back(set_->fields_[*field].tests.AddContains(text));
  }
  std::vector<NodeId> both = {
      set_->trees_.Predicate(InternTests(*field, std::move(tests), false, {}), true), asked};
  return set_->trees_.And(both);
}

std::optional<ConditionLowering::Tests> ConditionLowering::AsTests(const Expr& expr,
                                                                   const Context& context) {
  if (const auto* comparison = std::get_if<eql::Comparison>(&expr.node)) {
    return ComparisonTests(*comparison);
  }
  if (const auto* in = std::get_if<eql::InList>(&expr.node)) return ListTests(*in);
  if (const auto* pattern = std::get_if<eql::Pattern>(&expr.node)) return PatternTests(*pattern);
  if (const auto* call = std::get_if<eql::Call>(&expr.node)) return CallTests(*call, context);
  return std::nullopt;
}

/// A test for `field op literal`. False: no table decides it.
bool ConditionLowering::AddLiteral(std::uint32_t field, const Expr& field_expr,
                                   eql::ComparisonOp op, const Expr& literal, bool fold,
                                   std::vector<TestId>& tests) {
  FieldTests& to = set_->fields_[field].tests;
  const std::string* text = AsText(literal);
  if (fold) {
    if (text == nullptr || !IsPlainText(field_expr)) return false;
    tests.push_back(to.AddExact(*text, base::Case::kAsciiInsensitive));
    return true;
  }
  const bool equality = op == eql::ComparisonOp::kEqual;
  if (text != nullptr && equality) {
    if (field_expr.type == eql::Type::kString || field_expr.type == eql::Type::kUnknown) {
      tests.push_back(to.AddExact(*text, base::Case::kSensitive));
      return true;
    }
    if (field_expr.type == eql::Type::kIp) {
      // What is neither an address nor a block equals nothing.
      const bool is_block = text->find('/') != std::string::npos;
      if (const auto block = is_block ? base::ParseCidr(*text) : eql::ParseBlock(*text)) {
        tests.push_back(to.AddBlock(*block));
      }
      return true;
    }
    return false;
  }
  const auto* constant = AsLiteral(literal);
  if (constant == nullptr || field_expr.type != eql::Type::kNumber) return false;
  const event::Value value = eql::ToValue(*constant);
  if (!value.is_number()) return false;
  tests.push_back(to.AddNumber(op, value));
  return true;
}

std::optional<ConditionLowering::Tests> ConditionLowering::ComparisonTests(
    const eql::Comparison& comparison) {
  const Expr* subject = comparison.left.get();
  const Expr* literal = comparison.right.get();
  eql::ComparisonOp op = comparison.op;
  if (AsLiteral(*subject) != nullptr) {
    std::swap(subject, literal);
    op = Flipped(op);
  }
  const auto field = FlatField(*subject);
  if (!field || AsLiteral(*literal) == nullptr) return std::nullopt;
  Tests tests;
  tests.field = set_->fields_[*field].id;
  if (op == eql::ComparisonOp::kNotEqual) {
    op = eql::ComparisonOp::kEqual;
    tests.positive = false;
  }
  if (IsNullLiteral(*literal)) {
    if (op != eql::ComparisonOp::kEqual) return std::nullopt;
    tests.null_test = true;
    return tests;
  }
  if (!AddLiteral(*field, *subject, op, *literal, false, tests.tests)) return std::nullopt;
  return tests;
}

std::optional<ConditionLowering::Tests> ConditionLowering::ListTests(const eql::InList& in) {
  const auto field = FlatField(*in.subject);
  if (!field) return std::nullopt;
  Tests tests;
  tests.field = set_->fields_[*field].id;
  tests.positive = !in.negated;
  for (const auto& item : in.items) {
    if (IsNullLiteral(*item)) continue;  // equals nothing
    if (!AddLiteral(*field, *in.subject, eql::ComparisonOp::kEqual, *item, in.insensitive,
                    tests.tests)) {
      return std::nullopt;
    }
  }
  return tests;
}

std::optional<ConditionLowering::Tests> ConditionLowering::PatternTests(
    const eql::Pattern& pattern) {
  if (pattern.op == eql::PatternOp::kRegex || pattern.op == eql::PatternOp::kRegexInsensitive) {
    return std::nullopt;
  }
  const auto field = FlatField(*pattern.subject);
  if (!field || !IsPlainText(*pattern.subject)) return std::nullopt;
  Tests tests;
  tests.field = set_->fields_[*field].id;
  const auto fold =
      pattern.op == eql::PatternOp::kLike ? base::Case::kSensitive : base::Case::kAsciiInsensitive;
  for (const auto& part : pattern.patterns) {
    const std::string* text = AsText(*part);
    if (text == nullptr) return std::nullopt;
    tests.tests.push_back(set_->fields_[*field].tests.AddPattern(*text, fold));
  }
  return tests;
}

std::optional<ConditionLowering::Tests> ConditionLowering::CallTests(const eql::Call& call,
                                                                     const Context& context) {
  const eql::FunctionSpec* spec = eql::FindFunction(call.name, context.dialect);
  if (spec == nullptr || call.insensitive || call.arguments.size() < 2) return std::nullopt;
  const Expr& subject = *call.arguments[0];
  const auto field = FlatField(subject);
  if (!field || !IsPlainText(subject)) return std::nullopt;
  Tests tests;
  tests.field = set_->fields_[*field].id;
  FieldTests& to = set_->fields_[*field].tests;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const std::string* text = AsText(*call.arguments[i]);
    if (text == nullptr) return std::nullopt;
    switch (spec->id) {
      case eql::FunctionId::kWildcard:
        tests.tests.push_back(to.AddPattern(*text, base::Case::kSensitive));
        break;
      case eql::FunctionId::kCidrMatch:
        if (const auto block = eql::ParseBlock(*text)) tests.tests.push_back(to.AddBlock(*block));
        break;
      case eql::FunctionId::kStartsWith:
      case eql::FunctionId::kEndsWith:
      case eql::FunctionId::kStringContains: {
        if (text->empty()) return std::nullopt;
        const auto kind = spec->id == eql::FunctionId::kStartsWith ? PatternIndex::Kind::kPrefix
                          : spec->id == eql::FunctionId::kEndsWith ? PatternIndex::Kind::kSuffix
                                                                   : PatternIndex::Kind::kContains;
        tests.tests.push_back(to.AddLiteral(kind, *text));
        break;
      }
      default:
        return std::nullopt;
    }
  }
  return tests;
}

std::optional<std::uint32_t> ConditionLowering::FlatField(const Expr& expr) {
  const auto* field = std::get_if<eql::Field>(&expr.node);
  if (field == nullptr || !field->id || field->variable || field->alias_item) return std::nullopt;
  if (set_->table_->entry(*field->id).shape != event::Shape::kFlat) return std::nullopt;
  return FieldNumber(*field->id);
}

std::uint32_t ConditionLowering::FieldNumber(event::FieldId id) {
  const auto [at, fresh] =
      field_numbers_.try_emplace(id, static_cast<std::uint32_t>(set_->fields_.size()));
  if (fresh) {
    MatchedField& field = set_->fields_.emplace_back();
    field.id = id;
    field.role = InitialRole(set_->table_->entry(id));
    field.text = HoldsText(set_->table_->entry(id).type);
  }
  return at->second;
}

/// Tests decide texts, and numbers of numeric fields. A field whose mapping is not known may hold
/// anything else: then the leaf itself is asked, and leaves differ.
bool ConditionLowering::DecidesOtherKinds(std::uint32_t field) const {
  const FieldType type = set_->table_->entry(set_->fields_[field].id).type;
  return !set_->fields_[field].text && type != FieldType::kLong &&
         type != FieldType::kUnsignedLong && type != FieldType::kDouble;
}

std::string ConditionLowering::LeafKey(const Expr& leaf, const Context& context) {
  return fmt::format("{}{}{}:{}", static_cast<int>(context.dialect),
                     context.options->strict_optional, context.options->case_sensitive,
                     eql::Print(leaf, context.dialect));
}

PredicateId ConditionLowering::NewPredicate(MatchedPredicate predicate) {
  set_->predicates_.push_back(std::move(predicate));
  tests_of_.emplace_back();
  return static_cast<PredicateId>(set_->predicates_.size() - 1);
}

PredicateId ConditionLowering::InternTests(std::uint32_t field, std::vector<TestId> tests,
                                           bool null_test, const std::string& leaf) {
  std::sort(tests.begin(), tests.end());
  tests.erase(std::unique(tests.begin(), tests.end()), tests.end());
  std::string key(null_test ? "n" : "t");
  key += fmt::format("{}:", field);
  key.append(reinterpret_cast<const char*>(tests.data()), tests.size() * sizeof(TestId));
  key += leaf;
  const auto found = interned_.find(key);
  if (found != interned_.end()) return found->second;
  MatchedPredicate predicate;
  predicate.field = field;
  predicate.slots = {set_->fields_[field].id};
  predicate.breadth = null_test ? 1000 : 0;
  for (const TestId test : tests) predicate.breadth += set_->fields_[field].tests.Readiness(test);
  const PredicateId id = NewPredicate(std::move(predicate));
  tests_of_[id] = {std::move(tests), null_test};
  interned_.emplace(std::move(key), id);
  return id;
}

PredicateId ConditionLowering::InternAsked(const Expr& leaf, Truth wanted, const Context& context) {
  std::vector<event::FieldId> slots = eql::FieldsOf(leaf);
  std::string key = fmt::format("a{}{}:", static_cast<int>(wanted), slots.size());
  key.append(reinterpret_cast<const char*>(slots.data()), slots.size() * sizeof(slots[0]));
  key += LeafKey(leaf, context);
  const auto found = interned_.find(key);
  if (found != interned_.end()) return found->second;
  MatchedPredicate predicate;
  predicate.asked = true;
  predicate.leaf = &leaf;
  predicate.dialect = context.dialect;
  predicate.options = context.options;
  predicate.wanted = wanted;
  if (slots.size() == 1 && set_->table_->entry(slots[0]).shape == event::Shape::kFlat) {
    predicate.field = FieldNumber(slots[0]);
    predicate.asked_test = set_->fields_[predicate.field].tests.AddOther();
  }
  predicate.slots = std::move(slots);
  const std::uint32_t field = predicate.field;
  const TestId test = predicate.asked_test;
  const PredicateId id = NewPredicate(std::move(predicate));
  if (field != MatchedPredicate::kSeveral) tests_of_[id] = {{test}, false};
  interned_.emplace(std::move(key), id);
  return id;
}

void ConditionLowering::Finish() {
  for (PredicateId id = 0; id < set_->predicates_.size(); ++id) {
    MatchedPredicate& predicate = set_->predicates_[id];
    if (predicate.field == MatchedPredicate::kSeveral) continue;
    MatchedField& field = set_->fields_[predicate.field];
    predicate.local = static_cast<std::uint32_t>(field.predicates.size());
    field.predicates.push_back(id);
    if (tests_of_[id].null_test) field.holds_if_absent.push_back(predicate.local);
    if (predicate.asked) {
      field.asked.push_back(predicate.local);
      field.asked_tests.push_back(predicate.asked_test);
    }
  }
  for (MatchedField& field : set_->fields_) {
    std::vector<std::vector<std::uint32_t>> by_test(field.tests.size());
    field.presence_only = true;
    for (std::uint32_t local = 0; local < field.predicates.size(); ++local) {
      const TestsOf& of = tests_of_[field.predicates[local]];
      if (!of.null_test) field.presence_only = false;
      for (const TestId test : of.tests) by_test[test].push_back(local);
    }
    for (const auto& locals : by_test) {
      field.test_begin.push_back(static_cast<std::uint32_t>(field.test_predicates.size()));
      field.test_predicates.insert(field.test_predicates.end(), locals.begin(), locals.end());
    }
    field.test_begin.push_back(static_cast<std::uint32_t>(field.test_predicates.size()));
    field.tests.Build();
  }
}

}  // namespace vedette::engine
