// SPDX-License-Identifier: Apache-2.0
#include "eql/explanation_values.h"

#include <algorithm>

#include "base/json_writer.h"
#include "eql/parser.h"
#include "eql/text.h"
#include "eql/walk.h"
#include "event/json_reader.h"

namespace vedette::eql {
namespace {

using event::Value;

constexpr std::size_t kMaxValueBytes = 4096;

bool HasField(const Expr& expr) {
  bool found = false;
  auto visit = [&](const Expr& node) {
    const auto* field = std::get_if<Field>(&node.node);
    found = found || (field != nullptr && !field->variable);
  };
  ForEachExpr(expr, visit);
  return found;
}

/// Operands whose result no field shows: `length(process.args)`, `a - b`.
bool IsDerived(const Expr& expr) {
  const bool computed =
      std::holds_alternative<Call>(expr.node) || std::holds_alternative<Arithmetic>(expr.node);
  return computed && expr.type != Type::kBoolean && HasField(expr);
}

std::vector<const Expr*> OperandsOf(const Expr& leaf) {
  if (const auto* comparison = std::get_if<Comparison>(&leaf.node)) {
    return {comparison->left.get(), comparison->right.get()};
  }
  if (const auto* in = std::get_if<InList>(&leaf.node)) return {in->subject.get()};
  if (const auto* pattern = std::get_if<Pattern>(&leaf.node)) return {pattern->subject.get()};
  return {};
}

bool HoldsFolded(const Value& value, std::string_view folded, base::Arena& scratch) {
  if (value.is_list()) {
    return std::any_of(value.list().begin(), value.list().end(),
                       [&](const Value& one) { return HoldsFolded(one, folded, scratch); });
  }
  return value.is_string() && FoldText(value.text(), scratch) == folded;
}

/// Texts that a case-sensitive leaf compares its field with; empty for other leaves.
std::vector<const Expr*> ExactTexts(const Expr& leaf, const Expr*& subject) {
  if (const auto* comparison = std::get_if<Comparison>(&leaf.node);
      comparison != nullptr && comparison->op == ComparisonOp::kEqual) {
    subject = comparison->left.get();
    return {comparison->right.get()};
  }
  std::vector<const Expr*> texts;
  if (const auto* in = std::get_if<InList>(&leaf.node);
      in != nullptr && !in->negated && !in->insensitive) {
    subject = in->subject.get();
    for (const auto& item : in->items) texts.push_back(item.get());
  }
  if (const auto* pattern = std::get_if<Pattern>(&leaf.node);
      pattern != nullptr && pattern->op == PatternOp::kLike) {
    subject = pattern->subject.get();
    for (const auto& item : pattern->patterns) texts.push_back(item.get());
  }
  return texts;
}

}  // namespace

std::string SeenJson(const Value& value) {
  std::string json;
  event::WriteJson(value, json);
  if (json.size() <= kMaxValueBytes) return json;
  std::string_view begin = json;
  if (value.is_string()) begin = value.text();
  begin = begin.substr(0, kMaxValueBytes);
  while (!begin.empty() && !base::IsValidUtf8(begin)) begin.remove_suffix(1);
  std::string cut;
  base::JsonWriter(cut).String(std::string(begin) + "…");
  return cut;
}

Value LeafReader::FieldValue(const Expr& expr, const Field& field) const {
  if (mode.endgame()) {
    Evaluator evaluator(plan, mode, event, scratch, &around);
    return evaluator.Scalar(expr);
  }
  if (!field.id) return {};
  const event::Event* from = &event;
  if (field.alias_item) {
    from = *field.alias_item < around.items.size() ? around.items[*field.alias_item] : nullptr;
  }
  const auto index = static_cast<std::size_t>(*field.id);
  return from != nullptr && index < from->slots.size() ? from->slots[index] : Value();
}

std::vector<SeenValue> LeafReader::Values(const Expr& leaf) const {
  std::vector<SeenValue> out;
  if (std::holds_alternative<Relation>(leaf.node)) return out;
  const auto add = [&](std::string name, const Value& value) {
    const bool there =
        std::any_of(out.begin(), out.end(), [&](const SeenValue& old) { return old.name == name; });
    if (!there) out.push_back({std::move(name), SeenJson(value)});
  };
  auto visit = [&](const Expr& expr) {
    const auto* field = std::get_if<Field>(&expr.node);
    if (field != nullptr && !field->variable) add(field->Dotted(), FieldValue(expr, *field));
  };
  ForEachExpr(leaf, visit);
  for (const Expr* operand : OperandsOf(leaf)) {
    if (!IsDerived(*operand)) continue;
    Evaluator evaluator(plan, mode, event, scratch, &around);
    add(Print(*operand, mode.dialect), evaluator.TopLevel(*operand));
  }
  return out;
}

std::string LeafReader::Hint(const Expr& leaf) const {
  if (std::holds_alternative<Relation>(leaf.node)) {
    return "as far as the stream has shown its process tree";
  }
  if (mode.endgame()) return {};
  const Expr* subject = nullptr;
  for (const Expr* text : ExactTexts(leaf, subject)) {
    const auto* field = std::get_if<Field>(&subject->node);
    const auto* literal = std::get_if<Literal>(&text->node);
    if (field == nullptr || literal == nullptr) continue;
    const auto* words = std::get_if<std::string>(&literal->value);
    if (words == nullptr) continue;
    const std::string_view folded = FoldText(*words, scratch);
    if (!HoldsFolded(FieldValue(*subject, *field), folded, scratch)) continue;
    return "only the letter case differs; `:`, `in~` and `like~` do not mind it";
  }
  return {};
}

}  // namespace vedette::eql
