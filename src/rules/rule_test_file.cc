// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_test_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <variant>

#include "base/arena.h"
#include "eql/interpreter.h"
#include "eql/parser.h"
#include "event/event.h"
#include "event/json_reader.h"
#include "event/schema.h"
#include "rules/query_check.h"
#include "rules/toml_document.h"

namespace vedette::rules {
namespace {

using event::Value;

constexpr std::size_t kMaxFileBytes = 64U << 20U;

class CaseReader {
 public:
  CaseReader(const TomlDocument& document, RuleTestFile& out) : document_(&document), out_(&out) {
    place_.origin.path = document.file->path();
    place_.origin.file = document.file;
    place_.origin.places = document.places;
  }

  void Read(const Value& item, std::size_t number) {
    const std::string key = "case." + std::to_string(number);
    RuleTestCase test;
    const auto place = document_->places.find(key);
    if (place != document_->places.end()) {
      test.line = document_->file->PlaceOf(place->second.begin).line;
    }
    if (!item.Get("name").is_string()) return Wrong(key, "a case needs a `name`");
    test.name = item.Get("name").text();
    if (item.Get("source").is_string()) test.source = item.Get("source").text();
    if (item.Get("fires").kind() != event::ValueKind::kBoolean) {
      return Wrong(key, "a case needs `fires = true` or `fires = false`");
    }
    test.fires = item.Get("fires").boolean();
    if (!Events(item, test)) {
      return Wrong(key, "a case needs `event`, one JSON document as a string, or a list `events`");
    }
    for (const event::Member& member : item.object()) {
      const std::string_view name = member.key;
      if (name != "name" && name != "source" && name != "fires" && name != "event" &&
          name != "events") {
        return Wrong(key + "." + std::string(name), "unknown key `" + std::string(name) + "`");
      }
    }
    out_->cases.push_back(std::move(test));
  }

  void Wrong(const std::string& key, std::string message) {
    out_->diagnostics.push_back(AtKey(place_, key, MakeError("T001", std::move(message))));
  }

 private:
  static bool Events(const Value& item, RuleTestCase& test) {
    if (item.Get("event").is_string()) test.events.emplace_back(item.Get("event").text());
    if (item.Get("events").is_list()) {
      for (const Value& one : item.Get("events").list()) {
        if (!one.is_string()) return false;
        test.events.emplace_back(one.text());
      }
    }
    return !test.events.empty();
  }

  const TomlDocument* document_;
  RuleTestFile* out_;
  Rule place_;  // only carries places for AtKey
};

}  // namespace

std::string TestPathFor(const std::string& rule_path) {
  constexpr std::string_view kSuffix = ".toml";
  const bool toml =
      rule_path.size() >= kSuffix.size() &&
      rule_path.compare(rule_path.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0;
  return (toml ? rule_path.substr(0, rule_path.size() - kSuffix.size()) : rule_path) + ".test.toml";
}

RuleTestFile ReadRuleTests(const std::string& path, std::string text) {
  RuleTestFile out;
  out.path = path;
  TomlDocument document = ParseToml(path, std::move(text));
  CaseReader reader(document, out);
  if (!document.root.has_value()) {
    reader.Wrong("", document.error.message);
    const base::Span span = document.error.span;
    const auto place = document.file->PlaceOf(span.begin);
    out.diagnostics.back().diagnostic.span = span;
    out.diagnostics.back().line = place.line;
    out.diagnostics.back().column = place.column;
    return out;
  }
  const Value cases = document.root->Get("case");
  if (!cases.is_list() || cases.list().empty()) {
    reader.Wrong("", "there is no [[case]]");
    return out;
  }
  std::size_t number = 0;
  for (const Value& item : cases.list()) reader.Read(item, number++);
  return out;
}

base::Result<RuleTestFile> LoadRuleTests(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const auto code = errno == ENOENT ? base::ErrorCode::kNotFound : base::ErrorCode::kIo;
    return base::Error(code, "open " + path + ": " + std::strerror(errno));
  }
  std::string text;
  std::string block(64 * 1024, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes) {
      return base::Error(base::ErrorCode::kLimitExceeded, path + ": larger than 64 MiB");
    }
  }
  return ReadRuleTests(path, std::move(text));
}

RuleTestReport RunRuleTests(const Rule& rule, const RuleTestFile& tests) {
  RuleTestReport report;
  if (rule.type != RuleType::kEql || rule.query_source == nullptr) {
    report.cannot_run = "only eql rules can be tested";
    return report;
  }
  eql::ParseResult parsed = eql::Parse(*rule.query_source, rule.dialect());
  event::FieldTable fields(event::EcsSchema());
  const eql::CheckOptions options = CheckOptionsFor(rule);
  std::vector<base::Diagnostic> found;
  if (!parsed.query.has_value() || !eql::Check(*parsed.query, fields, options, found)) {
    report.cannot_run = "the query has an error";
    return report;
  }
  const auto* query = std::get_if<eql::EventQuery>(&parsed.query->statement);
  if (query == nullptr || eql::NeedsState(*parsed.query)) {
    report.cannot_run = "rules over several events cannot be tested yet";
    return report;
  }
  const eql::Interpreter interpreter(*query, rule.dialect(), fields, options);
  const event::Projector projector(fields);
  event::JsonReader reader;
  base::Arena arena;
  for (const RuleTestCase& test : tests.cases) {
    RuleTestOutcome outcome{.test = &test, .passed = false, .reason = {}};
    bool fired = false;
    for (const std::string& json : test.events) {
      arena.Reset();
      const auto document = reader.Read(json, arena);
      if (!document.has_value() || !document->is_object()) {
        outcome.reason = "the event is no JSON object";
        if (!document.has_value()) outcome.reason += ": " + document.error().message();
        break;
      }
      event::Event event;
      event.document = *document;
      event.json = json;
      event.slots = projector.Project(*document, arena);
      fired = fired || interpreter.Matches(event, arena);
    }
    outcome.passed = outcome.reason.empty() && fired == test.fires;
    if (!outcome.passed && outcome.reason.empty()) {
      outcome.reason = test.fires ? "expected to fire, did not" : "expected silence, fired";
    }
    report.failed += outcome.passed ? 0U : 1U;
    report.outcomes.push_back(std::move(outcome));
  }
  return report;
}

}  // namespace vedette::rules
