// SPDX-License-Identifier: Apache-2.0
#include "vedette/rule_set.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "embed/compiled_rules.h"
#include "rules/bundled_rules.h"
#include "rules/rule_lint.h"
#include "rules/rule_loader.h"

namespace vedette {
namespace {

Severity PublicSeverity(base::Severity severity) {
  switch (severity) {
    case base::Severity::kError:
      return Severity::kError;
    case base::Severity::kWarning:
      return Severity::kWarning;
    case base::Severity::kNote:
      break;
  }
  return Severity::kNote;
}

Diagnostic PublicDiagnostic(const rules::RuleDiagnostic& found) {
  return {found.path,
          found.line,
          found.column,
          PublicSeverity(found.diagnostic.severity),
          found.diagnostic.code,
          found.diagnostic.message,
          found.rule_name,
          rules::Render(found, false)};
}

}  // namespace

RuleSet::RuleSet() {
  std::vector<engine::SkippedRule> none;
  impl_ = std::make_shared<const Impl>(service::DetectionSet::Build({}, none));
}
RuleSet::RuleSet(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(const RuleSet&) = default;
RuleSet& RuleSet::operator=(const RuleSet&) = default;

std::size_t RuleSet::size() const noexcept { return impl_->set.size(); }

RuleInfo RuleSet::rule(std::size_t rule) const {
  const rules::Rule& found = impl_->set.rule(rule);
  return {found.rule_id,    found.name,        found.severity,
          found.risk_score, found.origin.path, rule >= impl_->set.first_stateful()};
}

const std::vector<Diagnostic>& RuleSet::diagnostics() const noexcept { return impl_->diagnostics; }
bool RuleSet::has_errors() const noexcept { return impl_->has_errors; }
const std::vector<SkippedRule>& RuleSet::skipped() const noexcept { return impl_->skipped; }

struct RuleLoader::Impl {
  /// What Compile() reads, in the order of the calls; the paths together, as one command line.
  std::vector<std::string> paths;
  std::vector<std::pair<std::string, std::string>> texts;
};

RuleLoader::RuleLoader() : impl_(std::make_unique<Impl>()) {}
RuleLoader::~RuleLoader() = default;

RuleLoader& RuleLoader::AddPath(std::string_view path) {
  impl_->paths.emplace_back(path);
  return *this;
}

RuleLoader& RuleLoader::AddText(std::string_view name, std::string_view text) {
  impl_->texts.emplace_back(name, text);
  return *this;
}

RuleLoader& RuleLoader::AddBundled() {
  for (const rules::BundledFile& file : rules::BundledFiles()) {
    if (!file.is_test()) AddText(std::string("bundled:").append(file.path), file.text);
  }
  return *this;
}

namespace {

/// Rules of several loads: of two with one id the first stays, and the second is told about.
class MergedRules {
 public:
  void Add(rules::RuleSetLoad load) {
    for (rules::Rule& rule : load.rules) all_.push_back(std::move(rule));
    Move(std::move(load.diagnostics));
    ++loads_;
  }

  std::vector<rules::Rule> TakeRules() {
    if (loads_ < 2) return std::move(all_);
    // Each load has dropped its own twins; what this finds is between loads.
    Move(rules::LintRuleSet(all_, rules::Profile::kMinimal));
    std::set<std::string> seen;
    std::vector<rules::Rule> kept;
    for (rules::Rule& rule : all_) {
      if (seen.insert(rule.id).second) kept.push_back(std::move(rule));
    }
    return kept;
  }

  std::vector<rules::RuleDiagnostic>& diagnostics() { return diagnostics_; }

 private:
  void Move(std::vector<rules::RuleDiagnostic> found) {
    std::move(found.begin(), found.end(), std::back_inserter(diagnostics_));
  }

  std::vector<rules::Rule> all_;
  std::vector<rules::RuleDiagnostic> diagnostics_;
  std::size_t loads_ = 0;
};

}  // namespace

RuleSet RuleLoader::Compile() {
  MergedRules merged;
  if (!impl_->paths.empty()) merged.Add(rules::LoadRules(impl_->paths));
  for (const auto& [name, text] : impl_->texts) merged.Add(rules::LoadRulesFromText(name, text));
  const std::vector<rules::Rule> kept = merged.TakeRules();
  std::vector<engine::SkippedRule> skipped;
  auto impl = std::make_shared<RuleSet::Impl>(service::DetectionSet::Build(kept, skipped));
  std::stable_sort(merged.diagnostics().begin(), merged.diagnostics().end(),
                   [](const auto& a, const auto& b) {
                     return std::tie(a.path, a.line) < std::tie(b.path, b.line);
                   });
  for (const auto& found : merged.diagnostics()) {
    impl->diagnostics.push_back(PublicDiagnostic(found));
    impl->has_errors = impl->has_errors || found.is_error();
  }
  for (engine::SkippedRule& rule : skipped) {
    impl->skipped.push_back({std::move(rule.name), std::move(rule.path), std::move(rule.reason)});
  }
  return RuleSet(std::move(impl));
}

}  // namespace vedette
