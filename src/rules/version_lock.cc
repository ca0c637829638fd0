// SPDX-License-Identifier: Apache-2.0
#include "rules/version_lock.h"

#include <iterator>
#include <utility>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/lint_allow.h"

namespace vedette::rules {
namespace {

using event::Value;

std::string TextOf(const Value& value) {
  return value.is_string() ? std::string(value.text()) : std::string();
}

/// Calls `add(rule_id, entry)` for each member of a JSON object of objects.
template <class Add>
base::Result<void> EachEntry(std::string_view json, const char* what, const Add& add) {
  base::Arena arena(64UL * 1024);
  event::JsonReader reader({.max_depth = 16});
  auto root = reader.Read(json, arena);
  if (!root.has_value()) return std::move(root).error().Context(what);
  if (!root->is_object()) {
    return base::Error(base::ErrorCode::kInvalidArgument,
                       std::string(what) + ": not an object of rule ids");
  }
  for (const event::Member& member : root->object()) {
    if (!member.value.is_object()) {
      return base::Error(
          base::ErrorCode::kInvalidArgument,
          std::string(what) + ": the entry of " + std::string(member.key) + " is no object");
    }
    add(std::string(member.key), member.value);
  }
  return {};
}

void LintLocked(const Rule& rule, const VersionLock& lock, std::vector<RuleDiagnostic>& out) {
  const auto add = [&](const std::string& key, base::Diagnostic issue) {
    out.push_back(AtKey(rule, key, std::move(issue)));
  };
  if (const auto gone = lock.deprecated.find(rule.rule_id); gone != lock.deprecated.end()) {
    add("rule.rule_id",
        MakeWarning("R024", "this id belonged to the deprecated rule \"" + gone->second + "\""));
  }
  const auto locked = lock.rules.find(rule.rule_id);
  if (locked != lock.rules.end() && !locked->second.type.empty() &&
      locked->second.type != rule.type_text) {
    auto issue =
        MakeWarning("R024", "the rule was published with the type `" + locked->second.type + "`");
    issue.help.emplace_back("a rule of another type is another rule: give it an id of its own");
    add("rule.type", std::move(issue));
  }
  if (rule.origin.file == nullptr) return;
  for (const char* key : {"version", "revision"}) {
    if (!rule.Has(key)) continue;
    add(std::string("rule.") + key,
        MakeError("R025", "`" + std::string(key) + "` is counted by the lock: leave it out"));
  }
}

}  // namespace

base::Result<void> ReadVersionLock(std::string_view json, VersionLock& lock) {
  return EachEntry(json, "version lock", [&](std::string id, const Value& entry) {
    LockedRule& rule = lock.rules[std::move(id)];
    rule.type = TextOf(entry.Get("type"));
    rule.sha256 = TextOf(entry.Get("sha256"));
    const Value version = entry.Get("version");
    if (version.kind() == event::ValueKind::kInteger) rule.version = version.integer();
  });
}

base::Result<void> ReadDeprecatedRules(std::string_view json, VersionLock& lock) {
  return EachEntry(json, "deprecated rules", [&](std::string id, const Value& entry) {
    lock.deprecated[std::move(id)] = TextOf(entry.Get("rule_name"));
  });
}

std::vector<RuleDiagnostic> LintAgainstLock(const std::vector<Rule>& rules,
                                            const VersionLock& lock) {
  std::vector<RuleDiagnostic> out;
  for (const Rule& rule : rules) {
    std::vector<RuleDiagnostic> found;
    LintLocked(rule, lock, found);
    DropAllowed(AllowedBy(rule), found);
    std::move(found.begin(), found.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace vedette::rules
