// SPDX-License-Identifier: Apache-2.0
#include "engine/stream_replay.h"

#include <vector>

#include "engine/statement_runner.h"
#include "eql/parser.h"
#include "rules/query_check.h"

namespace vedette::engine {

std::optional<bool> StreamReplay::Fires(std::span<const std::string> events, std::string& why) {
  ProcessRelations relations;
  if (!relations.Add(query_, fields_, options_)) {
    why = "the query follows more process relations than the engine takes";
    return std::nullopt;
  }
  RetainedEvents retained(AliasFields(query_));
  std::vector<Match> matches;
  StatementRunner runner(query_, fields_, options_, {}, retained,
                         relations.empty() ? nullptr : &relations);
  const event::Projector projector(fields_);
  std::uint64_t position = 0;
  base::Arena arena;
  for (const std::string& json : events) {
    const auto document = reader_.Read(json, arena);
    if (!document || !document->is_object()) {
      why = "the event is no JSON object";
      if (!document) why += ": " + document.error().message();
      return std::nullopt;
    }
    event::Event event;
    event.document = *document;
    event.json = json;
    const event::Value stamp = document->GetPath(options_.timestamp_field);
    if (const auto time = stamp.is_string() ? base::ParseEventTime(stamp.text()) : std::nullopt) {
      event.timestamp = *time;
      event.has_timestamp = true;
    }
    event.arrival = position;
    event.slots = projector.Project(*document, arena);
    retained.Begin(event, position++);
    if (!relations.empty()) relations.Observe(event, arena);
    runner.Process(event, arena, matches);
  }
  runner.Finish(matches);
  const bool fired = !matches.empty();
  matches.clear();  // its handles go before the table that they point into
  return fired;
}

rules::RuleTestReport ReplayRuleTests(const rules::Rule& rule, const rules::RuleTestFile& tests) {
  const bool eql = rule.type == rules::RuleType::kEql && rule.query_source != nullptr;
  if (!eql) return rules::RunRuleTests(rule, tests);
  eql::ParseResult parsed = eql::Parse(*rule.query_source, rule.dialect());
  event::FieldTable fields(event::EcsSchema());
  const eql::CheckOptions options = rules::CheckOptionsFor(rule);
  std::vector<base::Diagnostic> found;
  if (!parsed.query.has_value() || !eql::Check(*parsed.query, fields, options, found) ||
      !eql::NeedsState(*parsed.query)) {
    return rules::RunRuleTests(rule, tests);
  }
  rules::RuleTestReport report;
  StreamReplay replay(*parsed.query, fields, options);
  for (const rules::RuleTestCase& test : tests.cases) {
    rules::RuleTestOutcome outcome{.test = &test, .passed = false, .reason = {}};
    const auto fired = replay.Fires(test.events, outcome.reason);
    outcome.passed = fired.has_value() && *fired == test.fires;
    if (fired.has_value() && !outcome.passed) {
      outcome.reason = test.fires ? "expected to fire, did not" : "expected silence, fired";
    }
    report.failed += outcome.passed ? 0U : 1U;
    report.outcomes.push_back(std::move(outcome));
  }
  return report;
}

}  // namespace vedette::engine
