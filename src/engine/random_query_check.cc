// SPDX-License-Identifier: Apache-2.0
#include "engine/random_query_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "engine/random_query_run.h"
#include "engine/rule_matcher.h"
#include "engine/sequence_definition_relations.h"
#include "engine/stateful_rules.h"
#include "eql/parser.h"
#include "eql/walk.h"

namespace vedette::engine {
namespace {

using Answers = std::vector<DefinedResult>;

std::string Describe(const Answers& answers) {
  std::string out;
  for (const DefinedResult& answer : answers) {
    out += "\n  " + engine::Describe(answer.key) + ":";
    for (const std::size_t event : answer.events) {
      out += event == kMissingEvent ? " -" : fmt::format(" {}", event);
    }
  }
  return out.empty() ? " nothing" : out;
}

std::string Difference(const std::string& a, const Answers& of_a, const std::string& b,
                       const Answers& of_b) {
  return fmt::format("{}:{}\n{}:{}\n", a, Describe(of_a), b, Describe(of_b));
}

StatementOptions OptionsOf(const RandomCase& one) {
  StatementOptions options;
  options.alias_ring = one.alias_ring;
  options.max_samples_per_key = one.samples_per_key;
  options.hash_seed = 7;
  return options;
}

/// One way of evaluating a statement. A faster engine joins the comparison by a line in
/// kEvaluators.
struct Evaluator {
  const char* name;
  std::vector<FoundResult> (*evaluate)(const RandomCase& one, const std::string& printed,
                                       RandomDocuments& documents);
};

std::vector<FoundResult> Machine(const RandomCase& one, const std::string& text, bool fold,
                                 RandomDocuments& documents) {
  std::string refusal;
  auto compiled = CompileCase(one, text, fold, refusal);
  if (!compiled) return {};
  return RunMachine(std::move(*compiled), OptionsOf(one), documents);
}

constexpr Evaluator kEvaluators[] = {
    {"state machine",
     [](const RandomCase& one, const std::string&, RandomDocuments& documents) {
       return Machine(one, one.query, false, documents);
     }},
    {"state machine, constants folded",
     [](const RandomCase& one, const std::string&, RandomDocuments& documents) {
       return Machine(one, one.query, true, documents);
     }},
    {"state machine, query printed and read again",
     [](const RandomCase& one, const std::string& printed, RandomDocuments& documents) {
       return Machine(one, printed, false, documents);
     }},
};

bool HasRelations(const eql::Query& query) {
  bool found = false;
  const auto visit = [&](const eql::Expr& expr) {
    found = found || std::holds_alternative<eql::Relation>(expr.node);
  };
  const auto look = [&](const eql::EventQuery& event) {
    if (event.condition != nullptr) eql::ForEachExpr(*event.condition, visit);
  };
  const auto look_at_items = [&](const auto& statement) {
    for (const auto& item : statement.items) look(item.query);
    if constexpr (requires { statement.until; }) {
      if (statement.until) look(statement.until->query);
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) look(*event);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) look_at_items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) look_at_items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) look_at_items(*join);
  return found;
}

std::string CheckPrinter(const RandomCase& one, const std::string& printed) {
  const base::Source written("written", one.query);
  const base::Source source("printed", printed);
  const eql::ParseResult first = eql::Parse(written, one.dialect);
  const eql::ParseResult again = eql::Parse(source, one.dialect);
  if (!again.query) return "printed, the query is refused:\n" + printed;
  if (eql::Equal(*first.query, *again.query)) return "";
  return "printed and read again, the query is another:\n" + printed;
}

