// SPDX-License-Identifier: Apache-2.0
#include "eql/interpreter.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "eql/evaluation.h"

namespace vedette::eql {
namespace {

using event::Value;

constexpr std::string_view kEventSuffix = "_event";

Mode ModeOf(Dialect dialect, const CheckOptions& options) {
  return {dialect, dialect != Dialect::kEndgame || options.case_sensitive};
}

bool Holds(const Value& value, std::string_view category) {
  if (value.is_list()) {
    return std::any_of(value.list().begin(), value.list().end(),
                       [&](const Value& element) { return Holds(element, category); });
  }
  return value.is_string() && value.text() == category;
}

}  // namespace

struct Interpreter::Impl {
  const EventQuery* query;
  Mode mode;
  std::optional<Plan> plan;
  event::FieldId category{};
  event::FieldId event_type{};
  event::FieldId event_type_full{};

  bool CategoryMatches(const event::Event& event) const;
};

Interpreter::Interpreter(const EventQuery& query, Dialect dialect, event::FieldTable& fields,
                         const CheckOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->query = &query;
  impl_->mode = ModeOf(dialect, options);
  impl_->category = fields.Intern(options.category_field);
  if (dialect == Dialect::kEndgame) {
    impl_->event_type = fields.Intern(kEndgameTypeField, event::Shape::kTree);
    impl_->event_type_full = fields.Intern(kEndgameFullTypeField, event::Shape::kTree);
  }
  if (query.condition != nullptr) impl_->plan.emplace(*query.condition, impl_->mode);
}

Interpreter::~Interpreter() = default;
Interpreter::Interpreter(Interpreter&&) noexcept = default;

bool Interpreter::Impl::CategoryMatches(const event::Event& event) const {
  if (query->any) return true;
  if (mode.dialect != Dialect::kEndgame) return Holds(event.Get(category), query->category);
  const Value& type = event.Get(event_type);
  if (type.is_string()) return type.text() == query->category;
  const Value& full = event.Get(event_type_full);
  if (full.is_string()) {
    std::string_view name = full.text();
    if (name.ends_with(kEventSuffix)) name.remove_suffix(kEventSuffix.size());
    return name == query->category;
  }
  // Not Endgame's own record: an ECS event knows its category under the configured field.
  const Value& ecs = event.Get(category);
  return ecs.is_null() ? query->category == "generic" : Holds(ecs, query->category);
}

bool Interpreter::CategoryMatches(const event::Event& event) const {
  return impl_->CategoryMatches(event);
}

bool Interpreter::Matches(const event::Event& event, base::Arena& scratch) const {
  return Matches(event, scratch, {});
}

bool Interpreter::Matches(const event::Event& event, base::Arena& scratch,
                          const Surroundings& around) const {
  if (!impl_->CategoryMatches(event)) return false;
  if (!impl_->plan) return true;
  Evaluator evaluator(*impl_->plan, impl_->mode, event, scratch, &around);
  return evaluator.Condition(*impl_->query->condition) == Truth::kTrue;
}

struct Expression::Impl {
  const Expr* expr;
  Mode mode;
  Plan plan;
};

Expression::Expression(const Expr& expr, Dialect dialect, const CheckOptions& options)
    : impl_(new Impl{&expr, ModeOf(dialect, options), Plan(expr, ModeOf(dialect, options))}) {}
Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;

Value Expression::ValueOf(const event::Event& event, base::Arena& scratch,
                          const Value& events) const {
  Evaluator evaluator(impl_->plan, impl_->mode, event, scratch);
  if (!events.is_null()) evaluator.Bind("events", events);
  return evaluator.TopLevel(*impl_->expr);
}

Value Evaluate(const Expr& expr, Dialect dialect, const CheckOptions& options,
               const event::Event& event, base::Arena& scratch) {
  const Mode mode = ModeOf(dialect, options);
  const Plan plan(expr, mode);
  Evaluator evaluator(plan, mode, event, scratch);
  const Value value = evaluator.TopLevel(expr);
  // Literals' texts belong to the tree; the caller may fold it away.
  return value.is_string() ? Value::String(scratch.Copy(value.text())) : value;
}

}  // namespace vedette::eql
