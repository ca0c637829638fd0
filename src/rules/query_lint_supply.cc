// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "rules/index_supply.h"
#include "rules/query_lint.h"

namespace vedette::rules {
namespace {

using Kind = Formula::Kind;
/// Field to the term that needs it.
using Needs = std::map<std::string, const Term*, std::less<>>;

/// The fields without which the formula cannot hold.
Needs Required(const Formula& formula) {
  Needs out;
  if (formula.kind == Kind::kTerm) {
    const Term& term = formula.term;
    // `?field` says that its absence is expected; then the rest of the query should provide for it.
    if (term.positive && !term.field.empty() && !term.optional) out.emplace(term.field, &term);
    return out;
  }
  bool first = true;
  for (const Formula& child : formula.children) {
    Needs needs = Required(child);
    if (formula.kind == Kind::kAnd) {
      out.merge(needs);
    } else if (first) {
      out = std::move(needs);
    } else {
      std::erase_if(out, [&](const auto& entry) { return !needs.contains(entry.first); });
    }
    first = false;
  }
  return out;
}

/// Why no event of an index can satisfy the query; neither set: it can, for all that is known.
struct Obstacle {
  const Term* field = nullptr;
  bool category = false;
  explicit operator bool() const { return field != nullptr || category; }
};

class SupplyLinter {
 public:
  explicit SupplyLinter(const ConditionContext& context)
      : context_(context), needs_(Required(context.formula)) {}

  void Run() {
    std::vector<std::string> live;
    std::vector<std::pair<std::string, Obstacle>> dead;
    for (const std::string& pattern : context_.rule.index) {
      const auto sources = SourcesOf(pattern);
      Obstacle first;
      bool possible = sources.empty();
      for (const IndexSource* source : sources) {
        const Obstacle obstacle = ObstacleIn(*source);
        if (!obstacle) {
          possible = true;
          break;
        }
        if (!first) first = obstacle;
      }
      if (possible) {
        live.push_back(pattern);
      } else {
        dead.emplace_back(pattern, first);
      }
    }
    Dead(live, dead);
    for (const auto& [pattern, terms] : Idle(live)) Exclusions(pattern, terms);
  }

 private:
  Obstacle ObstacleIn(const IndexSource& source) const {
    Obstacle out;
    const bool by_category = context_.rule.event_category_override.empty();
    if (!context_.query.any && by_category && NeverCategory(source, context_.query.category)) {
      out.category = true;
      return out;
    }
    for (const auto& [field, term] : needs_) {
      if (!NeverField(source, field)) continue;
      out.field = term;
      return out;
    }
    return out;
  }

  void Dead(const std::vector<std::string>& live,
            const std::vector<std::pair<std::string, Obstacle>>& dead) const {
    // Items of a sequence may come from different indices: only one that none serves is a finding.
    if (dead.empty() || (!context_.alone && !live.empty())) return;
    if (!context_.alone || live.empty()) {
      auto& issue = Tell(dead.front().second, "no index of this rule has ");
      issue.help.emplace_back("add the index whose events have it; or this never matches");
      return;
    }
    // Indices stopped by the same thing share a finding.
    std::map<const Term*, std::vector<std::string>> by_term;
    for (const auto& [pattern, obstacle] : dead) by_term[obstacle.field].push_back(pattern);
    for (const auto& [term, patterns] : by_term) {
      auto& issue = Tell({term, term == nullptr},
                         "`" + Joined(patterns) + "` can never match: " +
                             (patterns.size() == 1 ? "it has no " : "they have no "));
      issue.help.emplace_back("leave the index out, or let the query do without");
    }
  }

  base::Diagnostic& Tell(const Obstacle& obstacle, const std::string& start) const {
    if (obstacle.field == nullptr) {
      return context_.Warn("R028", context_.query.category_span,
                           start + "`" + context_.query.category + "` events");
    }
    return context_.Warn("R028", obstacle.field->expr->span,
                         start + "`" + obstacle.field->field + "`");
  }

  /// By field: the exclusions on it that do nothing for some of the indices.
  std::map<std::string, std::vector<std::string>> Idle(const std::vector<std::string>& live) {
    std::map<std::string, std::vector<std::string>> out;
    if (!context_.alone) return out;  // which index serves an item is not known
    Collect(context_.formula);
    for (const std::string& pattern : live) {
      const auto sources = SourcesOf(pattern);
      if (sources.empty()) continue;
      for (const auto& [field, term] : excluded_) {
        const bool never = std::all_of(
            sources.begin(), sources.end(),
            [&field = field](const IndexSource* source) { return NeverField(*source, field); });
        if (never) out[field].push_back(pattern);
      }
    }
    return out;
  }

  void Collect(const Formula& formula) {
    if (formula.kind == Kind::kTerm) {
      const Term& term = formula.term;
      const bool test = term.values.kind != ValueSet::Kind::kAny;
      if (!term.positive && test && !term.field.empty() && !term.optional &&
          !needs_.contains(term.field)) {
        excluded_.emplace(term.field, &term);
      }
    }
    // Below an `or` another alternative may be meant for the sources that lack the field.
    if (formula.kind == Kind::kOr) return;
    for (const Formula& child : formula.children) Collect(child);
  }

  void Exclusions(const std::string& field, const std::vector<std::string>& patterns) const {
    const Term& term = *excluded_.find(field)->second;
    auto& issue = context_.Warn("W0306", term.expr->span,
                                "this excludes nothing in `" + Joined(patterns) +
                                    "`: events there have no `" + field + "`");
    issue.help.emplace_back("a missing value is unequal to everything: require the field with `" +
                            field + " != null`, or write `?" + field + "` to say that you know");
  }

  static std::string Joined(const std::vector<std::string>& patterns) {
    std::string out;
    for (const std::string& pattern : patterns) out += (out.empty() ? "" : "`, `") + pattern;
    return out;
  }

  const ConditionContext& context_;
  Needs needs_;
  Needs excluded_;
};

}  // namespace

void LintSupply(const ConditionContext& context) { SupplyLinter(context).Run(); }

}  // namespace vedette::rules
