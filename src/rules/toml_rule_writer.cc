// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/behavior_rule_codec.h"
#include "rules/guide_plugins.h"
#include "rules/rule_members.h"
#include "rules/toml_rule_codec.h"
#include "rules/toml_writer.h"

namespace vedette::rules {
namespace {

/// Members that a store or a build adds: not the author's.
bool IsDerived(std::string_view key) {
  constexpr std::array<std::string_view, 11> kDerived = {
      "id",         "revision",   "immutable",         "rule_source",  "created_at", "created_by",
      "updated_at", "updated_by", "execution_summary", "output_index", "path"};
  return std::find(kDerived.begin(), kDerived.end(), key) != kDerived.end();
}

/// Left out, because the default says the same.
bool IsDefault(const Rule& rule, std::string_view key) {
  return (key == "to" && rule.to == "now") || (key == "version" && rule.version == 1) ||
         (key == "max_signals" && rule.max_signals == 100) ||
         (key == "risk_score" && rule.form == RuleForm::kDetection && rule.severity.empty());
}

using Entries = std::map<std::string, std::function<void(TomlWriter&)>, std::less<>>;

std::string MappingText(const SeverityMapping& mapping) {
  return "{ \"field\": " + JsonText(event::Value::String(mapping.field)) +
         ", \"operator\": " + JsonText(event::Value::String(mapping.op)) +
         ", \"value\": " + JsonText(event::Value::String(mapping.value)) +
         ", \"severity\": " + JsonText(event::Value::String(mapping.severity)) + "}";
}

void AddMappings(const Rule& rule, Entries& entries) {
  if (!rule.severity_mapping.empty()) {
    entries["severity_mapping"] = [&rule](TomlWriter& toml) {
      std::string json;
      for (const auto& mapping : rule.severity_mapping) {
        json += (json.empty() ? "[" : ",") + MappingText(mapping);
      }
      toml.Json("severity_mapping", json + "]");
    };
  }
  if (rule.risk_score_mapping.empty()) return;
  entries["risk_score_mapping"] = [&rule](TomlWriter& toml) {
    std::string json;
    for (const auto& mapping : rule.risk_score_mapping) {
      json += json.empty() ? "[" : ",";
      json += "{\"field\":" + JsonText(event::Value::String(mapping.field)) +
              ",\"operator\":" + JsonText(event::Value::String(mapping.op)) +
              ",\"value\":" + JsonText(event::Value::String(mapping.value));
      if (mapping.risk_score) json += ",\"risk_score\":" + std::to_string(*mapping.risk_score);
      json += "}";
    }
    toml.Json("risk_score_mapping", json + "]");
  };
}

void AddExceptions(const Rule& rule, Entries& entries) {
  if (rule.exceptions_list.empty()) return;
  entries["exceptions_list"] = [&rule](TomlWriter& toml) {
    std::string json;
    for (const auto& ref : rule.exceptions_list) {
      json += json.empty() ? "[" : ",";
      json += "{\"id\":" + JsonText(event::Value::String(ref.id)) +
              ",\"list_id\":" + JsonText(event::Value::String(ref.list_id)) +
              ",\"type\":" + JsonText(event::Value::String(ref.type)) +
              ",\"namespace_type\":" + JsonText(event::Value::String(ref.namespace_type)) + "}";
    }
    toml.Json("exceptions_list", json + "]");
  };
}

Entries RuleEntries(const Rule& rule, const std::string& note) {
  Entries entries;
  for (const StringMember& member : StringMembers()) {
    const std::string_view key = member.key;
    if (IsDerived(key) || IsDefault(rule, key) || key == "query" || key == "note" ||
        key == "history_window_start") {
      continue;
    }
    entries[std::string(key)] = [&rule, member](TomlWriter& toml) {
      toml.Text(member.key, rule.*(member.member));
    };
  }
  entries["note"] = [&note](TomlWriter& toml) { toml.Text("note", note); };
  entries["type"] = [&rule](TomlWriter& toml) { toml.Text("type", rule.type_text); };
  for (const ListMember& member : ListMembers()) {
    if (member.key == "new_terms_fields") continue;
    entries[std::string(member.key)] = [&rule, member](TomlWriter& toml) {
      toml.List(member.key, rule.*(member.member));
    };
  }
  for (const IntMember& member : IntMembers()) {
    if (IsDerived(member.key) || IsDefault(rule, member.key)) continue;
    entries[std::string(member.key)] = [&rule, member](TomlWriter& toml) {
      toml.Int(member.key, rule.*(member.member));
    };
  }
  if (!rule.enabled) entries["enabled"] = [](TomlWriter& toml) { toml.Bool("enabled", false); };
  if (rule.timestamp_override_fallback_disabled) {
    entries["timestamp_override_fallback_disabled"] = [](TomlWriter& toml) {
      toml.Bool("timestamp_override_fallback_disabled", true);
    };
  }
  AddMappings(rule, entries);
  AddExceptions(rule, entries);
  for (const auto* bag : {&rule.json, &rule.extra}) {
    for (const auto& [key, text] : *bag) {
      if (IsDerived(key)) continue;
      entries[key] = [&key = key, &text = text](TomlWriter& toml) { toml.Json(key, text); };
    }
  }
  return entries;
}

void WriteSubtables(TomlWriter& toml, const Rule& rule) {
  if (rule.alert_suppression) {
    const AlertSuppression& suppression = *rule.alert_suppression;
    toml.Table("rule.alert_suppression");
    toml.List("group_by", suppression.group_by);
    toml.Text("missing_fields_strategy", suppression.missing_fields_strategy);
    if (suppression.duration_value) {
      toml.Table("rule.alert_suppression.duration");
      toml.Text("unit", suppression.duration_unit);
      toml.Int("value", *suppression.duration_value);
    }
  }
  if (!rule.investigation_fields.empty()) {
    toml.Table("rule.investigation_fields");
    toml.List("field_names", rule.investigation_fields);
  }
  if (!rule.new_terms_fields.empty()) {
    toml.Table("rule.new_terms");
    toml.Text("field", "new_terms_fields");
    toml.List("value", rule.new_terms_fields);
    if (!rule.history_window_start.empty()) {
      toml.ArrayTable("rule.new_terms.history_window_start");
      toml.Text("field", "history_window_start");
      toml.Text("value", rule.history_window_start);
    }
  }
  toml.Threat("rule.threat", rule.threat);
}

/// One [[transform.name]] per plugin, its members in the order of the JSON.
void WriteTransforms(TomlWriter& toml, const Transforms& transforms) {
  base::Arena arena(16 * 1024);
  event::JsonReader reader({.max_depth = 64});
  for (const auto& [name, entries] : transforms) {
    for (const std::string& entry : entries) {
      arena.Reset();
      toml.ArrayTable("transform." + name);
      const auto value = reader.Read(entry, arena);
      if (!value.has_value() || !value->is_object()) continue;
      std::map<std::string, std::string> members;
      for (const event::Member& member : value->object()) {
        members.emplace(std::string(member.key), JsonText(member.value));
      }
      for (const auto& [key, text] : members) toml.Json(key, text);
    }
  }
}

}  // namespace

std::string WriteTomlRule(const Rule& rule) {
  if (rule.form == RuleForm::kBehavior) return WriteBehaviorToml(rule);
  TomlWriter toml;
  toml.Table("metadata");
  for (const auto& [key, text] : rule.metadata) toml.Json(key, text);
  // A rule from the API has none; the layout wants a maturity.
  if (rule.metadata.empty()) toml.Text("maturity", "production");
  Transforms transforms;
  const std::string note = ExtractPlugins(rule.note, transforms);
  toml.Table("rule");
  for (const auto& [key, write] : RuleEntries(rule, note)) write(toml);
  toml.Text("query", rule.query);
  WriteSubtables(toml, rule);
  WriteTransforms(toml, transforms);
  return std::move(toml).Take();
}

}  // namespace vedette::rules
