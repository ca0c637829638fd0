// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_matcher.h"

#include <fmt/format.h>

#include <deque>

#include "eql/checker.h"
#include "eql/interpreter.h"
#include "eql/parser.h"

namespace vedette::engine {

namespace {

struct Compiled {
  rules::Rule rule;
  eql::Query query;
  eql::CheckOptions options;
};

eql::CheckOptions OptionsOf(const rules::Rule& rule) {
  eql::CheckOptions options;
  if (!rule.event_category_override.empty()) options.category_field = rule.event_category_override;
  if (!rule.timestamp_field.empty()) options.timestamp_field = rule.timestamp_field;
  options.tiebreaker_field = rule.tiebreaker_field;
  return options;
}

std::string FirstError(const std::vector<base::Diagnostic>& diagnostics) {
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity == base::Severity::kError) {
      return fmt::format("[{}] {}; see `vedette rules check`", diagnostic.code, diagnostic.message);
    }
  }
  return "its query does not compile; see `vedette rules check`";
}

}  // namespace

struct RuleMatcher::Impl {
  event::FieldTable fields{event::EcsSchema()};
  std::deque<Compiled> compiled;  // a deque: interpreters keep references
  std::vector<eql::Interpreter> interpreters;
};

RuleMatcher::RuleMatcher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleMatcher::~RuleMatcher() = default;
RuleMatcher::RuleMatcher(RuleMatcher&&) noexcept = default;
RuleMatcher& RuleMatcher::operator=(RuleMatcher&&) noexcept = default;
const event::FieldTable& RuleMatcher::fields() const { return impl_->fields; }
std::size_t RuleMatcher::size() const { return impl_->compiled.size(); }
const rules::Rule& RuleMatcher::rule(std::size_t i) const { return impl_->compiled[i].rule; }

RuleMatcher RuleMatcher::Build(std::span<const rules::Rule> rules,
                               std::vector<SkippedRule>& skipped) {
  auto impl = std::make_unique<Impl>();
  for (const rules::Rule& rule : rules) {
    const auto skip = [&](std::string reason) {
      skipped.push_back({rule.name, rule.origin.path, std::move(reason)});
    };
    if (!rule.runnable()) {
      skip(rule.stored_only);
      continue;
    }
    const base::Source source(rule.origin.path, rule.query);
    auto parsed = eql::Parse(source, rule.dialect());
    if (!parsed.query) {
      skip(FirstError(parsed.diagnostics));
      continue;
    }
    Compiled compiled{rule, std::move(*parsed.query), OptionsOf(rule)};
    std::vector<base::Diagnostic> diagnostics;
    if (!eql::Check(compiled.query, impl->fields, compiled.options, diagnostics)) {
      skip(FirstError(diagnostics));
      continue;
    }
    if (eql::NeedsState(compiled.query) ||
        !std::holds_alternative<eql::EventQuery>(compiled.query.statement)) {
      skip("sequences, samples, joins and process relations do not run in this version yet");
      continue;
    }
    eql::FoldConstants(compiled.query, compiled.options);
    impl->compiled.push_back(std::move(compiled));
    Compiled& kept = impl->compiled.back();
    impl->interpreters.emplace_back(std::get<eql::EventQuery>(kept.query.statement),
                                    kept.query.dialect, impl->fields, kept.options);
  }
  return RuleMatcher(std::move(impl));
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