/// A sample may be made of any events that fit: what is wrong with these, empty if nothing.
std::string SampleFault(const std::vector<DefinedSample>& defined, const Answers& answers,
                        std::size_t samples_per_key) {
  std::size_t next = 0;
  for (const DefinedSample& sample : defined) {
    std::set<std::vector<std::size_t>> seen;
    for (; next < answers.size() && answers[next].key == sample.key; ++next) {
      const auto& events = answers[next].events;
      if (events.size() != sample.choices.size()) return "a sample has the wrong number of events";
      for (std::size_t i = 0; i < events.size(); ++i) {
        const auto& choice = sample.choices[i];
        if (std::find(choice.begin(), choice.end(), events[i]) == choice.end()) {
          return fmt::format("event {} does not fit item {}", events[i], i);
        }
      }
      if (std::set<std::size_t>(events.begin(), events.end()).size() != events.size()) {
        return "an event fills two places";
      }
      if (!seen.insert(events).second) return "a sample comes twice";
    }
    if (seen.empty()) return "no sample for " + engine::Describe(sample.key);
    if (seen.size() > samples_per_key)
      return "too many samples for " + engine::Describe(sample.key);
  }
  return next == answers.size() ? "" : "a sample for " + engine::Describe(answers[next].key);
}

std::string CompareWithDefinition(const RandomCase& one, CompiledCase compiled,
                                  RandomDocuments& documents, const Answers& machine) {
  const RelationDefinition relations(compiled.query, *compiled.fields, compiled.options);
  const SequenceDefinition definition(compiled.query, *compiled.fields, compiled.options,
                                      one.alias_ring);
  const auto events = documents.Project(*compiled.fields);
  const auto related = relations.Holding(events);
  if (std::holds_alternative<eql::Sample>(compiled.query.statement)) {
    const std::string fault =
        SampleFault(definition.Samples(events, related), machine, one.samples_per_key);
    return fault.empty() ? "" : "samples: " + fault + Describe(machine);
  }
  const Answers defined = definition.Results(events, related);
  if (defined == machine) return "";
  return Difference("definition", defined, kEvaluators[0].name, machine);
}

/// The span of time that decides a statement, if the stream before it does not matter.
std::optional<base::Duration> WindowOf(const eql::Query& query) {
  const auto* sequence = std::get_if<eql::Sequence>(&query.statement);
  if (sequence == nullptr || !sequence->maxspan || HasRelations(query)) return std::nullopt;
  base::Duration window = *sequence->maxspan;
  for (const auto& item : sequence->items) {
    // Without join keys old partials may stand in front of newer ones (reference 14.2).
    if (!item.alias.empty() && sequence->keys.empty() && item.keys.empty()) return std::nullopt;
    // The window of a missing event ends with a millisecond.
    if (item.missing) window = *sequence->maxspan + std::chrono::milliseconds(1);
  }
  return window;
}

std::string CheckReplay(const RandomCase& one, CompiledCase compiled, RandomDocuments& documents,
                        const std::vector<FoundResult>& whole, std::size_t stop) {
  const auto window = WindowOf(compiled.query);
  if (!window || documents.size() == 0) return "";
  stop %= documents.size();
  std::size_t from = stop;
  while (from > 0 && documents.time(stop) - documents.time(from - 1) <= *window) --from;
  const auto after = [&](const std::vector<FoundResult>& found) {
    Answers answers;
    for (const FoundResult& result : found) {
      if (result.decided_at > stop) answers.push_back(result.result);
    }
    return answers;
  };
  const Answers expected = after(whole);
  const Answers answers = after(RunMachine(std::move(compiled), OptionsOf(one), documents, from));
  if (answers == expected) return "";
  return Difference(fmt::format("stopped after event {}, begun again at {}", stop, from), answers,
                    "never stopped", expected);
}

}  // namespace

CaseOutcome CompareEvaluators(const RandomCase& one, std::size_t stop) {
  CaseOutcome outcome;
  auto compiled = CompileCase(one, one.query, false, outcome.refusal);
  if (!compiled) return outcome;
  const std::string printed = eql::Print(compiled->query);
  outcome.difference = CheckPrinter(one, printed);
  if (!outcome.difference.empty()) return outcome;

  RandomDocuments documents(one.events);
  const auto found = kEvaluators[0].evaluate(one, printed, documents);
  const Answers answers = Ordered(found, compiled->query);
  outcome.results = answers.size();
  for (const Evaluator& evaluator : std::span(kEvaluators).subspan(1)) {
    const Answers others = Ordered(evaluator.evaluate(one, printed, documents), compiled->query);
    if (others == answers) continue;
    outcome.difference = Difference(kEvaluators[0].name, answers, evaluator.name, others);
    return outcome;
  }
  std::string refusal;
  outcome.difference =
      CheckReplay(one, *CompileCase(one, one.query, false, refusal), documents, found, stop);
  if (outcome.difference.empty()) {
    outcome.difference = CompareWithDefinition(one, std::move(*compiled), documents, answers);
  }
  return outcome;
}

