// SPDX-License-Identifier: Apache-2.0
#include "engine/alert_rule_members.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "rules/api_json_codec.h"

namespace vedette::engine {
namespace {

using base::JsonWriter;

void Strings(JsonWriter& writer, std::string_view key, const std::vector<std::string>& values) {
  writer.Key(fmt::format("kibana.alert.rule.{}", key));
  writer.BeginArray();
  for (const auto& value : values) writer.String(value);
  writer.EndArray();
}

void Text(JsonWriter& writer, std::string_view key, std::string_view value) {
  writer.Member(fmt::format("kibana.alert.rule.{}", key), value);
}

void TextIfAny(JsonWriter& writer, std::string_view key, std::string_view value) {
  if (!value.empty()) Text(writer, key, value);
}

void Json(JsonWriter& writer, std::string_view key, std::string_view json) {
  writer.Key(fmt::format("kibana.alert.rule.{}", key));
  writer.Raw(json);
}

void Reference(JsonWriter& writer, const rules::AttackRef& ref) {
  writer.Member("id", ref.id);
  writer.Member("name", ref.name);
  writer.Member("reference", ref.reference);
}

void Threats(JsonWriter& writer, const std::vector<rules::Threat>& threats) {
  writer.Key("kibana.alert.rule.threat");
  writer.BeginArray();
  for (const rules::Threat& threat : threats) {
    writer.BeginObject();
    writer.Member("framework", threat.framework);
    writer.Key("tactic");
    writer.BeginObject();
    Reference(writer, threat.tactic);
    writer.EndObject();
    writer.Key("technique");
    writer.BeginArray();
    for (const rules::ThreatTechnique& technique : threat.techniques) {
      writer.BeginObject();
      Reference(writer, technique.ref);
      writer.Key("subtechnique");
      writer.BeginArray();
      for (const rules::AttackRef& sub : technique.subtechniques) {
        writer.BeginObject();
        Reference(writer, sub);
        writer.EndObject();
      }
      writer.EndArray();
      writer.EndObject();
    }
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
}

void Overrides(JsonWriter& writer, const rules::Rule& rule) {
  writer.Key("kibana.alert.rule.severity_mapping");
  writer.BeginArray();
  for (const auto& mapping : rule.severity_mapping) {
    writer.BeginObject();
    writer.Member("field", mapping.field);
    writer.Member("operator", mapping.op);
    writer.Member("value", mapping.value);
    writer.Member("severity", mapping.severity);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Key("kibana.alert.rule.risk_score_mapping");
  writer.BeginArray();
  for (const auto& mapping : rule.risk_score_mapping) {
    writer.BeginObject();
    writer.Member("field", mapping.field);
    writer.Member("operator", mapping.op);
    writer.Member("value", mapping.value);
    if (mapping.risk_score) writer.MemberInt("risk_score", *mapping.risk_score);
    writer.EndObject();
  }
  writer.EndArray();
}

void ExceptionLists(JsonWriter& writer, const rules::Rule& rule) {
  writer.Key("kibana.alert.rule.exceptions_list");
  writer.BeginArray();
  for (const auto& list : rule.exceptions_list) {
    writer.BeginObject();
    writer.Member("id", list.id);
    writer.Member("list_id", list.list_id);
    writer.Member("type", list.type);
    writer.Member("namespace_type", list.namespace_type);
    writer.EndObject();
  }
  writer.EndArray();
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
  Strings(writer, "indices", rule.index);
  Text(writer, "severity", rule.severity);
  writer.MemberInt("kibana.alert.rule.risk_score", rule.risk_score);
  Overrides(writer, rule);
  TextIfAny(writer, "rule_name_override", rule.rule_name_override);
  TextIfAny(writer, "timestamp_override", rule.timestamp_override);
  Strings(writer, "tags", rule.tags);
  Strings(writer, "author", rule.author);
  TextIfAny(writer, "license", rule.license);
  TextIfAny(writer, "note", rule.note);
  TextIfAny(writer, "setup", rule.setup);
  Strings(writer, "references", rule.references);
  Strings(writer, "false_positives", rule.false_positives);
  Threats(writer, rule.threat);
  ExceptionLists(writer, rule);
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
