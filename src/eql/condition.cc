// SPDX-License-Identifier: Apache-2.0
#include "eql/condition.h"

#include <algorithm>

#include "eql/evaluation.h"
#include "eql/walk.h"

namespace vedette::eql {

std::vector<event::FieldId> FieldsOf(const Expr& expr) {
  std::vector<event::FieldId> fields;
  const auto visit = [&](const Expr& part) {
    const auto* field = std::get_if<Field>(&part.node);
    if (field != nullptr && field->id && !field->alias_item) fields.push_back(*field->id);
  };
  ForEachExpr(expr, visit);
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

struct Condition::Impl {
  const Expr* expr;
  Mode mode;
  Plan plan;
};

Condition::Condition(const Expr& expr, Dialect dialect, const CheckOptions& options) {
  const Mode mode{dialect, dialect != Dialect::kEndgame || options.case_sensitive};
  impl_ = std::unique_ptr<Impl>(new Impl{&expr, mode, Plan(expr, mode)});
}
Condition::~Condition() = default;
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(Condition&&) noexcept = default;

Truth Condition::Decide(const event::Event& event, base::Arena& scratch) const {
  Evaluator evaluator(impl_->plan, impl_->mode, event, scratch);
  return evaluator.Condition(*impl_->expr);
}

bool Condition::always_null() const { return impl_->plan.IsAlwaysNull(*impl_->expr); }

std::vector<std::string> Condition::required_texts() const {
  const Regex* regex = impl_->plan.RegexOf(*impl_->expr);
  return regex != nullptr ? regex->RequiredTexts() : std::vector<std::string>();
}

}  // namespace vedette::eql
