// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "base/time.h"
#include "rules/query_lint.h"
#include "rules/rule_diagnostic.h"

namespace vedette::rules {
namespace {

using namespace std::chrono_literals;

/// Slack that the public repository grants between look-back and maxspan.
constexpr base::Duration kSlack = 10min;
/// Below this, evaluating a sequence twice costs little.
constexpr base::Duration kShortSpan = 150s;
/// Only differences count, so any moment serves.
constexpr base::Timestamp kNow{1'767'225'600'000'000'000};

bool HasKeys(const eql::Sequence& sequence) {
  if (!sequence.keys.empty()) return true;
  return std::any_of(sequence.items.begin(), sequence.items.end(), [](const auto& item) {
    // Endpoint rules tie items together by naming an earlier one in the condition.
    return !item.keys.empty() || !item.alias.empty();
  });
}

void Unbounded(const eql::Sequence& sequence, std::vector<base::Diagnostic>& out) {
  const bool keys = HasKeys(sequence);
  base::Diagnostic issue = MakeWarning(
      "R012", keys ? "a sequence without `maxspan` waits for its next event for ever"
                   : "a sequence with neither `by` nor `maxspan` joins any hosts at any "
                     "distance and never forgets");
  if (!sequence.items.empty()) issue.span = sequence.items.front().span;
  issue.help.emplace_back(keys ? "`sequence by … with maxspan=1m` says how long"
                               : "write `sequence by host.id with maxspan=1m`");
  out.push_back(std::move(issue));
}

void Window(const Rule& rule, const eql::Sequence& sequence, std::vector<base::Diagnostic>& out) {
  const auto from = base::EvaluateDateMath(rule.from, kNow);
  const auto to = base::EvaluateDateMath(rule.to, kNow);
  const auto interval = base::ParseDuration(rule.interval);
  if (!from.has_value() || !to.has_value() || !interval.has_value()) return;  // R008 says so
  base::Span span;
  if (!sequence.items.empty()) span = sequence.items.front().span;
  if (*sequence.maxspan > *to - *from + kSlack) {
    base::Diagnostic issue =
        MakeWarning("R010", "`maxspan` (" + sequence.maxspan_text +
                                ") is longer than a run looks back: a slow match is never seen "
                                "whole on a schedule");
    issue.span = span;
    issue.help.push_back("let `from` (" + rule.from + ") reach back at least that far");
    out.push_back(std::move(issue));
  }
  if (*sequence.maxspan > kShortSpan && *interval < *sequence.maxspan / 2) {
    base::Diagnostic issue = MakeWarning(
        "R011", "every sequence is looked for several times: the interval (" + rule.interval +
                    ") is less than half of `maxspan` (" + sequence.maxspan_text + ")");
    issue.span = span;
    issue.help.emplace_back("an interval of half of `maxspan` or more finds the same");
    out.push_back(std::move(issue));
  }
}

}  // namespace

void LintSequence(const Rule& rule, const eql::Query& query, std::vector<base::Diagnostic>& out) {
  const auto* sequence = std::get_if<eql::Sequence>(&query.statement);
  if (sequence == nullptr) return;
  if (!sequence->maxspan) {
    Unbounded(*sequence, out);
  } else if (rule.form == RuleForm::kDetection) {
    Window(rule, *sequence, out);  // behaviour rules run on the stream, not on a schedule
  }
}

}  // namespace vedette::rules
