// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "base/glob.h"
#include "base/time.h"
#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

constexpr base::Timestamp kNow{1'767'225'600'000'000'000};  // as in lint_schedule.cc

void Require(const LintContext& lint, const std::string& key, bool present) {
  if (present) return;
  lint.Error(key, "R003",
             "`" + key + "` is required for " +
                 (lint.rule.type == RuleType::kUnknown ? std::string("every")
                                                       : "an " + lint.rule.type_text) +
                 " rule");
}

void RequireForType(const LintContext& lint) {
  const Rule& rule = lint.rule;
  const auto has = [&](const char* key) { return rule.json.find(key) != rule.json.end(); };
  switch (rule.type) {
    case RuleType::kUnknown:
      if (!rule.type_text.empty()) {
        std::vector<std::string_view> names;
        for (int i = 1; i <= static_cast<int>(RuleType::kMachineLearning); ++i) {
          names.push_back(RuleTypeName(static_cast<RuleType>(i)));
        }
        auto& issue = lint.Error("type", "R003", "rule type `" + rule.type_text + "` is not known");
        const std::string_view near = base::Nearest(rule.type_text, names);
        if (!near.empty()) issue.help.push_back("did you mean `" + std::string(near) + "`?");
      }
      return;
    case RuleType::kThreshold:
      Require(lint, "threshold", has("threshold"));
      break;
    case RuleType::kNewTerms:
      Require(lint, "new_terms_fields", !rule.new_terms_fields.empty());
      Require(lint, "history_window_start", !rule.history_window_start.empty());
      break;
    case RuleType::kThreatMatch:
      Require(lint, "threat_index", has("threat_index"));
      Require(lint, "threat_mapping", has("threat_mapping"));
      break;
    case RuleType::kMachineLearning:
      Require(lint, "anomaly_threshold", has("anomaly_threshold"));
      Require(lint, "machine_learning_job_id", has("machine_learning_job_id"));
      return;
    case RuleType::kSavedQuery:
      Require(lint, "saved_id", !rule.saved_id.empty());
      return;
    default:
      break;
  }
  if (rule.type != RuleType::kQuery && rule.type != RuleType::kEql) {
    Require(lint, "query", !rule.query.empty());
  }
}

void LintLanguage(const LintContext& lint) {
  const Rule& rule = lint.rule;
  const std::string& language = rule.language;
  const bool kql = language.empty() || language == "kuery" || language == "lucene";
  bool fits = true;
  switch (rule.type) {
    case RuleType::kEql:
      fits = language == "eql";
      break;
    case RuleType::kEsql:
      fits = language == "esql";
      break;
    case RuleType::kMachineLearning:
    case RuleType::kUnknown:
      return;
    default:
      fits = kql;
  }
  if (!fits) {
    lint.Error("language", "R006",
               "language `" + language + "` does not go with rule type `" + rule.type_text + "`");
  }
}

/// Streams and indices that public rules read, as prefixes of a pattern.
bool KnownPattern(std::string_view pattern) {
  constexpr std::array<std::string_view, 14> kKnown = {
      "logs-",     "metrics-",    "traces-",     "endgame-",   "auditbeat-",
      "filebeat-", "winlogbeat-", "packetbeat-", "heartbeat-", "metricbeat-",
      "apm-",      ".alerts-",    ".internal.",  "vedette"};
  const std::size_t colon = pattern.find(':');  // remote cluster
  if (colon != std::string_view::npos) pattern.remove_prefix(colon + 1);
  if (pattern.empty() || pattern[0] == '*' || pattern[0] == '-') return true;
  return std::any_of(kKnown.begin(), kKnown.end(), [&](std::string_view prefix) {
    return pattern.substr(0, prefix.size()) == prefix ||
           pattern == prefix.substr(0, prefix.size() - 1);
  });
}

void LintIndex(const LintContext& lint) {
  const Rule& rule = lint.rule;
  if (!rule.index.empty() && !rule.data_view_id.empty()) {
    lint.Warn("data_view_id", "R007", "`index` and `data_view_id` are both set; the view wins");
  }
  for (std::size_t i = 0; i < rule.index.size(); ++i) {
    if (KnownPattern(rule.index[i])) continue;
    lint.Warn("index." + std::to_string(i), "R007",
              "index pattern `" + rule.index[i] + "` belongs to no known source");
  }
}

void LintSuppression(const LintContext& lint) {
  if (!lint.rule.alert_suppression) return;
  const AlertSuppression& suppression = *lint.rule.alert_suppression;
  const bool threshold = lint.rule.type == RuleType::kThreshold;
  if (threshold ? !suppression.group_by.empty()
                : suppression.group_by.empty() || suppression.group_by.size() > 3) {
    lint.Error("alert_suppression", "R020",
               threshold
                   ? "a threshold rule suppresses by its own fields: only `duration` is allowed"
                   : "`group_by` must name one to three fields");
  }
  const std::string& unit = suppression.duration_unit;
  if (suppression.duration_value &&
      (*suppression.duration_value < 1 || (unit != "s" && unit != "m" && unit != "h"))) {
    lint.Error("alert_suppression.duration", "R020",
               "`duration` needs a value of at least 1 and a unit s, m or h");
  }
  const std::string& missing = suppression.missing_fields_strategy;
  if (!missing.empty() && missing != "suppress" && missing != "doNotSuppress") {
    lint.Error("alert_suppression.missing_fields_strategy", "R020",
               "`missing_fields_strategy` must be suppress or doNotSuppress");
  }
}

