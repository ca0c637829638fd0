// SPDX-License-Identifier: Apache-2.0
// Comparison of scalars: reference 5.3, 5.4, 6.1 and 7.2.
#include <compare>
#include <optional>
#include <string>

#include "base/glob.h"
#include "base/ip.h"
#include "base/time.h"
#include "eql/evaluation.h"
#include "eql/text.h"
#include "eql/value_ops.h"

namespace vedette::eql {
namespace {

using event::Value;
using event::ValueKind;

bool IsEquality(ComparisonOp op) {
  return op == ComparisonOp::kEqual || op == ComparisonOp::kNotEqual;
}

Value Decide(ComparisonOp op, std::partial_ordering order) {
  if (order == std::partial_ordering::unordered) return {};
  switch (op) {
    case ComparisonOp::kEqual:
      return Value::Boolean(order == 0);
    case ComparisonOp::kNotEqual:
      return Value::Boolean(order != 0);
    case ComparisonOp::kLess:
      return Value::Boolean(order < 0);
    case ComparisonOp::kLessEqual:
      return Value::Boolean(order <= 0);
    case ComparisonOp::kGreater:
      return Value::Boolean(order > 0);
    case ComparisonOp::kGreaterEqual:
      return Value::Boolean(order >= 0);
  }
  return {};
}

/// What a comparison of things that cannot be compared gives in ES and EP.
Value Incomparable(ComparisonOp op) {
  if (!IsEquality(op)) return {};
  return Value::Boolean(op == ComparisonOp::kNotEqual);
}

std::optional<base::Timestamp> ToTimestamp(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kString:
      return base::ParseEventTime(value.text());
    case ValueKind::kInteger:
      return base::FromEpochMilliseconds(value.integer());
    case ValueKind::kDouble:
      return base::FromEpochMilliseconds(value.real());
    default:
      return std::nullopt;
  }
}

std::optional<bool> ToBoolean(const Value& value) {
  if (value.kind() == ValueKind::kBoolean) return value.boolean();
  if (value.is_string() && value.text() == "true") return true;
  if (value.is_string() && value.text() == "false") return false;
  return std::nullopt;
}

Value CompareAddresses(ComparisonOp op, const Value& a, const Value& b) {
  if (!a.is_string() || !b.is_string()) return Incomparable(op);
  if (IsEquality(op)) {
    // A block in place of an address means "inside the block".
    const bool left_block = a.text().find('/') != std::string_view::npos;
    const std::string_view block_text = left_block ? a.text() : b.text();
    if (block_text.find('/') != std::string_view::npos) {
      const auto block = base::ParseCidr(block_text);
      const auto address = base::ParseIp(left_block ? b.text() : a.text());
      const bool inside = block && address && block->Contains(*address);
      return Value::Boolean(inside == (op == ComparisonOp::kEqual));
    }
  }
  const auto x = base::ParseIp(a.text());
  const auto y = base::ParseIp(b.text());
  if (!x || !y) return Incomparable(op);
  return Decide(op, *x <=> *y);
}

const std::string* StarLiteral(const Expr& expr) {
  const auto* literal = std::get_if<Literal>(&expr.node);
  const auto* text = literal ? std::get_if<std::string>(&literal->value) : nullptr;
  return text != nullptr && text->find('*') != std::string::npos ? text : nullptr;
}

}  // namespace

Evaluator::Operand Evaluator::MakeOperand(const Expr& expr) {
  return {Scalar(expr), expr.type, plan_.IsConstant(expr)};
}

Value Evaluator::ScalarComparison(const Comparison& comparison) {
  const bool equality = IsEquality(comparison.op);
  const bool equal = comparison.op == ComparisonOp::kEqual;
  if (equality && !mode_.endgame()) {
    if (const auto test = AsBooleanTest(comparison)) {
      const Truth truth = ToTruth(Scalar(**test->operand));
      return FromTruth(test->positive ? truth : Not(truth));
    }
  }
  const bool left_null = plan_.IsAlwaysNull(*comparison.left);
  const bool right_null = plan_.IsAlwaysNull(*comparison.right);
  if (equality && (left_null || right_null)) {
    // A null test. It is decided also where everything else around it is null.
    const bool null = left_null && right_null
                          ? true
                          : Scalar(left_null ? *comparison.right : *comparison.left).is_null();
    return Value::Boolean(null == equal);
  }
  if (equality && mode_.endgame()) {
    const std::string* pattern = StarLiteral(*comparison.right);
    const Expr* other = comparison.left.get();
    if (pattern == nullptr) {
      pattern = StarLiteral(*comparison.left);
      other = comparison.right.get();
    }
    if (pattern != nullptr) {
      FunctionContext context;
      context.endgame = true;
      context.insensitive = !mode_.case_sensitive;
      context.scratch = &scratch_;
      const Value arguments[] = {Scalar(*other), Value::String(*pattern)};
      const Truth truth = ToTruth(CallFunction(FunctionId::kWildcard, arguments, context));
      return FromTruth(equal ? truth : Not(truth));
    }
  }
  return Compare(comparison.op, MakeOperand(*comparison.left), MakeOperand(*comparison.right));
}

