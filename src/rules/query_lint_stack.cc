// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "rules/query_lint.h"
#include "rules/rule_diagnostic.h"

namespace vedette::rules {
namespace {

/// Major and minor.
using Version = std::pair<int, int>;

/// `"8.19.0"` with or without quotes; {0, 0} when it is none.
Version ParseVersion(std::string_view text) {
  if (!text.empty() && text.front() == '"') text.remove_prefix(1);
  Version out{0, 0};
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, out.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return {0, 0};
  const auto minor = std::from_chars(major.ptr + 1, end, out.second);
  return minor.ec == std::errc() ? out : Version{0, 0};
}

bool AnyItem(const eql::Sequence& sequence, bool (*test)(const eql::SequenceItem&)) {
  return std::any_of(sequence.items.begin(), sequence.items.end(), test);
}

}  // namespace

void LintStackVersion(const Rule& rule, const eql::Query& query,
                      std::vector<base::Diagnostic>& out) {
  const auto written = rule.metadata.find("min_stack_version");
  if (written == rule.metadata.end()) return;
  const Version least = ParseVersion(written->second);
  if (least == Version{0, 0}) return;
  const auto need = [&](Version version, base::Span span, const std::string& what) {
    if (least >= version) return;
    base::Diagnostic issue =
        MakeWarning("R023", what + " need stack " + std::to_string(version.first) + "." +
                                std::to_string(version.second) + ", `min_stack_version` is lower");
    issue.span = span;
    out.push_back(std::move(issue));
  };
  const auto* sequence = std::get_if<eql::Sequence>(&query.statement);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) {
    need({8, 6}, sample->items.empty() ? base::Span{} : sample->items.front().span, "samples");
  }
  if (sequence != nullptr && !sequence->items.empty()) {
    const base::Span first = sequence->items.front().span;
    if (AnyItem(*sequence, [](const eql::SequenceItem& item) { return item.missing; })) {
      need({8, 9}, first, "missing events");
    }
    if (AnyItem(*sequence, [](const eql::SequenceItem& item) { return item.has_runs; })) {
      need({7, 16}, first, "`with runs`");
    }
  }
  if (rule.alert_suppression) {
    need(sequence != nullptr ? Version{8, 18} : Version{8, 14}, {}, "suppressed EQL alerts");
  }
}

}  // namespace vedette::rules
