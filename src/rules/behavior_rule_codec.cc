// SPDX-License-Identifier: Apache-2.0
#include "rules/behavior_rule_codec.h"

#include <utility>
#include <vector>

#include "rules/behavior_members.h"
#include "rules/rule_members.h"
#include "rules/toml_writer.h"

namespace vedette::rules {

using event::Value;

bool LooksLikeBehaviorToml(const event::Value& root) {
  const Value rule = root.Get("rule");
  return IsBehaviorObject(rule) || (rule.Get("type").is_null() && !root.Get("actions").is_null());
}

TomlRead ReadBehaviorToml(const TomlDocument& document) {
  const Value root = *document.root;
  Rule rule;
  rule.origin.path = document.file->path();
  rule.origin.file = document.file;
  rule.origin.places = document.places;
  // The tables beside [rule] belong to the rule: one object for the shared reader.
  std::vector<event::Member> members;
  for (const event::Member& member : root.Get("rule").object()) members.push_back(member);
  for (const event::Member& member : root.object()) {
    if (member.key == "rule") continue;
    if (member.key == "internal" || member.key == "metadata") {
      if (!member.value.is_object()) continue;
      for (const event::Member& entry : member.value.object()) {
        rule.metadata[std::string(entry.key)] = JsonText(entry.value);
      }
      continue;
    }
    members.push_back(member);
  }
  for (const auto& [key, span] : document.places) {
    if (key.rfind("threat", 0) == 0 || key.rfind("actions", 0) == 0) {
      rule.origin.places.emplace("rule." + key, span);
    }
  }
  std::vector<MemberIssue> issues;
  ReadBehaviorMembers(Value::Object(members), rule, issues);
  AssignIdentity(rule);
  const auto place = rule.origin.places.find("rule.query");
  rule.query_source = place == rule.origin.places.end()
                          ? std::make_shared<const base::Source>(rule.origin.path, rule.query)
                          : StringInFile(*document.file, place->second, rule.query);
  TomlRead out;
  for (MemberIssue& issue : issues) {
    out.diagnostics.push_back(AtKey(rule, "rule." + issue.key, std::move(issue.diagnostic)));
  }
  out.rule = std::move(rule);
  return out;
}

std::string WriteBehaviorToml(const Rule& rule) {
  TomlWriter toml;
  toml.Table("rule");
  toml.Text("description", rule.description);
  toml.Text("id", rule.rule_id);
  toml.Text("license", rule.license);
  toml.Text("name", rule.name);
  toml.Text("note", rule.note);
  toml.List("author", rule.author);
  toml.List("os_list", rule.os_list);
  toml.List("reference", rule.references);
  toml.List("tags", rule.tags);
  for (const auto& [key, text] : rule.json) toml.Json(key, text);
  for (const auto& [key, text] : rule.extra) toml.Json(key, text);
  toml.Text("query", rule.query);
  for (const BehaviorAction& action : rule.behavior_actions) {
    toml.ArrayTable("actions");
    toml.Text("action", action.action);
    toml.Text("field", action.field);
    toml.Int("state", action.state);
  }
  toml.Threat("threat", rule.threat);
  if (!rule.metadata.empty()) {
    toml.Table("internal");
    for (const auto& [key, text] : rule.metadata) toml.Json(key, text);
  }
  return std::move(toml).Take();
}

}  // namespace vedette::rules
