// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>
#include <tuple>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

using event::Value;
using event::ValueKind;

std::string TextOf(const Value& value) {
  return value.is_string() ? std::string(value.text()) : std::string();
}

/// One group: its entries hold together.
void LintGroup(const LintContext& lint, const Value& group) {
  const auto wrong = [&](std::string message) {
    lint.Error("threat_mapping", "R021", std::move(message));
  };
  const Value entries = group.Get("entries");
  if (!entries.is_list() || entries.list().empty()) {
    wrong("a group of `threat_mapping` has no `entries`");
    return;
  }
  std::size_t positive = 0;
  std::set<std::tuple<std::string, std::string, bool>> seen;
  for (const Value& entry : entries.list()) {
    const std::string field = TextOf(entry.Get("field"));
    const std::string value = TextOf(entry.Get("value"));
    if (field.empty() || value.empty() || TextOf(entry.Get("type")) != "mapping") {
      wrong("an entry of `threat_mapping` needs `field`, `value` and `type` \"mapping\"");
      continue;
    }
    const Value negate = entry.Get("negate");
    const bool negated = negate.kind() == ValueKind::kBoolean && negate.boolean();
    if (!negated) ++positive;
    seen.emplace(field, value, negated);
    if (seen.contains({field, value, !negated})) {
      wrong("`" + field + "` with `" + value + "` is asked for and excluded in one group");
    }
  }
  if (positive == 0) wrong("a group of `threat_mapping` only excludes: it needs a positive entry");
}

}  // namespace

void LintThreatMatch(const LintContext& lint) {
  const std::string_view json = lint.rule.Json("threat_mapping");
  if (lint.rule.type != RuleType::kThreatMatch || json.empty()) return;  // absent: R003
  base::Arena arena(16UL * 1024);
  event::JsonReader reader({.max_depth = 64});
  const auto mapping = reader.Read(json, arena);
  if (!mapping.has_value() || !mapping->is_list() || mapping->list().empty()) {
    lint.Error("threat_mapping", "R021", "`threat_mapping` must be a list of groups of entries");
    return;
  }
  for (const Value& group : mapping->list()) LintGroup(lint, group);
}

}  // namespace vedette::rules
