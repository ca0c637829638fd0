// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_members.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "event/json_reader.h"
#include "rules/rule_diagnostic.h"

namespace vedette::rules {
namespace {

using event::Value;
using event::ValueKind;

constexpr std::array kStrings = {
    StringMember{"id", &Rule::id},
    StringMember{"rule_id", &Rule::rule_id},
    StringMember{"name", &Rule::name},
    StringMember{"description", &Rule::description},
    StringMember{"language", &Rule::language},
    StringMember{"query", &Rule::query},
    StringMember{"data_view_id", &Rule::data_view_id},
    StringMember{"severity", &Rule::severity},
    StringMember{"interval", &Rule::interval},
    StringMember{"from", &Rule::from},
    StringMember{"to", &Rule::to},
    StringMember{"timestamp_override", &Rule::timestamp_override},
    StringMember{"event_category_override", &Rule::event_category_override},
    StringMember{"timestamp_field", &Rule::timestamp_field},
    StringMember{"tiebreaker_field", &Rule::tiebreaker_field},
    StringMember{"building_block_type", &Rule::building_block_type},
    StringMember{"rule_name_override", &Rule::rule_name_override},
    StringMember{"license", &Rule::license},
    StringMember{"note", &Rule::note},
    StringMember{"setup", &Rule::setup},
    StringMember{"throttle", &Rule::throttle},
    StringMember{"timeline_id", &Rule::timeline_id},
    StringMember{"timeline_title", &Rule::timeline_title},
    StringMember{"saved_id", &Rule::saved_id},
    StringMember{"history_window_start", &Rule::history_window_start},
};
constexpr std::array kLists = {
    ListMember{"index", &Rule::index},
    ListMember{"tags", &Rule::tags},
    ListMember{"author", &Rule::author},
    ListMember{"false_positives", &Rule::false_positives},
    ListMember{"references", &Rule::references},
    ListMember{"new_terms_fields", &Rule::new_terms_fields},
    ListMember{"os_list", &Rule::os_list},
};
constexpr std::array kInts = {
    IntMember{"risk_score", &Rule::risk_score},
    IntMember{"max_signals", &Rule::max_signals},
    IntMember{"version", &Rule::version},
    IntMember{"revision", &Rule::revision},
};
constexpr std::array kBools = {
    BoolMember{"enabled", &Rule::enabled},
    BoolMember{"timestamp_override_fallback_disabled", &Rule::timestamp_override_fallback_disabled},
};
constexpr std::array<std::string_view, 35> kJson = {
    "filters",
    "meta",
    "actions",
    "response_actions",
    "threshold",
    "threat_index",
    "threat_query",
    "threat_mapping",
    "threat_language",
    "threat_filters",
    "threat_indicator_path",
    "concurrent_searches",
    "items_per_search",
    "anomaly_threshold",
    "machine_learning_job_id",
    "output_index",
    "namespace",
    "outcome",
    "alias_target_id",
    "alias_purpose",
    "immutable",
    "rule_source",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "execution_summary",
    "min_endpoint_version",
    "optional_actions",
    "optional_artifacts",
    "path",  // where corpus dumps say they found the rule
    "correlation",
    "min_stack_version",
    "validators",
    "artifacts",
};
constexpr std::array<std::string_view, 10> kShaped = {
    "type",
    "threat",
    "severity_mapping",
    "risk_score_mapping",
    "exceptions_list",
    "alert_suppression",
    "investigation_fields",
    "related_integrations",
    "required_fields",
    "new_terms",
};

/// Reads one object's members, collecting issues under its key.
class Reader {
 public:
  explicit Reader(std::vector<MemberIssue>& issues) : issues_(&issues) {}

  void Wrong(const std::string& key, std::string_view expected) {
    issues_->push_back({key, MakeError("R001", "`" + key + "` must be " + std::string(expected))});
    wrong_ = true;
  }
  /// Absent although its parent needs it: an error, but nothing was misunderstood.
  void Missing(const std::string& key) {
    issues_->push_back({key, MakeError("R001", "`" + key + "` is missing")});
  }
  void String(const Value& value, const std::string& key, std::string& out) {
    if (value.is_null()) return;
    if (!value.is_string()) return Wrong(key, "a string");
    out = value.text();
  }
  void Int(const Value& value, const std::string& key, std::int64_t& out) {
    if (value.is_null()) return;
    if (value.kind() == ValueKind::kInteger) {
      out = value.integer();
    } else if (value.kind() == ValueKind::kDouble && std::trunc(value.real()) == value.real() &&
               std::abs(value.real()) < 1e15) {
      out = static_cast<std::int64_t>(value.real());
    } else {
      Wrong(key, "an integer");
    }
  }
  void Bool(const Value& value, const std::string& key, bool& out) {
    if (value.is_null()) return;
    if (value.kind() != ValueKind::kBoolean) return Wrong(key, "true or false");
    out = value.boolean();
  }
  /// One string stands for a list of one: old exports write it so.
  void List(const Value& value, const std::string& key, std::vector<std::string>& out) {
    if (value.is_null()) return;
    if (value.is_string()) {
      out = {std::string(value.text())};
      return;
    }
    if (!value.is_list()) return Wrong(key, "a list of strings");
    out.clear();
    for (const Value& item : value.list()) {
      if (!item.is_string()) return Wrong(key, "a list of strings");
      out.emplace_back(item.text());
    }
  }
  /// Calls `read(item, key.N)` for each object of a list.
  void Objects(const Value& value, const std::string& key,
               const std::function<void(const Value&, const std::string&)>& read) {
    if (value.is_null()) return;
    if (!value.is_list()) return Wrong(key, "a list of objects");
    std::size_t at = 0;
    for (const Value& item : value.list()) {
      const std::string item_key = key + "." + std::to_string(at++);
      if (!item.is_object()) {
        Wrong(item_key, "an object");
        continue;
      }
      read(item, item_key);
    }
  }

