// SPDX-License-Identifier: Apache-2.0
// Event queries of the shared conformance data in all three dialects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <toml++/toml.h>
#include <map>
#include <memory>

#include "eql/conformance_support.h"

namespace vedette::eql::conformance {
namespace {

struct Dataset {
  std::vector<std::unique_ptr<Json>> owners;
  std::vector<event::Value> documents;
};

Dataset LoadEvents(const std::filesystem::path& path) {
  Dataset out;
  for (const std::string& line : ReadLines(path)) {
    out.owners.push_back(std::make_unique<Json>(line));
    out.documents.push_back(**out.owners.back());
  }
  return out;
}

void Expect(Tally& tally, const std::string& name, const std::string& query, const Outcome& outcome,
            const std::vector<std::string>& expected) {
  const bool good = outcome.error.empty() && outcome.ids == expected;
  ++(good ? tally.passed : tally.failed);
  EXPECT_EQ(outcome.error, "") << name << "\n" << query;
  if (!outcome.error.empty()) return;
  EXPECT_EQ(outcome.ids, expected) << name << "\n" << query;
}

TEST(Conformance, ElasticsearchEventCases) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "elasticsearch";
  const Json schemas(ReadFile(folder / "schemas.json"));
  for (const bool fold : {false, true}) {
    Tally tally{fold ? "elasticsearch/cases, folded" : "elasticsearch/cases, unfolded"};
    for (const std::string& line : ReadLines(folder / "cases.jsonl")) {
      const Json record(line);
      if (Text(record->Get("kind")) != "event") {
        ++tally.skipped;
        continue;
      }
      const std::string dataset = Text(record->Get("dataset"));
      event::Schema schema(/*open=*/false);
      AddFields(schema, schemas->Get("dataset:" + dataset));
      const Dataset data = LoadEvents(folder / "datasets" / (dataset + ".ndjson"));
      for (const auto& document : data.documents) AddDynamic(schema, document, "");
      CaseSetup setup;
      setup.fold = fold;
      setup.id_field = Text(record->Get("id_field"));
      setup.options.strict_optional = true;
      setup.options.tiebreaker_field = Text(record->Get("tiebreaker_field"));
      if (const auto size = record->Get("size"); !size.is_null()) {
        setup.size = static_cast<std::size_t>(size.integer());
      }
      const std::string query = Text(record->Get("query"));
      const Outcome outcome = RunEventQuery(query, setup, schema, data.documents);
      Expect(tally, Text(record->Get("suite")) + "/" + Text(record->Get("name")), query, outcome,
             Ids(record->Get("expected_event_ids")));
    }
  }
}

TEST(Conformance, DerivedEventCases) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "derived";
  const Json description(ReadFile(folder / "schema.json"));
  event::Schema closed(/*open=*/false);
  AddFields(closed, description->Get("fields"));
  event::Schema open(/*open=*/true);
  AddFields(open, description->Get("fields"));
  const Dataset data = LoadEvents(folder / "linux.ndjson");
  const std::map<std::string, Dialect> dialects = {{"elasticsearch", Dialect::kElasticsearch},
                                                   {"endpoint", Dialect::kEndpoint},
                                                   {"endgame", Dialect::kEndgame}};
  for (const auto& [name, dialect] : dialects) {
    for (const bool fold : {false, true}) {
      Tally tally{"derived, " + name + (fold ? ", folded" : ", unfolded")};
      for (const std::string& line : ReadLines(folder / "cases.jsonl")) {
        const Json record(line);
        if (Text(record->Get("dialect")) != name) continue;
        CaseSetup setup;
        setup.dialect = dialect;
        setup.fold = fold;
        setup.id_field = "id";
        setup.sort = dialect != Dialect::kEndgame;
        setup.options.strict_optional = true;
        setup.options.tiebreaker_field = "seq";
        const std::string query = Text(record->Get("query"));
        const bool es = dialect == Dialect::kElasticsearch;
        const Outcome outcome = RunEventQuery(query, setup, es ? closed : open, data.documents);
        if (!outcome.executable && outcome.error.empty()) {
          ++tally.skipped;
          continue;
        }
        Expect(tally, Text(record->Get("name")), query, outcome,
               Ids(record->Get("expected_event_ids")));
      }
    }
  }
}

