// SPDX-License-Identifier: Apache-2.0
#include "rules/query_check.h"

#include <algorithm>
#include <utility>

#include "eql/parser.h"
#include "event/field_table.h"
#include "event/schema.h"
#include "rules/query_lint.h"
#include "rules/related_integrations.h"

namespace vedette::rules {
namespace {

/// Sequences, samples, joins and process relations run; pipes that need all results at once do not.
std::string PipeReason(const eql::Query& query) {
  const bool limits = std::all_of(query.pipes.begin(), query.pipes.end(), [](const auto& pipe) {
    return pipe.name == "head" || pipe.name == "tail";
  });
  return limits ? std::string() : "pipes are not executed in rules; `vedette hunt` runs them";
}

void FillRequiredFields(const event::FieldTable& fields, Rule& rule) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& entry = fields.entry(static_cast<event::FieldId>(i));
    if (entry.path.empty() || entry.path.front() == '@') continue;
    const bool taken = std::any_of(rule.required_fields.begin(), rule.required_fields.end(),
                                   [&](const RequiredField& f) { return f.name == entry.path; });
    if (taken) continue;
    const event::Schema::Field* known = fields.schema().Find(entry.path);
    rule.required_fields.push_back(
        {entry.path, known == nullptr ? "unknown" : known->type_name, known != nullptr});
  }
  std::sort(rule.required_fields.begin(), rule.required_fields.end(),
            [](const RequiredField& a, const RequiredField& b) { return a.name < b.name; });
}

std::string OtherTypeReason(const Rule& rule) {
  switch (rule.type) {
    case RuleType::kUnknown:
      return rule.type_text.empty() ? "the rule has no type"
                                    : "rule type `" + rule.type_text + "` is not known";
    case RuleType::kQuery:
      return (rule.language.empty() ? "kuery" : rule.language) + " queries are not executed";
    default:
      return std::string(RuleTypeName(rule.type)) + " rules are not executed";
  }
}

}  // namespace

eql::CheckOptions CheckOptionsFor(const Rule& rule) {
  eql::CheckOptions options;
  if (!rule.event_category_override.empty()) options.category_field = rule.event_category_override;
  if (!rule.timestamp_field.empty()) options.timestamp_field = rule.timestamp_field;
  options.tiebreaker_field = rule.tiebreaker_field;
  return options;
}

bool CheckQuery(Rule& rule, Profile profile, std::vector<RuleDiagnostic>& diagnostics) {
  if (rule.type != RuleType::kEql) {
    rule.stored_only = OtherTypeReason(rule);
    return true;
  }
  if (rule.query.empty()) {
    diagnostics.push_back(AtKey(rule, "rule", MakeError("R003", "an eql rule needs a `query`")));
    return false;
  }
  eql::ParseResult parsed = eql::Parse(*rule.query_source, rule.dialect());
  bool good = parsed.query.has_value();
  for (base::Diagnostic& found : parsed.diagnostics) {
    diagnostics.push_back(InQuery(rule, std::move(found)));
  }
  if (!good) return false;
  event::FieldTable fields(event::EcsSchema());
  std::vector<base::Diagnostic> found;
  good = eql::Check(*parsed.query, fields, CheckOptionsFor(rule), found);
  for (base::Diagnostic& diagnostic : found) {
    diagnostics.push_back(InQuery(rule, std::move(diagnostic)));
  }
  if (!good) return false;
  if (profile != Profile::kMinimal) {
    const auto options = CheckOptionsFor(rule);
    for (base::Diagnostic& lint : LintQuery(rule, *parsed.query, options, fields.schema())) {
      diagnostics.push_back(InQuery(rule, std::move(lint)));
    }
  }
  rule.stored_only = PipeReason(*parsed.query);
  if (rule.Json("filters").size() > 2) {
    rule.stored_only = "`filters` are not executed by this build yet";
  }
  if (rule.required_fields.empty() && rule.form == RuleForm::kDetection) {
    FillRequiredFields(fields, rule);
  }
  if (rule.related_integrations.empty()) rule.related_integrations = RelatedIntegrationsOf(rule);
  return true;
}

}  // namespace vedette::rules
