// SPDX-License-Identifier: Apache-2.0
#include "engine/alert_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/alert_layout.h"
#include "engine/alert_rule_members.h"

namespace vedette::engine {
namespace {

using event::Value;

/// A number in 0..100 out of a number or its text; the largest of a list.
std::optional<std::int64_t> RiskFrom(const Value& value) {
  if (value.is_list()) {
    std::optional<std::int64_t> best;
    for (const Value& element : value.list()) {
      const auto risk = RiskFrom(element);
      if (risk && (!best || *risk > *best)) best = risk;
    }
    return best;
  }
  const std::string text = TextOf(value);
  double number = 0;
  const auto [p, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || p != text.data() + text.size() || !(number >= 0 && number <= 100)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

bool HoldsText(const Value& value, std::string_view wanted) {
  if (!value.is_list()) return TextOf(value) == wanted;
  return std::any_of(value.list().begin(), value.list().end(),
                     [&](const Value& element) { return TextOf(element) == wanted; });
}

}  // namespace

AlertSummary SummariseFields(const Value& document) {
  AlertSummary summary;
  const auto text = [&](std::string_view path) { return TextOf(document.GetPath(path)); };
  summary.host = text("host.name");
  if (summary.host.empty()) summary.host = text("host.hostname");
  if (summary.host.empty()) summary.host = text("host.id");
  summary.user = text("user.name");
  if (summary.user.empty()) summary.user = text("user.id");
  summary.process = text("process.command_line");
  if (summary.process.empty()) {
    const Value args = document.GetPath("process.args");
    if (args.is_list()) {
      for (const Value& argument : args.list()) {
        if (!summary.process.empty()) summary.process += ' ';
        summary.process += TextOf(argument);
      }
    } else {
      summary.process = TextOf(args);
    }
  }
  if (summary.process.empty()) summary.process = text("process.name");
  summary.parent = text("process.parent.name");
  if (summary.parent.empty()) summary.parent = text("process.parent.executable");
  return summary;
}

AlertWriter::AlertWriter(const rules::Rule& rule)
    : rule_(rule), rule_members_(AlertRuleMembers(rule)) {}

AlertWriter::Overrides AlertWriter::ApplyOverrides(const Value& document) const {
  Overrides result{rule_.name, rule_.severity, rule_.risk_score};
  int best = -1;
  for (const auto& mapping : rule_.severity_mapping) {
    const int rank = rules::SeverityRank(mapping.severity);
    if (rank > best && HoldsText(document.GetPath(mapping.field), mapping.value)) {
      best = rank;
      result.severity = mapping.severity;
    }
  }
  // The reference reads the first entry only, and only its field.
  if (!rule_.risk_score_mapping.empty()) {
    if (const auto risk = RiskFrom(document.GetPath(rule_.risk_score_mapping.front().field))) {
      result.risk_score = *risk;
    }
  }
  if (!rule_.rule_name_override.empty()) {
    const Value name = document.GetPath(rule_.rule_name_override);
    if (name.is_string() && !name.text().empty()) result.name = name.text();
  }
  return result;
}

AlertSummary AlertWriter::Write(const AlertInput& input, std::string& out) const {
  const Value& document = input.event->document;
  const Overrides overrides = ApplyOverrides(document);
  AlertSummary summary = SummariseFields(document);
  summary.uuid = AlertUuid(input.identity, rule_.id);
  summary.rule_name = overrides.name;
  summary.severity = overrides.severity;
  summary.risk_score = overrides.risk_score;
  summary.reason = AlertReason(document, overrides.severity, overrides.name);
  summary.time = input.event->timestamp;
  summary.has_time = input.event->has_timestamp;

  const AlertAncestor ancestor{input.identity.id, input.identity.index, 0, {}};
  AlertContent content;
  content.document = document;
  content.uuid = summary.uuid;
  content.created = content.last_detected = input.created;
  content.original_time = summary.has_time ? summary.time : input.created;
  content.reason = summary.reason;
  content.severity = summary.severity;
  content.risk_score = summary.risk_score;
  content.building_block_type = rule_.building_block_type;
  content.ancestors = {&ancestor, 1};
  content.rule_name = overrides.name;
  content.rule_uuid = rule_.id;
  content.rule_members = rule_members_;
  content.mode = input.mode;
  content.sources = {&input.source, 1};
  LayOutAlert(content, out);
  return summary;
}

}  // namespace vedette::engine
