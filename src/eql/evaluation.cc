// SPDX-License-Identifier: Apache-2.0
#include "eql/evaluation.h"

#include <algorithm>
#include <string>

#include "base/glob.h"
#include "eql/text.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

using event::Value;
using event::ValueKind;

/// Combinations of values that one leaf may try; past it the leaf is false.
constexpr std::size_t kMaxCombinations = 100'000;

/// All scalars at `path` below `value`, arrays flattened; a literal dotted key works like nesting.
void CollectScalars(const Value& value, std::span<const Field::Part> path,
                    std::vector<Value>& out) {
  if (value.is_list()) {
    for (const Value& element : value.list()) CollectScalars(element, path, out);
    return;
  }
  if (path.empty()) {
    if (!value.is_null() && !value.is_object()) out.push_back(value);
    return;
  }
  if (!value.is_object()) return;
  std::string key;
  for (std::size_t used = 1; used <= path.size(); ++used) {
    const auto* name = std::get_if<std::string>(&path[used - 1].key);
    if (name == nullptr) return;
    if (used > 1) key += '.';
    key += *name;
    for (const event::Member& member : value.object()) {
      if (member.key == key) CollectScalars(member.value, path.subspan(used), out);
    }
  }
}

bool HoldsObject(const Value& value) {
  if (!value.is_list()) return value.is_object();
  return std::any_of(value.list().begin(), value.list().end(), HoldsObject);
}

Value Kleene(LogicalOp op, bool saw_false, bool saw_true, bool saw_null) {
  if (op == LogicalOp::kAnd) {
    if (saw_false) return Value::Boolean(false);
    return saw_null ? Value() : Value::Boolean(true);
  }
  if (saw_true) return Value::Boolean(true);
  return saw_null ? Value() : Value::Boolean(false);
}

}  // namespace

Evaluator::Evaluator(const Plan& plan, const Mode& mode, const event::Event& event,
                     base::Arena& scratch, const Surroundings* around)
    : plan_(plan),
      mode_(mode),
      event_(event),
      scratch_(scratch),
      around_(around),
      chosen_(plan.group_count()) {}

/// The slot that a field without index or variable reads: its own event's, or that of the event
/// bound to the alias it starts with.
Value Evaluator::SlotOf(const Field& field) const {
  if (!field.id) return {};
  const event::Event* from = &event_;
  if (field.alias_item) {
    if (around_ == nullptr || *field.alias_item >= around_->items.size()) return {};
    from = around_->items[*field.alias_item];
    if (from == nullptr) return {};
  }
  const auto index = static_cast<std::size_t>(*field.id);
  return index < from->slots.size() ? from->slots[index] : Value();
}

Truth Evaluator::Condition(const Expr& expr) {
  if (mode_.endgame()) return TruthOf(Scalar(expr));
  if (const auto* logical = std::get_if<Logical>(&expr.node)) {
    bool saw_null = false;
    const Truth decisive = logical->op == LogicalOp::kAnd ? Truth::kFalse : Truth::kTrue;
    for (const auto& operand : logical->operands) {
      const Truth truth = Condition(*operand);
      if (truth == decisive) return decisive;
      saw_null = saw_null || truth == Truth::kNull;
    }
    return saw_null ? Truth::kNull : Not(decisive);
  }
  if (const auto* unary = std::get_if<Unary>(&expr.node); unary && unary->op == UnaryOp::kNot) {
    return Not(Condition(*unary->operand));
  }
  if (const auto* comparison = std::get_if<Comparison>(&expr.node)) {
    if (const auto test = AsBooleanTest(*comparison)) {
      const Truth truth = Condition(**test->operand);
      return test->positive ? truth : Not(truth);
    }
  }
  return Leaf(expr);
}

Truth Evaluator::TruthOf(const Value& value) const {
  if (!mode_.endgame() || value.is_null()) return ToTruth(value);
  bool truth = false;
  switch (value.kind()) {
    case ValueKind::kBoolean:
      truth = value.boolean();
      break;
    case ValueKind::kString:
      truth = !value.text().empty();
      break;
    case ValueKind::kList:
      truth = !value.list().empty();
      break;
    case ValueKind::kObject:
      truth = !value.object().empty();
      break;
    default:
      truth = CompareNumbers(value, Value::Integer(0)) != 0;
      break;
  }
  return truth ? Truth::kTrue : Truth::kFalse;
}