  /// Was anything of the wrong type?
  bool wrong() const { return wrong_; }

 private:
  std::vector<MemberIssue>* issues_;
  bool wrong_ = false;
};

void ReadRef(Reader& reader, const Value& value, const std::string& key, AttackRef& ref) {
  if (value.is_null()) return reader.Missing(key);
  if (!value.is_object()) return reader.Wrong(key, "an object with id, name and reference");
  reader.String(value.Get("id"), key + ".id", ref.id);
  reader.String(value.Get("name"), key + ".name", ref.name);
  reader.String(value.Get("reference"), key + ".reference", ref.reference);
}

void ReadThreat(Reader& reader, const Value& value, const std::string& key, Rule& rule) {
  reader.Objects(value, key, [&](const Value& item, const std::string& at) {
    Threat threat;
    reader.String(item.Get("framework"), at + ".framework", threat.framework);
    ReadRef(reader, item.Get("tactic"), at + ".tactic", threat.tactic);
    reader.Objects(item.Get("technique"), at + ".technique",
                   [&](const Value& tech, const std::string& tech_at) {
                     ThreatTechnique technique;
                     ReadRef(reader, tech, tech_at, technique.ref);
                     reader.Objects(tech.Get("subtechnique"), tech_at + ".subtechnique",
                                    [&](const Value& sub, const std::string& sub_at) {
                                      ReadRef(reader, sub, sub_at,
                                              technique.subtechniques.emplace_back());
                                    });
                     threat.techniques.push_back(std::move(technique));
                   });
    rule.threat.push_back(std::move(threat));
  });
}

void ReadMappings(Reader& reader, const Value& object, Rule& rule) {
  reader.Objects(object.Get("severity_mapping"), "severity_mapping",
                 [&](const Value& item, const std::string& at) {
                   SeverityMapping& mapping = rule.severity_mapping.emplace_back();
                   reader.String(item.Get("field"), at + ".field", mapping.field);
                   reader.String(item.Get("operator"), at + ".operator", mapping.op);
                   reader.String(item.Get("value"), at + ".value", mapping.value);
                   reader.String(item.Get("severity"), at + ".severity", mapping.severity);
                 });
  reader.Objects(object.Get("risk_score_mapping"), "risk_score_mapping",
                 [&](const Value& item, const std::string& at) {
                   RiskScoreMapping& mapping = rule.risk_score_mapping.emplace_back();
                   reader.String(item.Get("field"), at + ".field", mapping.field);
                   reader.String(item.Get("operator"), at + ".operator", mapping.op);
                   reader.String(item.Get("value"), at + ".value", mapping.value);
                   if (item.Get("risk_score").is_null()) return;
                   reader.Int(item.Get("risk_score"), at + ".risk_score",
                              mapping.risk_score.emplace(0));
                 });
}

void ReadSuppression(Reader& reader, const Value& value, Rule& rule) {
  if (value.is_null()) return;
  if (!value.is_object()) return reader.Wrong("alert_suppression", "an object");
  AlertSuppression suppression;
  reader.List(value.Get("group_by"), "alert_suppression.group_by", suppression.group_by);
  reader.String(value.Get("missing_fields_strategy"), "alert_suppression.missing_fields_strategy",
                suppression.missing_fields_strategy);
  const Value duration = value.Get("duration");
  if (duration.is_object()) {
    reader.Int(duration.Get("value"), "alert_suppression.duration.value",
               suppression.duration_value.emplace(0));
    reader.String(duration.Get("unit"), "alert_suppression.duration.unit",
                  suppression.duration_unit);
  } else if (!duration.is_null()) {
    reader.Wrong("alert_suppression.duration", "an object with value and unit");
  }
  rule.alert_suppression = std::move(suppression);
}

void ReadLinks(Reader& reader, const Value& object, Rule& rule) {
  reader.Objects(object.Get("exceptions_list"), "exceptions_list",
                 [&](const Value& item, const std::string& at) {
                   ExceptionListRef& ref = rule.exceptions_list.emplace_back();
                   reader.String(item.Get("id"), at + ".id", ref.id);
                   reader.String(item.Get("list_id"), at + ".list_id", ref.list_id);
                   reader.String(item.Get("type"), at + ".type", ref.type);
                   reader.String(item.Get("namespace_type"), at + ".namespace_type",
                                 ref.namespace_type);
                 });
  reader.Objects(object.Get("related_integrations"), "related_integrations",
                 [&](const Value& item, const std::string& at) {
                   RelatedIntegration& link = rule.related_integrations.emplace_back();
                   reader.String(item.Get("package"), at + ".package", link.package);
                   reader.String(item.Get("version"), at + ".version", link.version);
                   reader.String(item.Get("integration"), at + ".integration", link.integration);
                 });
  reader.Objects(object.Get("required_fields"), "required_fields",
                 [&](const Value& item, const std::string& at) {
                   RequiredField& field = rule.required_fields.emplace_back();
                   reader.String(item.Get("name"), at + ".name", field.name);
                   reader.String(item.Get("type"), at + ".type", field.type);
                   reader.Bool(item.Get("ecs"), at + ".ecs", field.ecs);
                 });
  const Value investigation = object.Get("investigation_fields");
  reader.List(investigation.is_object() ? investigation.Get("field_names") : investigation,
              "investigation_fields", rule.investigation_fields);
}

/// TOML's nested spelling; corpus dumps keep it in JSON.
void ReadNewTerms(Reader& reader, const Value& nested, Rule& rule) {
  if (!nested.is_object()) return;
  reader.List(nested.Get("value"), "new_terms.value", rule.new_terms_fields);
  reader.Objects(nested.Get("history_window_start"), "new_terms.history_window_start",
                 [&](const Value& item, const std::string& at) {
                   reader.String(item.Get("value"), at + ".value", rule.history_window_start);
                 });
}

template <class Table>
auto FindMember(const Table& table, std::string_view key) {
  return std::find_if(table.begin(), table.end(), [&](const auto& m) { return m.key == key; });
}

/// Scalars, lists of strings and opaque members; false when the name is none of them.
bool ReadPlain(Reader& reader, const event::Member& member, Rule& rule) {
  const std::string key(member.key);
  if (const auto s = FindMember(kStrings, key); s != kStrings.end()) {
    reader.String(member.value, key, rule.*(s->member));
  } else if (const auto l = FindMember(kLists, key); l != kLists.end()) {
    reader.List(member.value, key, rule.*(l->member));
  } else if (const auto i = FindMember(kInts, key); i != kInts.end()) {
    reader.Int(member.value, key, rule.*(i->member));
  } else if (const auto b = FindMember(kBools, key); b != kBools.end()) {
    reader.Bool(member.value, key, rule.*(b->member));
  } else if (std::find(kJson.begin(), kJson.end(), key) != kJson.end()) {
    rule.json[key] = JsonText(member.value);
  } else {
    return std::find(kShaped.begin(), kShaped.end(), key) != kShaped.end();
  }
  return true;
}

}  // namespace

std::span<const StringMember> StringMembers() { return kStrings; }
std::span<const ListMember> ListMembers() { return kLists; }
std::span<const IntMember> IntMembers() { return kInts; }
std::span<const BoolMember> BoolMembers() { return kBools; }
std::span<const std::string_view> JsonMembers() { return kJson; }

const std::vector<std::string_view>& MemberNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const auto& m : kStrings) all.push_back(m.key);
    for (const auto& m : kLists) all.push_back(m.key);
    for (const auto& m : kInts) all.push_back(m.key);
    for (const auto& m : kBools) all.push_back(m.key);
    all.insert(all.end(), kJson.begin(), kJson.end());
    all.insert(all.end(), kShaped.begin(), kShaped.end());
    return all;
  }();
  return names;
}

