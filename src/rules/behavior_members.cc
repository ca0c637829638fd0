// SPDX-License-Identifier: Apache-2.0
#include "rules/behavior_members.h"

#include <string>

#include "rules/rule_diagnostic.h"

namespace vedette::rules {
namespace {

using event::Value;

void ReadActions(const Value& list, Rule& rule, std::vector<MemberIssue>& issues) {
  if (list.is_null()) return;
  if (!list.is_list()) {
    issues.push_back({"actions", MakeError("R001", "`actions` must be a list of objects")});
    rule.misread = true;
    return;
  }
  for (const Value& item : list.list()) {
    const Value action = item.Get("action");
    if (!action.is_string()) {
      issues.push_back({"actions", MakeError("R001", "each of `actions` needs an `action` name")});
      rule.misread = true;
      return;
    }
    BehaviorAction& out = rule.behavior_actions.emplace_back();
    out.action = action.text();
    if (item.Get("field").is_string()) out.field = item.Get("field").text();
    if (item.Get("state").kind() == event::ValueKind::kInteger) {
      out.state = item.Get("state").integer();
    }
  }
}

/// The format writes revisions as "1.0.12"; Rule counts with one number, the text stays in `json`.
void ReadVersion(const Value& version, Rule& rule) {
  if (version.kind() == event::ValueKind::kInteger) rule.version = version.integer();
  if (version.is_string()) rule.json["version"] = JsonText(version);
}

}  // namespace

bool IsBehaviorObject(const event::Value& object) {
  if (!object.Get("type").is_null() || !object.Get("rule_id").is_null()) return false;
  if (!object.Get("os_list").is_null()) return true;
  const Value actions = object.Get("actions");
  return actions.is_list() && !actions.list().empty() &&
         actions.list()[0].Get("action").is_string();
}

void ReadBehaviorMembers(const event::Value& object, Rule& rule, std::vector<MemberIssue>& issues) {
  // `reference`, `actions` and `version` mean other things here than in a detection rule.
  std::vector<event::Member> common;
  for (const event::Member& member : object.object()) {
    if (member.key == "actions") {
      ReadActions(member.value, rule, issues);
    } else if (member.key == "version") {
      ReadVersion(member.value, rule);
    } else if (member.key == "reference") {
      common.push_back({"references", member.value});
    } else {
      common.push_back(member);
    }
  }
  std::vector<MemberIssue> found;
  ReadMembers(Value::Object(common), /*unknown_is_error=*/false, rule, found);
  for (MemberIssue& issue : found) {
    if (issue.diagnostic.severity == base::Severity::kError) issues.push_back(std::move(issue));
  }
  rule.form = RuleForm::kBehavior;
  rule.type = RuleType::kEql;
  rule.type_text = "eql";
  rule.language = "eql";
  if (rule.severity.empty()) rule.severity = "medium";
  if (!rule.Has("risk_score")) rule.risk_score = 47;
}

void WriteBehaviorMembers(base::JsonWriter& json, const Rule& rule) {
  const auto list = [&](std::string_view key, const std::vector<std::string>& items) {
    if (items.empty()) return;
    json.Key(key);
    json.BeginArray();
    for (const std::string& item : items) json.String(item);
    json.EndArray();
  };
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) json.Member(key, value);
  };
  text("id", rule.rule_id);
  text("name", rule.name);
  text("description", rule.description);
  text("license", rule.license);
  list("author", rule.author);
  list("os_list", rule.os_list);
  list("reference", rule.references);
  list("tags", rule.tags);
  text("note", rule.note);
  text("query", rule.query);
  if (rule.behavior_actions.empty()) return;
  json.Key("actions");
  json.BeginArray();
  for (const BehaviorAction& action : rule.behavior_actions) {
    json.BeginObject();
    json.Member("action", action.action);
    if (!action.field.empty()) json.Member("field", action.field);
    json.MemberInt("state", action.state);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace vedette::rules
