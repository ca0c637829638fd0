// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "eql/ast.h"

namespace vedette::rules {

enum class RuleType : std::uint8_t {
  kUnknown,
  kEql,
  kQuery,
  kSavedQuery,
  kThreshold,
  kNewTerms,
  kThreatMatch,
  kEsql,
  kMachineLearning,
};
/// `eql`, `query`, …; "unknown" for kUnknown.
std::string_view RuleTypeName(RuleType type);
RuleType RuleTypeFromName(std::string_view name);

/// Which ecosystem wrote the rule: it decides dialect and TOML layout.
enum class RuleForm : std::uint8_t { kDetection, kBehavior };

struct AttackRef {
  std::string id;
  std::string name;
  std::string reference;
};
struct ThreatTechnique {
  AttackRef ref;
  std::vector<AttackRef> subtechniques;
};
struct Threat {
  std::string framework;
  AttackRef tactic;
  std::vector<ThreatTechnique> techniques;
};

struct SeverityMapping {
  std::string field, op, value, severity;
};
struct RiskScoreMapping {
  std::string field, op, value;
  std::optional<std::int64_t> risk_score;
};
struct ExceptionListRef {
  std::string id, list_id, type, namespace_type;
};
struct RelatedIntegration {
  std::string package, version, integration;
};
struct RequiredField {
  std::string name, type;
  bool ecs = false;
};
struct AlertSuppression {
  std::vector<std::string> group_by;
  std::optional<std::int64_t> duration_value;
  std::string duration_unit;            ///< s, m or h
  std::string missing_fields_strategy;  ///< suppress (default), doNotSuppress
};
/// What an endpoint behaviour rule asks to do; never carried out by loading it.
struct BehaviorAction {
  std::string action, field;
  std::int64_t state = 0;
};

/// Where a rule stands. `file` is null for JSON forms (their lines are not for people to read).
struct Origin {
  std::string path;
  std::uint32_t line = 1;                    ///< 1-based: of the object in NDJSON, 1 in TOML
  std::shared_ptr<const base::Source> file;  ///< whole TOML file
  /// TOML key path (`rule.name`, `rule.threat.0.tactic.id`) to its value's bytes in `file`.
  std::map<std::string, base::Span, std::less<>> places;
};

/// One rule, in the API's shape whatever it was written in (rules.md sections 2 and 3): guide with
/// plugins in place, `## Setup` already moved to `setup`, new_terms flat. Plain data; copies
/// freely. An empty string or list means absent. Free-form members are compact JSON text.
struct Rule {
  std::string rule_id;  ///< the author's identity; stable across installations
  std::string id;       ///< the store's: given, else rule_id when it is a UUID, else UUIDv5 of it
  std::string name;
  std::string description;
  RuleType type = RuleType::kUnknown;
  std::string type_text;  ///< as written; differs from RuleTypeName only when unknown
  RuleForm form = RuleForm::kDetection;
  std::string language;
  std::string query;
  std::vector<std::string> index;
  std::string data_view_id;
  std::string severity;  ///< low, medium, high, critical
  std::int64_t risk_score = 0;
  bool enabled = true;
  std::string interval = "5m";
  std::string from = "now-6m";
  std::string to = "now";
  std::int64_t max_signals = 100;
  std::int64_t version = 1;
  std::int64_t revision = 0;
  std::vector<std::string> tags;
  std::vector<Threat> threat;
  std::vector<std::string> references;
  std::vector<std::string> false_positives;
  std::string note;
  std::string setup;
  std::vector<std::string> author;
  std::string license;
  std::string timestamp_override;
  bool timestamp_override_fallback_disabled = false;
  std::string event_category_override;
  std::string timestamp_field;
  std::string tiebreaker_field;
  std::string building_block_type;
  std::vector<SeverityMapping> severity_mapping;
  std::vector<RiskScoreMapping> risk_score_mapping;
  std::string rule_name_override;
  std::vector<ExceptionListRef> exceptions_list;
  std::string throttle;
  std::optional<AlertSuppression> alert_suppression;
  std::vector<std::string> investigation_fields;
  std::vector<RelatedIntegration> related_integrations;
  std::vector<RequiredField> required_fields;
  std::string timeline_id;
  std::string timeline_title;
  std::string saved_id;
  std::vector<std::string> new_terms_fields;
  std::string history_window_start;

  std::vector<std::string> os_list;              ///< behaviour rules
  std::vector<BehaviorAction> behavior_actions;  ///< behaviour rules

  /// Known members without a shape of their own here: filters, meta, actions, response_actions,
  /// threshold, threat_mapping, rule_source, …; key to compact JSON.
  std::map<std::string, std::string, std::less<>> json;
  /// Members that no product version known to us has; written back as they came.
  std::map<std::string, std::string, std::less<>> extra;
  /// `[metadata]` of a TOML file (or `[internal]` of a behaviour rule): key to compact JSON.
  std::map<std::string, std::string, std::less<>> metadata;

  /// A member had the wrong type and holds its default: not the rule that was written.
  bool misread = false;
  std::set<std::string, std::less<>> given;  ///< member names the source wrote; defaults are not
  Origin origin;
  /// The query's text with its place in the file, for carets. Never null once a codec made the
  /// rule.
  std::shared_ptr<const base::Source> query_source;
  /// Empty: this build can execute the rule. Else why it is only stored ("kuery rules …").
  std::string stored_only;

  bool runnable() const { return stored_only.empty(); }
  eql::Dialect dialect() const {
    return form == RuleForm::kBehavior ? eql::Dialect::kEndpoint : eql::Dialect::kElasticsearch;
  }
  bool Has(std::string_view key) const { return given.find(key) != given.end(); }
  /// `json` member or empty.
  std::string_view Json(std::string_view key) const;
};

/// 0 low … 3 critical; -1 when `severity` is none of the four.
int SeverityRank(std::string_view severity);
/// low 0-21, medium 22-47, high 48-73, critical 74-100 (lint R013).
std::string_view SeverityForRisk(std::int64_t risk_score);

/// 8-4-4-4-12 hex digits, either case.
bool IsUuid(std::string_view text);
/// Name-based UUID (RFC 9562 version 5) of `name` in Vedette's rule namespace, lower case. Equal
/// names give equal ids on every machine; that keeps alert ids stable.
std::string UuidFromName(std::string_view name);
/// Fills `rule.id` (and `rule_id` when only `id` was given) by the policy above.
void AssignIdentity(Rule& rule);

}  // namespace vedette::rules
