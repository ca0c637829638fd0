// SPDX-License-Identifier: Apache-2.0
#include "engine/random_query_run.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "base/time.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "eql/parser.h"
#include "event/json_reader.h"

namespace vedette::engine {

RandomDocuments::RandomDocuments(const std::vector<std::string>& events) {
  event::JsonReader reader;
  for (const std::string& event : events) {
    const auto tree = reader.Read(event, arena_);
    if (!tree) continue;
    trees_.push_back(*tree);
    const auto time = base::ParseEventTime(tree->Get("@timestamp").text());
    times_.push_back(time.value_or(base::Timestamp{}));
  }
}

std::vector<event::Event> RandomDocuments::Project(const event::FieldTable& fields) {
  const event::Projector projector(fields);
  std::vector<event::Event> events(trees_.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].document = trees_[i];
    events[i].timestamp = times_[i];
    events[i].has_timestamp = true;
    events[i].arrival = i;
    events[i].slots = projector.Project(trees_[i], arena_);
  }
  return events;
}

std::optional<CompiledCase> CompileCase(const RandomCase& one, const std::string& text, bool fold,
                                        std::string& refusal) {
  const auto refuse = [&](const char* who, const std::vector<base::Diagnostic>& diagnostics) {
    refusal = who;
    for (const base::Diagnostic& d : diagnostics) {
      if (d.severity == base::Severity::kError) refusal += ": [" + d.code + "] " + d.message;
    }
    return std::nullopt;
  };
  const base::Source source("case", text);
  eql::ParseResult parsed = eql::Parse(source, one.dialect);
  if (!parsed.query) return refuse("parser", parsed.diagnostics);
  CompiledCase compiled{std::move(*parsed.query),
                        std::make_unique<event::FieldTable>(RandomSchema()), one.Options()};
  std::vector<base::Diagnostic> diagnostics;
  if (!eql::Check(compiled.query, *compiled.fields, compiled.options, diagnostics)) {
    return refuse("checker", diagnostics);
  }
  if (fold) eql::FoldConstants(compiled.query, compiled.options);
  return compiled;
}

FoundResult ToFound(const Match& match, std::size_t decided_at, bool fold_case) {
  FoundResult found{
      {{}, KeyFromJson(match.join_keys, fold_case)}, decided_at, match.last_position, match.serial};
  for (const EventHandle& event : match.events) {
    found.result.events.push_back(event ? event->source : kMissingEvent);
  }
  return found;
}

std::vector<DefinedResult> Ordered(std::vector<FoundResult> found, const eql::Query& query) {
  if (query.dialect == eql::Dialect::kEndgame) {
    // A join may be completed for two keys by one event; nothing says which comes first.
    std::stable_sort(found.begin(), found.end(), [](const FoundResult& a, const FoundResult& b) {
      return std::tie(a.decided_at, a.result.key) < std::tie(b.decided_at, b.result.key);
    });
  } else if (!std::holds_alternative<eql::Sample>(query.statement)) {
    std::stable_sort(found.begin(), found.end(), [](const FoundResult& a, const FoundResult& b) {
      return std::tie(a.last_position, a.serial) < std::tie(b.last_position, b.serial);
    });
  }
  std::vector<DefinedResult> results;
  for (FoundResult& one : found) results.push_back(std::move(one.result));
  return results;
}

bool FoldsKeys(const eql::Query& query, const eql::CheckOptions& options) {
  return query.dialect == eql::Dialect::kEndgame && !options.case_sensitive;
}

std::vector<FoundResult> RunMachine(CompiledCase compiled, const StatementOptions& options,
                                    RandomDocuments& documents, std::size_t from) {
  const bool fold_case = FoldsKeys(compiled.query, compiled.options);
  auto runner =
      QueryRunner::Build(std::move(compiled.query), *compiled.fields, compiled.options, options);
  std::vector<FoundResult> found;
  if (!runner) return found;
  const auto events = documents.Project(*compiled.fields);
  base::Arena scratch(8192);
  std::vector<Match> matches;
  const auto take = [&](std::size_t decided_at) {
    for (const Match& match : matches) found.push_back(ToFound(match, decided_at, fold_case));
    matches.clear();
  };
  for (std::size_t i = from; i < events.size(); ++i) {
    scratch.Reset();
    runner->Process(events[i], scratch, matches, static_cast<std::uint32_t>(i));
    take(i);
  }
  runner->Finish(matches);
  take(events.size());
  return found;
}

}  // namespace vedette::engine
