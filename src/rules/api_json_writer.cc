// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"
#include "rules/api_json_codec.h"
#include "rules/behavior_members.h"
#include "rules/rule_json.h"
#include "rules/rule_members.h"

namespace vedette::rules {
namespace {

using base::JsonWriter;

void WriteLinks(JsonWriter& json, const Rule& rule) {
  WriteExceptionRefs(json, "exceptions_list", rule.exceptions_list);
  json.Key("related_integrations");
  json.BeginArray();
  for (const RelatedIntegration& link : rule.related_integrations) {
    json.BeginObject();
    json.Member("package", link.package);
    json.Member("version", link.version);
    if (!link.integration.empty()) json.Member("integration", link.integration);
    json.EndObject();
  }
  json.EndArray();
  json.Key("required_fields");
  json.BeginArray();
  for (const RequiredField& field : rule.required_fields) {
    json.BeginObject();
    json.Member("name", field.name);
    json.Member("type", field.type);
    json.MemberBool("ecs", field.ecs);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSuppression(JsonWriter& json, const AlertSuppression& suppression) {
  json.Key("alert_suppression");
  json.BeginObject();
  if (!suppression.group_by.empty()) WriteStringList(json, "group_by", suppression.group_by);
  if (suppression.duration_value) {
    json.Key("duration");
    json.BeginObject();
    json.MemberInt("value", *suppression.duration_value);
    json.Member("unit", suppression.duration_unit);
    json.EndObject();
  }
  if (!suppression.missing_fields_strategy.empty()) {
    json.Member("missing_fields_strategy", suppression.missing_fields_strategy);
  }
  json.EndObject();
}

/// The lists that a response always carries, empty or not.
bool AlwaysWritten(std::string_view key) {
  return key == "tags" || key == "author" || key == "false_positives" || key == "references";
}

void WriteDetection(JsonWriter& json, const Rule& rule) {
  for (const StringMember& member : StringMembers()) {
    const std::string& text = rule.*(member.member);
    if (!text.empty()) json.Member(member.key, text);
    if (text.empty() && member.key == "setup") json.Member("setup", "");
  }
  json.Member("type", rule.type_text);
  for (const IntMember& member : IntMembers()) json.MemberInt(member.key, rule.*(member.member));
  json.MemberBool("enabled", rule.enabled);
  if (rule.timestamp_override_fallback_disabled) {
    json.MemberBool("timestamp_override_fallback_disabled", true);
  }
  for (const ListMember& member : ListMembers()) {
    const auto& list = rule.*(member.member);
    if (!list.empty() || AlwaysWritten(member.key)) WriteStringList(json, member.key, list);
  }
  WriteThreats(json, "threat", rule.threat, EmptySubtechniques::kLeaveOut);
  WriteSeverityMappings(json, "severity_mapping", rule.severity_mapping);
  WriteRiskScoreMappings(json, "risk_score_mapping", rule.risk_score_mapping);
  WriteLinks(json, rule);
  if (rule.alert_suppression) WriteSuppression(json, *rule.alert_suppression);
  if (!rule.investigation_fields.empty()) {
    json.Key("investigation_fields");
    json.BeginObject();
    WriteStringList(json, "field_names", rule.investigation_fields);
    json.EndObject();
  }
}

}  // namespace

std::string WriteApiRule(const Rule& rule) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (rule.form == RuleForm::kBehavior) {
    WriteBehaviorMembers(json, rule);
    if (!rule.threat.empty()) {
      WriteThreats(json, "threat", rule.threat, EmptySubtechniques::kLeaveOut);
    }
  } else {
    WriteDetection(json, rule);
  }
  for (const auto& [key, text] : rule.json) {
    json.Key(key);
    json.Raw(text);
  }
  for (const auto& [key, text] : rule.extra) {
    json.Key(key);
    json.Raw(text);
  }
  json.EndObject();
  return out;
}

std::string WriteApiExport(const std::vector<Rule>& rules) {
  std::string out;
  for (const Rule& rule : rules) out += WriteApiRule(rule) + "\n";
  JsonWriter json(out);
  json.BeginObject();
  const auto count = static_cast<std::int64_t>(rules.size());
  json.MemberInt("exported_count", count);
  json.MemberInt("exported_rules_count", count);
  for (const char* list :
       {"missing_rules", "missing_exception_lists", "missing_exception_list_items"}) {
    json.Key(list);
    json.BeginArray();
    json.EndArray();
    json.MemberInt(std::string(list) + "_count", 0);
  }
  json.MemberInt("exported_exception_list_count", 0);
  json.MemberInt("exported_exception_list_item_count", 0);
  json.EndObject();
  out += "\n";
  return out;
}

}  // namespace vedette::rules