Truth Evaluator::Leaf(const Expr& leaf) {
  if (plan_.IsAlwaysNull(leaf)) return Truth::kNull;
  if (plan_.IsConstant(leaf)) return ToTruth(Scalar(leaf));
  // `!=` and `not in` are negations of a leaf, and so is their result over several values.
  const auto* comparison = std::get_if<Comparison>(&leaf.node);
  const auto* in = std::get_if<InList>(&leaf.node);
  const bool negated =
      (comparison && comparison->op == ComparisonOp::kNotEqual) || (in && in->negated);
  const Truth wanted = negated ? Truth::kFalse : Truth::kTrue;

  const std::vector<Plan::Group>& groups = plan_.LeafGroups(leaf);
  std::vector<std::vector<Value>> choices;
  choices.reserve(groups.size());
  for (const Plan::Group group : groups) {
    choices.push_back(Choices(std::get<Field>(plan_.GroupField(group).node)));
  }
  const std::vector<Value> outer = chosen_;
  std::vector<std::size_t> at(groups.size(), 0);
  bool found = false;
  for (std::size_t tried = 0; tried < kMaxCombinations && !found; ++tried) {
    for (std::size_t i = 0; i < groups.size(); ++i) chosen_[groups[i]] = choices[i][at[i]];
    found = ToTruth(Scalar(leaf)) == wanted;
    std::size_t digit = 0;
    while (digit < at.size() && ++at[digit] == choices[digit].size()) at[digit++] = 0;
    if (digit == at.size()) break;
  }
  chosen_ = outer;
  return found ? wanted : Not(wanted);
}

std::vector<Value> Evaluator::Choices(const Field& field) {
  std::vector<Value> out;
  if (field.variable) {
    const auto* name = field.path.empty() ? nullptr : std::get_if<std::string>(&field.path[0].key);
    const Value* bound = name ? FindBinding(*name) : nullptr;
    if (bound != nullptr) CollectScalars(*bound, std::span(field.path).subspan(1), out);
  } else {
    const Value slot = SlotOf(field);
    CollectScalars(slot, {}, out);
    // Only slots that take whole trees hold objects: they compare with nothing, but are not null.
    if (out.empty() && HoldsObject(slot)) out.push_back(slot);
  }
  if (out.empty()) out.emplace_back();
  return out;
}

const Value* Evaluator::FindBinding(std::string_view name) const {
  const auto found = std::find_if(bindings_.rbegin(), bindings_.rend(),
                                  [&](const Binding& b) { return b.name == name; });
  return found == bindings_.rend() ? nullptr : &found->value;
}

Value Evaluator::TopLevel(const Expr& expr) {
  if (mode_.endgame()) return Scalar(expr);
  const bool condition = std::holds_alternative<Logical>(expr.node) ||
                         std::holds_alternative<Comparison>(expr.node) ||
                         std::holds_alternative<InList>(expr.node) ||
                         std::holds_alternative<Pattern>(expr.node) || expr.type == Type::kBoolean;
  if (condition) return FromTruth(Condition(expr));
  for (std::size_t group = 0; group < plan_.group_count(); ++group) {
    const Expr& field = plan_.GroupField(static_cast<Plan::Group>(group));
    chosen_[group] = Choices(std::get<Field>(field.node)).front();
  }
  return Scalar(expr);
}

Value Evaluator::Scalar(const Expr& expr) {
  struct Visitor {
    Evaluator& self;
    const Expr& expr;
    Value operator()(const Literal& n) const { return ToValue(n); }
    Value operator()(const Field& n) const { return self.ScalarField(expr, n); }
    Value operator()(const Unary& n) const {
      const Value operand = self.Scalar(*n.operand);
      switch (n.op) {
        case UnaryOp::kNot:
          return FromTruth(Not(self.TruthOf(operand)));
        case UnaryOp::kMinus:
          return Negate(operand);
        case UnaryOp::kPlus:
          return operand.is_number() ? operand : Value();
      }
      return {};
    }
    Value operator()(const Logical& n) const { return self.ScalarLogical(n); }
    Value operator()(const Comparison& n) const { return self.ScalarComparison(n); }
    Value operator()(const Arithmetic& n) const {
      return Compute(n.op, self.Scalar(*n.left), self.Scalar(*n.right), self.mode_.endgame());
    }
    Value operator()(const InList& n) const { return self.ScalarIn(n); }
    Value operator()(const Pattern& n) const { return self.ScalarPattern(expr, n); }
    Value operator()(const Call& n) const { return self.ScalarCall(expr, n); }
    // Process relations need state; a lone event has none.
    Value operator()(const Relation& n) const {
      return Value::Boolean(self.around_ != nullptr && self.around_->related != nullptr &&
                            self.around_->related->contains(&n));
    }
  };
  return std::visit(Visitor{*this, expr}, expr.node);
}

Value Evaluator::ScalarField(const Expr& expr, const Field& field) {
  if (mode_.endgame()) return TreeField(field);
  if (plan_.IsConstant(expr)) return {};
  return chosen_[plan_.GroupOf(expr)];
}

Value Evaluator::TreeField(const Field& field) {
  const auto* root = field.path.empty() ? nullptr : std::get_if<std::string>(&field.path[0].key);
  if (root == nullptr) return {};
  Value value;
  if (const Value* bound = FindBinding(*root)) {
    value = *bound;
  } else if (field.id && static_cast<std::size_t>(*field.id) < event_.slots.size()) {
    value = event_.Get(*field.id);
  }
  for (std::size_t i = 1; i < field.path.size(); ++i) {
    if (const auto* index = std::get_if<std::uint64_t>(&field.path[i].key)) {
      if (!value.is_list() || *index >= value.list().size()) return {};
      value = value.list()[static_cast<std::size_t>(*index)];
      continue;
    }
    const std::string& name = std::get<std::string>(field.path[i].key);
    if (value.is_string()) {
      // The enum shorthand: `subtype.create` tests the text of `subtype`.
      value = Value::Boolean(mode_.case_sensitive
                                 ? value.text() == name
                                 : FoldText(value.text(), scratch_) == FoldText(name, scratch_));
    } else {
      value = value.is_object() ? value.Get(name) : Value();
    }
  }
  return value;
}