void LintNewTerms(const LintContext& lint) {
  const Rule& rule = lint.rule;
  if (rule.type != RuleType::kNewTerms) return;
  const auto& fields = rule.new_terms_fields;
  if (fields.size() > 3) lint.Error("new_terms", "R022", "at most three new_terms fields");
  if (std::set<std::string>(fields.begin(), fields.end()).size() != fields.size()) {
    lint.Error("new_terms", "R022", "a field is listed twice in new_terms_fields");
  }
  if (rule.history_window_start.empty()) return;
  const auto start = base::EvaluateDateMath(rule.history_window_start, kNow);
  const auto from = base::EvaluateDateMath(rule.from, kNow);
  if (!start.has_value()) {
    lint.Error("new_terms", "R022", start.error().message());
  } else if (from.has_value() && !(*start < *from)) {
    lint.Error("new_terms", "R022", "history_window_start is not before `from`");
  }
}

void LintMappings(const LintContext& lint) {
  const auto& severities = lint.rule.severity_mapping;
  for (std::size_t i = 0; i < severities.size(); ++i) {
    const std::string key = "severity_mapping." + std::to_string(i);
    if (SeverityRank(severities[i].severity) < 0) {
      lint.Error(key, "R003", "`" + severities[i].severity + "` is no severity");
    }
    if (severities[i].op != "equals") {
      lint.Error(key, "R003", "the only operator of a mapping is `equals`");
    }
  }
  for (const RiskScoreMapping& mapping : lint.rule.risk_score_mapping) {
    if (mapping.value.empty() && !mapping.risk_score) continue;
    lint.Warn("risk_score_mapping", "R003",
              "`value` and `risk_score` of a risk score mapping have no effect: the event's own "
              "number in `" +
                  mapping.field + "` becomes the score");
  }
}

}  // namespace

void LintRequired(const LintContext& lint) {
  LintLanguage(lint);
  const Rule& rule = lint.rule;
  if (lint.profile == Profile::kMinimal) return;
  Require(lint, "name", !rule.name.empty());
  Require(lint, "description", !rule.description.empty());
  Require(lint, "type", !rule.type_text.empty());
  Require(lint, "severity", !rule.severity.empty());
  Require(lint, "risk_score", rule.Has("risk_score"));
  // The API gives an identity and takes no author for granted; a file in a repository must not.
  if (rule.origin.file != nullptr) {
    Require(lint, "rule_id", rule.Has("rule_id"));
    Require(lint, "author", !rule.author.empty());
  }
  RequireForType(lint);
  if (rule.timeline_id.empty() != rule.timeline_title.empty()) {
    lint.Error(rule.timeline_id.empty() ? "timeline_title" : "timeline_id", "R003",
               "`timeline_id` and `timeline_title` go together");
  }
  const auto has = [&](const char* key) { return rule.json.find(key) != rule.json.end(); };
  if (has("concurrent_searches") != has("items_per_search")) {
    lint.Error("concurrent_searches", "R003",
               "`concurrent_searches` and `items_per_search` go together");
  }
}

void LintValues(const LintContext& lint) {
  const Rule& rule = lint.rule;
  if (!rule.severity.empty() && SeverityRank(rule.severity) < 0) {
    auto& issue = lint.Error("severity", "R003", "`" + rule.severity + "` is no severity");
    issue.help.emplace_back("use low, medium, high or critical");
  }
  if (rule.risk_score < 0 || rule.risk_score > 100) {
    lint.Error("risk_score", "R003", "`risk_score` must be between 0 and 100");
  }
  LintSuppression(lint);
  LintNewTerms(lint);
  if (lint.profile == Profile::kMinimal) return;
  if (!rule.building_block_type.empty() && rule.building_block_type != "default") {
    lint.Error("building_block_type", "R003", "`building_block_type` can only be \"default\"");
  }
  LintMappings(lint);
  LintIndex(lint);
  const bool in_range = rule.risk_score >= 0 && rule.risk_score <= 100;
  if (rule.Has("risk_score") && in_range && SeverityRank(rule.severity) >= 0 &&
      SeverityForRisk(rule.risk_score) != rule.severity) {
    lint.Warn("risk_score", "R013",
              "risk score " + std::to_string(rule.risk_score) + " reads as " +
                  std::string(SeverityForRisk(rule.risk_score)) + ", the severity says " +
                  rule.severity)
        .help.emplace_back("low 0-21, medium 22-47, high 48-73, critical 74-100");
  }
}

}  // namespace vedette::rules
