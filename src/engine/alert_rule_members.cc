// SPDX-License-Identifier: Apache-2.0
#include "engine/alert_rule_members.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "rules/api_json_codec.h"
#include "rules/rule_json.h"

namespace vedette::engine {
namespace {

using base::JsonWriter;

/// A member's name in the alert.
std::string Key(std::string_view key) { return fmt::format("kibana.alert.rule.{}", key); }

void Text(JsonWriter& writer, std::string_view key, std::string_view value) {
  writer.Member(Key(key), value);
}

void TextIfAny(JsonWriter& writer, std::string_view key, std::string_view value) {
  if (!value.empty()) Text(writer, key, value);
}

void Json(JsonWriter& writer, std::string_view key, std::string_view json) {
  writer.Key(Key(key));
  writer.Raw(json);
}

}  // namespace

std::string AlertRuleMembers(const rules::Rule& rule) {
  std::string out;
  JsonWriter writer(out);
  Text(writer, "uuid", rule.id);
  Text(writer, "rule_id", rule.rule_id);
  Text(writer, "description", rule.description);
  Text(writer, "category", "Event Correlation Rule");
  Text(writer, "type", rules::RuleTypeName(rule.type));
  Text(writer, "rule_type_id", "siem.eqlRule");
  Text(writer, "consumer", "siem");
  Text(writer, "producer", "siem");
  writer.MemberBool("kibana.alert.rule.enabled", rule.enabled);
  writer.MemberBool("kibana.alert.rule.immutable", false);
  Text(writer, "interval", rule.interval);
  Text(writer, "from", rule.from);
  Text(writer, "to", rule.to);
  writer.MemberInt("kibana.alert.rule.max_signals", rule.max_signals);
  rules::WriteStringList(writer, Key("indices"), rule.index);
  Text(writer, "severity", rule.severity);
  writer.MemberInt("kibana.alert.rule.risk_score", rule.risk_score);
  rules::WriteSeverityMappings(writer, Key("severity_mapping"), rule.severity_mapping);
  rules::WriteRiskScoreMappings(writer, Key("risk_score_mapping"), rule.risk_score_mapping);
  TextIfAny(writer, "rule_name_override", rule.rule_name_override);
  TextIfAny(writer, "timestamp_override", rule.timestamp_override);
  rules::WriteStringList(writer, Key("tags"), rule.tags);
  rules::WriteStringList(writer, Key("author"), rule.author);
  TextIfAny(writer, "license", rule.license);
  TextIfAny(writer, "note", rule.note);
  TextIfAny(writer, "setup", rule.setup);
  rules::WriteStringList(writer, Key("references"), rule.references);
  rules::WriteStringList(writer, Key("false_positives"), rule.false_positives);
  rules::WriteThreats(writer, Key("threat"), rule.threat, rules::EmptySubtechniques::kWrite);
  rules::WriteExceptionRefs(writer, Key("exceptions_list"), rule.exceptions_list);
  const std::string_view actions = rule.Json("actions");
  Json(writer, "actions", actions.empty() ? "[]" : actions);
  TextIfAny(writer, "throttle", rule.throttle);
  TextIfAny(writer, "timeline_id", rule.timeline_id);
  TextIfAny(writer, "timeline_title", rule.timeline_title);
  if (const auto meta = rule.Json("meta"); !meta.empty()) Json(writer, "meta", meta);
  writer.MemberInt("kibana.alert.rule.version", rule.version);
  writer.MemberInt("kibana.alert.rule.revision", rule.revision);
  Json(writer, "parameters", rules::WriteApiRule(rule));
  return out;
}

}  // namespace vedette::engine
