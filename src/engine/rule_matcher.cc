// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_matcher.h"

#include <utility>
#include <variant>

#include "eql/interpreter.h"

namespace vedette::engine {

struct RuleMatcher::Impl {
  event::FieldTable* fields;
  std::vector<const CompiledRule*> compiled;
  std::vector<eql::Interpreter> interpreters;
};

RuleMatcher::RuleMatcher(event::FieldTable& fields) : impl_(new Impl{&fields, {}, {}}) {}
RuleMatcher::~RuleMatcher() = default;
RuleMatcher::RuleMatcher(RuleMatcher&&) noexcept = default;
RuleMatcher& RuleMatcher::operator=(RuleMatcher&&) noexcept = default;
std::size_t RuleMatcher::size() const { return impl_->compiled.size(); }
const rules::Rule& RuleMatcher::rule(std::size_t i) const { return impl_->compiled[i]->rule; }

void RuleMatcher::Add(const CompiledRule& rule) {
  impl_->compiled.push_back(&rule);
  impl_->interpreters.emplace_back(std::get<eql::EventQuery>(rule.query.statement),
                                   rule.query.dialect, *impl_->fields, rule.options);
}

void RuleMatcher::Match(const event::Event& event, const std::vector<bool>& eligible,
                        base::Arena& scratch, std::vector<std::uint32_t>& hits) const {
  for (std::size_t i = 0; i < impl_->interpreters.size(); ++i) {
    if (eligible[i] && impl_->interpreters[i].Matches(event, scratch)) {
      hits.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

}  // namespace vedette::engine