std::string JsonText(const event::Value& value) {
  std::string out;
  event::WriteJson(value, out);
  return out;
}

void ReadMembers(const event::Value& object, bool unknown_is_error, Rule& rule,
                 std::vector<MemberIssue>& issues) {
  Reader reader(issues);
  for (const event::Member& member : object.object()) {
    if (member.value.is_null()) continue;
    const std::string key(member.key);
    rule.given.insert(key);
    if (ReadPlain(reader, member, rule)) continue;
    rule.extra[key] = JsonText(member.value);
    auto issue = unknown_is_error ? MakeError("R001", "unknown key `" + key + "` in [rule]")
                                  : MakeWarning("R001", "unknown member `" + key + "`");
    const std::string_view near = base::Nearest(key, MemberNames());
    if (!near.empty()) issue.help.push_back("did you mean `" + std::string(near) + "`?");
    issue.notes.emplace_back("it is kept and written back unchanged");
    issues.push_back({key, std::move(issue)});
  }
  reader.String(object.Get("type"), "type", rule.type_text);
  rule.type = RuleTypeFromName(rule.type_text);
  ReadThreat(reader, object.Get("threat"), "threat", rule);
  ReadMappings(reader, object, rule);
  ReadSuppression(reader, object.Get("alert_suppression"), rule);
  ReadLinks(reader, object, rule);
  ReadNewTerms(reader, object.Get("new_terms"), rule);
  if (rule.type == RuleType::kEql && rule.language.empty()) rule.language = "eql";
  if (reader.wrong()) rule.misread = true;
}

}  // namespace vedette::rules
