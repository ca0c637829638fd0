// SPDX-License-Identifier: Apache-2.0
// Every case of the shared conformance data that yields results: events, sequences, samples, joins,
// process relations and pipes, in all three dialects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// As in rules/toml_document.cc: toml++ shares symbols between its modes, so one program has one.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>
#include <map>
#include <memory>
#include <set>

#include "engine/pipes.h"
#include "engine/statement_runner.h"
#include "eql/conformance_support.h"
#include "eql/parser.h"

namespace vedette::engine {
namespace {

using namespace eql::conformance;  // NOLINT: a test's own helpers
using eql::Dialect;
using event::Value;

/// What the reference says about FILETIME: 100 ns ticks since 1601.
base::Timestamp FromFileTime(std::int64_t ticks) {
  return {(ticks - 116'444'736'000'000'000) * 100};
}

struct Document {
  Value tree;
  base::Timestamp time;
  bool has_time = false;
  std::optional<std::int64_t> tiebreaker;
};

/// Documents with their place in the event order.
class Stream {
 public:
  void Add(const Value& tree, const eql::CheckOptions& options, const event::Schema& schema,
           bool file_time) {
    Document document{tree, {}, false, {}};
    const Value stamp = tree.GetPath(options.timestamp_field);
    if (file_time) {
      const Value ticks = tree.GetPath("timestamp");
      if (ticks.kind() == event::ValueKind::kInteger) {
        document.time = FromFileTime(ticks.integer());
      }
    } else if (!stamp.is_null()) {
      const std::string text = stamp.is_string() ? std::string(stamp.text()) : Compact(stamp);
      if (const auto time = base::ParseEventTime(text)) {
        document.time = *time;
        document.has_time = true;
      }
    }
    if (!options.tiebreaker_field.empty()) {
      const auto* known = schema.Find(options.tiebreaker_field);
      const std::string name =
          known != nullptr && !known->alias.empty() ? known->alias : options.tiebreaker_field;
      const Value value = tree.GetPath(name);
      if (value.kind() == event::ValueKind::kInteger) document.tiebreaker = value.integer();
    }
    documents.push_back(document);
  }
  void Sort() {
    std::stable_sort(documents.begin(), documents.end(), [](const auto& a, const auto& b) {
      if (a.time != b.time) return a.time < b.time;
      const auto order = [](const Document& d) {
        return d.tiebreaker.value_or(std::numeric_limits<std::int64_t>::max());
      };
      return order(a) < order(b);
    });
  }
  std::vector<Document> documents;
};

struct CaseOptions {
  Dialect dialect = Dialect::kElasticsearch;
  eql::CheckOptions options;
  std::string id_field;
  bool fold = false;
  std::size_t size = 50;
  std::size_t samples_per_key = 1;
};

struct Answer {
  std::string error;
  std::vector<std::string> ids;
  std::vector<std::string> keys;
};

std::string KeyText(const Value& value) {
  return value.is_string() ? std::string(value.text()) : Compact(value);
}

Answer RunCase(const std::string& text, const CaseOptions& setup, const event::Schema& schema,
               const Stream& stream) {
  Answer out;
  const base::Source source("case", text);
  eql::ParseResult parsed = eql::Parse(source, setup.dialect);
  if (!parsed.query) {
    out.error = "parser: " + Describe(parsed.diagnostics);
    return out;
  }
  event::FieldTable fields(schema);
  std::vector<base::Diagnostic> diagnostics;
  if (!eql::Check(*parsed.query, fields, setup.options, diagnostics)) {
    out.error = "checker: " + Describe(diagnostics);
    return out;
  }
  if (setup.fold) eql::FoldConstants(*parsed.query, setup.options);
  StatementOptions options;
  options.max_samples_per_key = setup.samples_per_key;
  auto runner = QueryRunner::Build(std::move(*parsed.query), fields, setup.options, options);
  if (!runner) {
    out.error = runner.error().message();
    return out;
  }
  const event::Projector projector(fields);
  std::vector<QueryResult> results;
  {
    std::vector<Match> matches;
    base::Arena arena;
    for (const Document& document : stream.documents) {
      event::Event event;
      event.document = document.tree;
      event.timestamp = document.time;
      event.has_timestamp = document.has_time;
      event.slots = projector.Project(document.tree, arena);
      runner->Process(event, arena, matches);
    }
    runner->Finish(matches);
    for (const Match& match : matches) results.push_back(ToResult(match));
  }
  if (setup.dialect != Dialect::kEndgame &&
      !std::holds_alternative<eql::Sample>(runner->query().statement)) {
    SortResults(results);
  }
  ApplyPipes(runner->query(), fields, setup.options, results);
  if (results.size() > setup.size) results.resize(setup.size);
  for (const QueryResult& result : results) {
    for (const ResultEvent& one : result.events) {
      out.ids.push_back(one.missing ? "-1" : Compact((*Json(one.json)).GetPath(setup.id_field)));
    }
    if (!result.join_keys.empty()) {
      const Json keys(result.join_keys);
      for (const Value& key : keys->list()) out.keys.push_back(KeyText(key));
    }
  }
  return out;
}

void Judge(Tally& tally, const std::string& name, const std::string& query, const Answer& answer,
           const std::set<std::vector<std::string>>& accepted) {
  const bool good = answer.error.empty() && accepted.contains(answer.ids);
  ++(good ? tally.passed : tally.failed);
  if (good) return;
  std::string wanted;
  for (const auto& ids : accepted) wanted += testing::PrintToString(ids) + "\n";
  ADD_FAILURE() << name << "\n"
                << query << "\n"
                << answer.error << "\n got " << testing::PrintToString(answer.ids) << "\nwant "
                << wanted;
}

std::set<std::vector<std::string>> Accepted(const Value& record) {
  std::set<std::vector<std::string>> out;
  if (const Value any = record.Get("expected_event_ids_any_of"); any.is_list()) {
    for (const Value& one : any.list()) out.insert(Ids(one));
  } else {
    out.insert(Ids(record.Get("expected_event_ids")));
  }
  return out;
}

void JudgeKeys(Tally& tally, const std::string& name, const Value& record, const Answer& answer) {
  const Value expected = record.Get("expected_join_keys");
  if (!expected.is_list() || !answer.error.empty()) return;
  std::vector<std::string> wanted;
  for (const Value& key : expected.list()) wanted.push_back(KeyText(key));
  std::vector<std::string> got = answer.keys;
  // Dates compare as instants: ISO text or epoch milliseconds in the data.
  for (auto* list : {&wanted, &got}) {
    for (std::string& key : *list) {
      const bool number = !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
      if (number && key.size() < 12) continue;
      if (const auto time = base::ParseEventTime(key)) key = base::FormatIsoTime(*time);
    }
  }
  ++(got == wanted ? tally.passed : tally.failed);
  EXPECT_EQ(got, wanted) << name << " (join keys)";
}

/// Fields that a data set maps with a date pattern of its own.
std::map<std::string, std::string> DateFormats(const Value& types) {
  std::map<std::string, std::string> out;
  for (const event::Member& member : types.object()) {
    const std::string_view text = member.value.text();
    const auto at = text.find("format=");
    if (at != std::string_view::npos) out[std::string(member.key)] = text.substr(at + 7);
  }
  return out;
}

/// What an index does with such a field: the day as an instant. Two patterns occur in the data.
std::string WithIsoDates(std::string event, const std::map<std::string, std::string>& formats) {
  for (const auto& [field, format] : formats) {
    const std::string head = "\"" + field + "\":\"";
    const auto at = event.find(head);
    if (at == std::string::npos) continue;
    const auto begin = at + head.size();
    const std::string text = event.substr(begin, event.find('"', begin) - begin);
    if (format != "dd-MM-yyyy" || text.size() != 10) continue;
    event.replace(begin, text.size(),
                  text.substr(6) + "-" + text.substr(3, 2) + "-" + text.substr(0, 2));
  }
  return event;
}

TEST(StatementConformance, Elasticsearch) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "elasticsearch";
  const Json schemas(ReadFile(folder / "schemas.json"));
  for (const bool fold : {false, true}) {
    Tally tally{std::string("elasticsearch/cases, all kinds") + (fold ? ", folded" : "")};
    Tally keys{"elasticsearch/cases, join keys"};
    for (const std::string& line : ReadLines(folder / "cases.jsonl")) {
      const Json record(line);
      std::vector<std::string> names;
      if (const Value dataset = record->Get("dataset"); dataset.is_list()) {
        for (const Value& name : dataset.list()) names.emplace_back(name.text());
      } else {
        names.push_back(Text(dataset));
      }
      CaseOptions setup;
      setup.fold = fold;
      setup.id_field = Text(record->Get("id_field"));
      setup.options.strict_optional = true;
      setup.options.tiebreaker_field = Text(record->Get("tiebreaker_field"));
      if (const auto size = record->Get("size"); !size.is_null()) {
        setup.size = static_cast<std::size_t>(size.integer());
      }
      if (const auto samples = record->Get("max_samples_per_key"); !samples.is_null()) {
        setup.samples_per_key = static_cast<std::size_t>(samples.integer());
      }
      event::Schema schema(/*open=*/false);
      std::vector<std::unique_ptr<Json>> owners;
      Stream stream;
      for (const std::string& name : names) {
        AddFields(schema, schemas->Get("dataset:" + name));
      }
      for (const std::string& name : names) {
        const auto formats = DateFormats(schemas->Get("dataset:" + name));
        for (const std::string& event : ReadLines(folder / "datasets" / (name + ".ndjson"))) {
          owners.push_back(std::make_unique<Json>(WithIsoDates(event, formats)));
          AddDynamic(schema, **owners.back(), "");
          stream.Add(**owners.back(), setup.options, schema, false);
        }
      }
      // Samples have no order of time; the data sets were indexed one after the other.
      if (Text(record->Get("kind")) != "sample") stream.Sort();
      const std::string name = Text(record->Get("suite")) + "/" + Text(record->Get("name"));
      const std::string query = Text(record->Get("query"));
      const Answer answer = RunCase(query, setup, schema, stream);
      Judge(tally, name, query, answer, Accepted(*record));
      JudgeKeys(keys, name, *record, answer);
    }
  }
}

TEST(StatementConformance, Series) {
  VEDETTE_NEED_SHARED(shared);
  Tally tally{"elasticsearch/series"};
  for (const std::string& line :
       ReadLines(shared / "eql" / "conformance" / "elasticsearch" / "series.jsonl")) {
    const Json record(line);
    event::Schema schema(/*open=*/true);
    CaseOptions setup;
    setup.id_field = "id";
    Stream stream;
    for (const Value& event : record->Get("events").list()) {
      AddDynamic(schema, event, "");
      stream.Add(event, setup.options, schema, false);
    }
    std::vector<std::string> wanted;
    for (const Value& result : record->Get("expected").list()) {
      for (const std::string& id : Ids(result.Get("ids"))) wanted.push_back(id);
    }
    const std::string query = Text(record->Get("query"));
    Judge(tally, Text(record->Get("name")), query, RunCase(query, setup, schema, stream), {wanted});
  }
}

TEST(StatementConformance, Derived) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "derived";
  const Json description(ReadFile(folder / "schema.json"));
  const std::map<std::string, Dialect> dialects = {{"elasticsearch", Dialect::kElasticsearch},
                                                   {"endpoint", Dialect::kEndpoint},
                                                   {"endgame", Dialect::kEndgame}};
  for (const auto& [dialect_name, dialect] : dialects) {
    Tally tally{"derived, all kinds, " + dialect_name};
    Tally keys{"derived, join keys, " + dialect_name};
    event::Schema schema(/*open=*/dialect != Dialect::kElasticsearch);
    AddFields(schema, description->Get("fields"));
    for (const std::string& line : ReadLines(folder / "cases.jsonl")) {
      const Json record(line);
      if (Text(record->Get("dialect")) != dialect_name) continue;
      for (const bool fold : {false, true}) {
        CaseOptions setup;
        setup.dialect = dialect;
        setup.fold = fold;
        setup.id_field = "id";
        setup.options.strict_optional = true;
        setup.options.tiebreaker_field = "seq";
        std::vector<std::unique_ptr<Json>> owners;
        Stream stream;
        for (const std::string& event : ReadLines(folder / "linux.ndjson")) {
          owners.push_back(std::make_unique<Json>(event));
          stream.Add(**owners.back(), setup.options, schema, dialect == Dialect::kEndgame);
        }
        if (dialect != Dialect::kEndgame) stream.Sort();
        const std::string query = Text(record->Get("query"));
        const Answer answer = RunCase(query, setup, schema, stream);
        Judge(tally, Text(record->Get("name")), query, answer, Accepted(*record));
        JudgeKeys(keys, Text(record->Get("name")), *record, answer);
      }
    }
  }
}

TEST(StatementConformance, Endgame) {
  VEDETTE_NEED_SHARED(shared);
  const auto folder = shared / "eql" / "conformance" / "endgame";
  const Json data(ReadFile(folder / "test_data.json"));
  const toml::parse_result file = toml::parse(ReadFile(folder / "test_queries.toml"));
  const event::Schema schema(/*open=*/true);
  for (const bool sensitive : {false, true}) {
    Tally tally{sensitive ? "endgame/test_queries, all kinds, sensitive"
                          : "endgame/test_queries, all kinds, insensitive"};
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
      CaseOptions setup;
      setup.dialect = Dialect::kEndgame;
      setup.id_field = "serial_event_id";
      setup.size = 100'000;
      setup.options.case_sensitive = sensitive;
      Stream stream;
      for (const Value& event : data->list()) stream.Add(event, setup.options, schema, true);
      for (const bool fold : {false, true}) {
        setup.fold = fold;
        Judge(tally, fold ? "folded" : "unfolded", query, RunCase(query, setup, schema, stream),
              {expected});
      }
    }
  }
}

}  // namespace
}  // namespace vedette::engine
