// SPDX-License-Identifier: Apache-2.0
#include "rules/lint_exclusions.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/arena.h"
#include "base/glob.h"
#include "eql/parser.h"
#include "event/json_reader.h"
#include "event/schema.h"
#include "rules/lint_allow.h"
#include "rules/query_check.h"
#include "rules/query_terms.h"

namespace vedette::rules {
namespace {

/// Shorter lists are read at a glance.
constexpr std::size_t kManyItems = 10;

/// Field to what silent cases hold in it.
using Shown = std::map<std::string, std::vector<std::string>, std::less<>>;

void CollectTexts(const event::Value& value, std::vector<std::string>& out) {
  if (value.is_string()) out.emplace_back(value.text());
  if (!value.is_list()) return;
  for (const event::Value& item : value.list()) {
    if (item.is_string()) out.emplace_back(item.text());
  }
}

std::vector<std::string> SilentValues(const RuleTestFile& tests, const std::string& field) {
  std::vector<std::string> out;
  base::Arena arena(16UL * 1024);
  event::JsonReader reader({.max_depth = 64});
  for (const RuleTestCase& test : tests.cases) {
    if (test.fires) continue;
    for (const std::string& text : test.events) {
      arena.Reset();
      const auto event = reader.Read(text, arena);
      if (event.has_value()) CollectTexts(event->GetPath(field), out);
    }
  }
  return out;
}

bool IsShown(const ValueSet::Item& item, bool insensitive, const std::vector<std::string>& values) {
  const auto* pattern = std::get_if<std::string>(&item.value);
  if (pattern == nullptr) return true;  // numbers: not looked at
  const auto fold = insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive;
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    if (item.pattern) return base::WildcardMatch(*pattern, value, fold);
    return insensitive ? base::EqualFold(*pattern, value) : *pattern == value;
  });
}

class ExclusionLinter {
 public:
  ExclusionLinter(const Rule& rule, const RuleTestFile& tests, std::vector<RuleDiagnostic>& out)
      : rule_(rule), tests_(tests), out_(out) {}

  void Visit(const Formula& formula) {
    if (formula.kind == Formula::Kind::kTerm) Term(formula.term);
    for (const Formula& child : formula.children) Visit(child);
  }

 private:
  void Term(const Term& term) {
    const auto& items = term.values.items;
    if (term.positive || items.size() <= kManyItems) return;
    auto [values, fresh] = shown_.try_emplace(term.field);
    if (fresh) values->second = SilentValues(tests_, term.field);
    const ValueSet::Item* first = nullptr;
    std::size_t missing = 0;
    for (const ValueSet::Item& item : items) {
      if (IsShown(item, term.values.insensitive, values->second)) continue;
      if (first == nullptr) first = &item;
      ++missing;
    }
    if (first == nullptr) return;
    auto issue =
        MakeWarning("R030", std::to_string(missing) + " of " + std::to_string(items.size()) +
                                " excluded values of `" + term.field + "` are in no test");
    issue.span = first->span;
    issue.label = "this one first";
    issue.help.emplace_back("add a case with `fires = false` for each, or shorten the list");
    out_.push_back(InQuery(rule_, std::move(issue)));
  }

  const Rule& rule_;
  const RuleTestFile& tests_;
  std::vector<RuleDiagnostic>& out_;
  Shown shown_;
};

}  // namespace

std::vector<RuleDiagnostic> LintExclusions(const Rule& rule, const RuleTestFile& tests) {
  std::vector<RuleDiagnostic> out;
  if (rule.type != RuleType::kEql || rule.query_source == nullptr) return out;
  eql::ParseResult parsed = eql::Parse(*rule.query_source, rule.dialect());
  if (!parsed.query.has_value()) return out;
  const auto* query = std::get_if<eql::EventQuery>(&parsed.query->statement);
  if (query == nullptr || query->condition == nullptr) return out;
  event::FieldTable fields(event::EcsSchema());
  std::vector<base::Diagnostic> ignored;
  const eql::CheckOptions options = CheckOptionsFor(rule);
  if (!eql::Check(*parsed.query, fields, options, ignored)) return out;
  ExclusionLinter(rule, tests, out)
      .Visit(MakeFormula(*query->condition, rule.dialect(), options, fields.schema()));
  DropAllowed(AllowedBy(rule), out);
  return out;
}

}  // namespace vedette::rules