CaseOutcome CompareTogether(std::span<const RandomCase> cases) {
  CaseOutcome outcome;
  const RandomCase& first = cases.front();
  RandomDocuments documents(first.events);
  event::FieldTable fields(RandomSchema());
  std::vector<CompiledRule> rules;
  std::vector<const RandomCase*> of_rule;
  for (const RandomCase& one : cases) {
    auto compiled = CompileCase(one, one.query, false, outcome.refusal);
    if (!compiled) continue;
    rules.push_back({{}, std::move(compiled->query), compiled->options, true});
    rules.back().query.pipes.clear();
    std::vector<base::Diagnostic> diagnostics;
    if (!eql::Check(rules.back().query, fields, rules.back().options, diagnostics)) {
      rules.pop_back();
    } else {
      of_rule.push_back(&one);
    }
  }
  if (rules.empty()) return outcome;
  outcome.refusal.clear();

  StatefulOptions options;
  options.hash_seed = 7;
  StatefulRules together(fields, options);
  for (const CompiledRule& rule : rules) {
    if (!together.Add(rule)) return outcome;
  }
  together.Start();
  RuleConditions conditions(fields);
  for (const CompiledRule& rule : rules) conditions.AddStateful(rule.query, rule.options);
  conditions.Lower();
  const auto events = documents.Project(fields);
  const event::Projector projector(fields);
  RuleMatcher matcher(conditions, projector);
  const OriginId all = matcher.AddOrigin(std::vector<bool>(rules.size(), true));
  std::vector<std::vector<FoundResult>> found(rules.size());
  std::vector<StatefulRules::Found> out;
  const auto take = [&](std::size_t decided_at) {
    for (const StatefulRules::Found& one : out) {
      const CompiledRule& rule = rules[one.rule];
      found[one.rule].push_back(
          ToFound(one.match, decided_at, FoldsKeys(rule.query, rule.options)));
    }
    out.clear();
  };
  RuleHits hits;
  base::Arena scratch(8192);
  for (std::size_t i = 0; i < events.size(); ++i) {
    scratch.Reset();
    matcher.Match(events[i], all, hits);
    ProcessFacts facts;
    if (together.wants_facts()) {
      facts = together.relations().KeysOf(events[i]);
      facts.marks = hits.marks;
      facts.process_event = hits.process_event;
    }
    if (!together.wants_every_event() && !together.AwaitsAny(hits.stages)) {
      if (together.wants_facts()) together.Observe(facts);
      continue;
    }
    together.Process(events[i], static_cast<std::uint32_t>(i), hits.stages, scratch, out,
                     together.wants_facts() ? &facts : nullptr);
    take(i);
  }
  together.Finish(out);
  take(events.size());

  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::string refusal;
    auto compiled = CompileCase(*of_rule[i], of_rule[i]->query, false, refusal);
    StatementOptions alone;
    alone.hash_seed = options.hash_seed;
    alone.sample_window = std::chrono::minutes(6);  // from `now-6m`, what a rule starts with
    const Answers of_rule_alone =
        Ordered(RunMachine(std::move(*compiled), alone, documents), rules[i].query);
    const Answers among_others = Ordered(std::move(found[i]), rules[i].query);
    outcome.results += of_rule_alone.size();
    if (of_rule_alone == among_others) continue;
    outcome.difference = Difference("alone", of_rule_alone, "with other rules", among_others) +
                         of_rule[i]->query + "\n";
    return outcome;
  }
  return outcome;
}

}  // namespace vedette::engine