TEST(Conformance, EndgameEventQueries) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "endgame";
  const Json stream(ReadFile(folder / "test_data.json"));
  const std::vector<event::Value> documents(stream->list().begin(), stream->list().end());
  const toml::table file = toml::parse(ReadFile(folder / "test_queries.toml"));
  const event::Schema schema(/*open=*/true);
  for (const bool sensitive : {false, true}) {
    Tally tally{sensitive ? "endgame/test_queries, sensitive"
                          : "endgame/test_queries, insensitive"};
    for (const toml::node& node : *file["queries"].as_array()) {
      const toml::table& entry = *node.as_table();
      if (entry["case_sensitive"].value_or(false) && !sensitive) continue;
      if (entry["case_insensitive"].value_or(false) && sensitive) continue;
      const std::string query = entry["query"].value_or(std::string());
      std::vector<std::string> expected;
      if (const toml::array* ids = entry["expected_event_ids"].as_array()) {
        for (const toml::node& id : *ids) {
          expected.push_back(std::to_string(id.value_or(std::int64_t{0})));
        }
      }
      CaseSetup setup;
      setup.dialect = Dialect::kEndgame;
      setup.id_field = "serial_event_id";
      setup.sort = false;
      setup.size = 100'000;
      setup.options.case_sensitive = sensitive;
      for (const bool fold : {false, true}) {
        setup.fold = fold;
        const Outcome outcome = RunEventQuery(query, setup, schema, documents);
        if (!outcome.executable && outcome.error.empty()) {
          ++tally.skipped;
          continue;
        }
        Expect(tally, sensitive ? "sensitive" : "insensitive", query, outcome, expected);
      }
    }
  }
}

TEST(Conformance, ElasticsearchAccepts) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "elasticsearch";
  const Json schemas(ReadFile(folder / "schemas.json"));
  Tally tally{"elasticsearch/accept, verifies"};
  for (const std::string& line : ReadLines(folder / "accept.jsonl")) {
    const Json record(line);
    if (Text(record->Get("expect")) != "verifies") {
      ++tally.skipped;
      continue;
    }
    event::Schema schema(/*open=*/false);
    AddFields(schema, schemas->Get(Text(record->Get("schema"))));
    const std::string query = Text(record->Get("query"));
    const base::Source source("case", query);
    ParseResult parsed = Parse(source, Dialect::kElasticsearch);
    std::vector<base::Diagnostic> diagnostics = parsed.diagnostics;
    event::FieldTable fields(schema);
    CheckOptions options;
    options.strict_optional = true;
    const bool good = parsed.query && Check(*parsed.query, fields, options, diagnostics);
    ++(good ? tally.passed : tally.failed);
    EXPECT_TRUE(good) << query << "\n" << Describe(diagnostics);
  }
}

std::string PhaseName(std::string_view code) {
  switch (PhaseOf(code)) {
    case Phase::kParsing:
      return "parsing";
    case Phase::kVerification:
      return "verification";
    case Phase::kPlanning:
      return "planning";
  }
  return {};
}

TEST(Conformance, ElasticsearchRejects) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "elasticsearch";
  const Json schemas(ReadFile(folder / "schemas.json"));
  Tally tally{"elasticsearch/errors, rejected"};
  Tally phases{"elasticsearch/errors, phase"};
  Tally places{"elasticsearch/errors, line of the message"};
  for (const std::string& line : ReadLines(folder / "errors.jsonl")) {
    const Json record(line);
    event::Schema schema(/*open=*/false);
    AddFields(schema, schemas->Get(Text(record->Get("schema"))));
    const std::string query = Text(record->Get("query"));
    const base::Source source("case", query);
    ParseResult parsed = Parse(source, Dialect::kElasticsearch);
    std::vector<base::Diagnostic> diagnostics = parsed.diagnostics;
    event::FieldTable fields(schema);
    CheckOptions options;
    options.strict_optional = true;
    const bool accepted = parsed.query && Check(*parsed.query, fields, options, diagnostics);
    ++(accepted ? tally.failed : tally.passed);
    EXPECT_FALSE(accepted) << Text(record->Get("name")) << "\n" << query;
    const auto first = std::find_if(
        diagnostics.begin(), diagnostics.end(),
        [](const base::Diagnostic& d) { return d.severity == base::Severity::kError; });
    const event::Value expected = record->Get("expect_error");
    const std::string phase = Text(expected.Get("phase"));
    if (accepted || first == diagnostics.end()) continue;
    if (phase != "any") ++(PhaseName(first->code) == phase ? phases.passed : phases.failed);
    if (phase != "any" && PhaseName(first->code) != phase) {
      std::cout << "  phase differs: " << Text(record->Get("name")) << " wanted " << phase
                << ", got " << first->code << " " << first->message << "\n";
    }
    // Texts are our own; of a pinned message only the line can be compared.
    const std::string message = Text(expected.Get("message"));
    const std::string here = std::to_string(source.PlaceOf(first->span.begin).line) + ":";
    if (Text(expected.Get("match")) != "exact") {
      ++places.skipped;
    } else {
      const bool same = message.starts_with(here) || message.starts_with("Line " + here);
      ++(same ? places.passed : places.failed);
    }
  }
}

}  // namespace
}  // namespace vedette::eql::conformance