Value Evaluator::ScalarLogical(const Logical& logical) {
  bool saw[3] = {};
  for (const auto& operand : logical.operands) {
    saw[static_cast<std::size_t>(TruthOf(Scalar(*operand)))] = true;
  }
  return Kleene(logical.op, saw[0], saw[1], saw[2]);
}

Value Evaluator::ScalarIn(const InList& in) {
  const Operand subject = MakeOperand(*in.subject);
  if (subject.value.is_null()) return {};
  bool saw_null = false;
  bool found = false;
  for (const auto& item : in.items) {
    const Operand element = MakeOperand(*item);
    Value equal;
    if (in.insensitive) {
      const auto a = TextOf(subject.value, scratch_);
      const auto b = TextOf(element.value, scratch_);
      if (a && b) equal = Value::Boolean(base::EqualFold(*a, *b));
    } else {
      equal = Compare(ComparisonOp::kEqual, subject, element);
    }
    found = ToTruth(equal) == Truth::kTrue;
    if (found) break;
    // In EG an element that is no constant makes `in` a chain of `or`; a constant null never
    // matches.
    saw_null = saw_null || (mode_.endgame() && equal.is_null() && !element.constant);
  }
  if (!found && saw_null) return {};
  return Value::Boolean(found != in.negated);
}

Value Evaluator::ScalarPattern(const Expr& expr, const Pattern& pattern) {
  const Value subject = Scalar(*pattern.subject);
  const Value typed = TextOfTyped(subject, pattern.subject->type);
  if (typed.is_null()) return {};
  const std::string_view text = typed.text();
  if (pattern.op == PatternOp::kRegex || pattern.op == PatternOp::kRegexInsensitive) {
    const Regex* regex = plan_.RegexOf(expr);
    return Value::Boolean(regex != nullptr && regex->Matches(text));
  }
  const base::Case fold =
      pattern.op == PatternOp::kLike ? base::Case::kSensitive : base::Case::kAsciiInsensitive;
  const bool matched =
      std::any_of(pattern.patterns.begin(), pattern.patterns.end(), [&](const ExprPtr& part) {
        const Value wanted = Scalar(*part);
        return wanted.is_string() && base::WildcardMatch(wanted.text(), text, fold);
      });
  return Value::Boolean(matched);
}

Value Evaluator::ScalarCall(const Expr& expr, const Call& call) {
  const FunctionSpec* spec = FindFunction(call.name, mode_.dialect);
  if (spec == nullptr || call.arguments.size() < spec->min_arguments) return {};
  if (BindsVariable(spec->id)) return SearchArray(call, spec->id);
  std::vector<Value> arguments;
  arguments.reserve(call.arguments.size());
  for (const auto& argument : call.arguments) {
    Value value = Scalar(*argument);
    if (argument->type == Type::kDate) value = TextOfTyped(value, Type::kDate);
    arguments.push_back(value);
  }
  if (spec->id == FunctionId::kMatch) {
    const Regex* regex = plan_.RegexOf(expr);
    if (!arguments[0].is_string() || regex == nullptr) return {};
    return Value::Boolean(regex->Matches(arguments[0].text()));
  }
  FunctionContext context;
  context.endgame = mode_.endgame();
  context.insensitive = mode_.endgame() ? !mode_.case_sensitive : call.insensitive;
  context.scratch = &scratch_;
  return CallFunction(spec->id, arguments, context);
}

Value Evaluator::SearchArray(const Call& call, FunctionId id) {
  const auto* variable = std::get_if<Field>(&call.arguments[1]->node);
  const auto* name = variable == nullptr || variable->path.empty()
                         ? nullptr
                         : std::get_if<std::string>(&variable->path[0].key);
  if (name == nullptr) return {};
  Value array;
  if (mode_.endgame()) {
    array = Scalar(*call.arguments[0]);
  } else if (const auto* field = std::get_if<Field>(&call.arguments[0]->node)) {
    if (field->variable) {
      array = TreeField(*field);
    } else {
      array = SlotOf(*field);
    }
  }
  std::span<const Value> elements;
  if (array.is_list()) {
    elements = array.list();
  } else if (!mode_.endgame() && !array.is_null()) {
    elements = std::span(&array, 1);  // EP: a lone object is an array of one
  }
  const bool count = id == FunctionId::kArrayCount;
  std::int64_t matches = 0;
  for (const Value& element : elements) {
    bindings_.push_back({*name, element});
    const bool matched = Condition(*call.arguments[2]) == Truth::kTrue;
    bindings_.pop_back();
    if (matched && !count) return Value::Boolean(true);
    if (matched) ++matches;
  }
  return count ? Value::Integer(matches) : Value::Boolean(false);
}

}  // namespace vedette::eql
