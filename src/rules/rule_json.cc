// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_json.h"

namespace vedette::rules {
namespace {

using base::JsonWriter;

void WriteRefMembers(JsonWriter& json, const AttackRef& ref) {
  json.Member("id", ref.id);
  json.Member("name", ref.name);
  json.Member("reference", ref.reference);
}

/// A list of objects, `write` filling each.
template <class T, class Write>
void WriteObjects(JsonWriter& json, std::string_view key, const std::vector<T>& list,
                  const Write& write) {
  json.Key(key);
  json.BeginArray();
  for (const T& item : list) {
    json.BeginObject();
    write(item);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteStringList(JsonWriter& json, std::string_view key, const std::vector<std::string>& list) {
  json.Key(key);
  json.BeginArray();
  for (const std::string& item : list) json.String(item);
  json.EndArray();
}

void WriteThreats(JsonWriter& json, std::string_view key, const std::vector<Threat>& threats,
                  EmptySubtechniques empty) {
  const auto write_technique = [&](const ThreatTechnique& technique) {
    WriteRefMembers(json, technique.ref);
    if (technique.subtechniques.empty() && empty == EmptySubtechniques::kLeaveOut) return;
    WriteObjects(json, "subtechnique", technique.subtechniques,
                 [&](const AttackRef& sub) { WriteRefMembers(json, sub); });
  };
  WriteObjects(json, key, threats, [&](const Threat& threat) {
    json.Member("framework", threat.framework);
    json.Key("tactic");
    json.BeginObject();
    WriteRefMembers(json, threat.tactic);
    json.EndObject();
    WriteObjects(json, "technique", threat.techniques, write_technique);
  });
}

void WriteSeverityMappings(JsonWriter& json, std::string_view key,
                           const std::vector<SeverityMapping>& mappings) {
  WriteObjects(json, key, mappings, [&](const SeverityMapping& mapping) {
    json.Member("field", mapping.field);
    json.Member("operator", mapping.op);
    json.Member("value", mapping.value);
    json.Member("severity", mapping.severity);
  });
}

void WriteRiskScoreMappings(JsonWriter& json, std::string_view key,
                            const std::vector<RiskScoreMapping>& mappings) {
  WriteObjects(json, key, mappings, [&](const RiskScoreMapping& mapping) {
    json.Member("field", mapping.field);
    json.Member("operator", mapping.op);
    json.Member("value", mapping.value);
    if (mapping.risk_score) json.MemberInt("risk_score", *mapping.risk_score);
  });
}

void WriteExceptionRefs(JsonWriter& json, std::string_view key,
                        const std::vector<ExceptionListRef>& refs) {
  WriteObjects(json, key, refs, [&](const ExceptionListRef& ref) {
    json.Member("id", ref.id);
    json.Member("list_id", ref.list_id);
    json.Member("type", ref.type);
    json.Member("namespace_type", ref.namespace_type);
  });
}

}  // namespace vedette::rules
