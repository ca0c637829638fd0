// SPDX-License-Identifier: Apache-2.0
// Every EQL rule of the shared corpora passes the checker of its dialect over the schema of the
// sources.
#include <gtest/gtest.h>

#include <map>

#include "eql/conformance_support.h"

namespace vedette::eql::conformance {
namespace {

void CheckCorpus(const std::filesystem::path& path, Dialect dialect) {
  Tally tally{path.filename().string()};
  std::map<std::string, int> warnings;
  std::map<std::string, int> unknown;
  int stateful = 0;
  for (const std::string& line : ReadLines(path)) {
    const Json record(line);
    const std::string text = Text(record->Get("query"));
    const base::Source source("rule", text);
    ParseResult parsed = Parse(source, dialect);
    std::vector<base::Diagnostic> diagnostics = parsed.diagnostics;
    event::FieldTable fields(event::EcsSchema());
    CheckOptions options;
    if (const auto category = record->Get("event_category_override"); category.is_string()) {
      options.category_field = category.text();
    }
    const bool good = parsed.query && Check(*parsed.query, fields, options, diagnostics);
    ++(good ? tally.passed : tally.failed);
    EXPECT_TRUE(good) << Text(record->Get("name")) << "\n" << Describe(diagnostics) << "\n" << text;
    for (const auto& diagnostic : diagnostics) {
      ++warnings[diagnostic.code];
      if (diagnostic.code == "W0201") ++unknown[diagnostic.message];
    }
    if (!good) continue;
    if (NeedsState(*parsed.query)) {
      ++stateful;
      continue;
    }
    // Building an interpreter compiles what the checker promised to be compilable.
    const Interpreter interpreter(std::get<EventQuery>(parsed.query->statement), dialect, fields,
                                  options);
    const event::Projector projector(fields);
    base::Arena arena;
    event::Event empty;
    empty.slots = projector.Project(event::Value(), arena);
    interpreter.Matches(empty, arena);
  }
  std::cout << "[ CORPUS   ] " << stateful << " need state; diagnostics:";
  for (const auto& [code, count] : warnings) std::cout << " " << code << " x" << count;
  std::cout << "; distinct unknown fields: " << unknown.size() << "\n";
}

TEST(Corpus, DetectionRulesPassAsElasticsearch) {
  VEDETTE_NEED_SHARED(shared);
  CheckCorpus(shared / "corpora" / "detection-rules-eql.jsonl", Dialect::kElasticsearch);
}

TEST(Corpus, BehaviorRulesPassAsEndpoint) {
  VEDETTE_NEED_SHARED(shared);
  CheckCorpus(shared / "corpora" / "endpoint-behavior.jsonl", Dialect::kEndpoint);
}

}  // namespace
}  // namespace vedette::eql::conformance