Value Evaluator::Compare(ComparisonOp op, const Operand& left, const Operand& right) {
  if (left.value.is_null() || right.value.is_null()) return {};
  if (mode_.endgame()) return CompareEndgame(op, left.value, right.value);
  for (const Type type : {Type::kDate, Type::kIp, Type::kVersion}) {
    if (left.type == type || right.type == type) return CompareTyped(op, left, right, type);
  }
  Operand a = left;
  Operand b = right;
  Reconcile(a, b);
  if (a.value.is_number() && b.value.is_number()) {
    return Decide(op, CompareNumbers(a.value, b.value));
  }
  if (a.value.is_string() && b.value.is_string()) {
    return Decide(op, a.value.text().compare(b.value.text()) <=> 0);
  }
  if (a.value.kind() == ValueKind::kBoolean && b.value.kind() == ValueKind::kBoolean &&
      IsEquality(op)) {
    return Decide(op, a.value.boolean() <=> b.value.boolean());
  }
  return Incomparable(op);
}

Value Evaluator::CompareTyped(ComparisonOp op, const Operand& a, const Operand& b, Type type) {
  if (type == Type::kIp) return CompareAddresses(op, a.value, b.value);
  if (type == Type::kDate) {
    const auto x = ToTimestamp(a.value);
    const auto y = ToTimestamp(b.value);
    return x && y ? Decide(op, *x <=> *y) : Incomparable(op);
  }
  const auto x = TextOf(a.value, scratch_);
  const auto y = TextOf(b.value, scratch_);
  return x && y ? Decide(op, CompareVersions(*x, *y)) : Incomparable(op);
}

/// Brings a text and a number (or boolean) together: in ES the field's declared type decides, in EP
/// and for fields of unknown type the literal's (reference 5.4).
void Evaluator::Reconcile(Operand& a, Operand& b) {
  if (a.value.kind() == b.value.kind() || (a.value.is_number() && b.value.is_number())) return;
  Operand& constant = a.constant ? a : b;
  Operand& other = a.constant ? b : a;
  if (a.constant && b.constant) return;
  const auto to_number = [](Operand& operand) {
    if (!operand.value.is_string()) return;
    if (const auto number = DecimalFromText(operand.value.text())) operand.value = *number;
  };
  const auto to_text = [&](Operand& operand) {
    if (const auto text = TextOf(operand.value, scratch_)) operand.value = Value::String(*text);
  };
  const bool number = constant.value.is_number() || other.value.is_number();
  if (!constant.constant) {  // two fields
    if (number) to_number(a), to_number(b);
    return;
  }
  const bool field_decides =
      mode_.dialect == Dialect::kElasticsearch && other.type != Type::kUnknown;
  Operand& converted = field_decides ? constant : other;
  const Operand& model = field_decides ? other : constant;
  if (model.value.is_number()) {
    to_number(converted);
  } else if (model.value.is_string()) {
    to_text(converted);
  } else if (const auto boolean = ToBoolean(converted.value)) {
    converted.value = Value::Boolean(*boolean);
  }
}

Value Evaluator::CompareEndgame(ComparisonOp op, const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return Decide(op, CompareNumbers(a, b));
  if (a.is_string() && b.is_string()) {
    const bool fold = !mode_.case_sensitive;
    const std::string_view x = fold ? FoldText(a.text(), scratch_) : a.text();
    const std::string_view y = fold ? FoldText(b.text(), scratch_) : b.text();
    return Decide(op, x.compare(y) <=> 0);
  }
  if (a.kind() == ValueKind::kBoolean && b.kind() == ValueKind::kBoolean && IsEquality(op)) {
    return Decide(op, a.boolean() <=> b.boolean());
  }
  return {};
}

Value Evaluator::TextOfTyped(const Value& value, Type type) {
  if (value.is_null()) return {};
  if (type == Type::kDate) {
    if (const auto time = ToTimestamp(value)) {
      return Value::String(scratch_.Copy(base::FormatIsoTime(*time)));
    }
  }
  const auto text = TextOf(value, scratch_);
  return text ? Value::String(*text) : Value();
}

}  // namespace vedette::eql
