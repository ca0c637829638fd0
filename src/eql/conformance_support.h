// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "eql/parser.h"
#include "event/event.h"
#include "event/json_reader.h"
#include "event/schema.h"

/// Helpers of the tests that run shared data. The data is no part of the project; without it these
/// tests are skipped.
namespace vedette::eql::conformance {

inline std::optional<std::filesystem::path> SharedFolder() {
  const char* given = std::getenv("VEDETTE_SHARED");
  std::filesystem::path folder = given != nullptr
                                     ? std::filesystem::path(given)
                                     : std::filesystem::path(VEDETTE_SOURCE_DIR) / ".." / "shared";
  if (!std::filesystem::exists(folder / "eql" / "conformance")) return std::nullopt;
  return folder;
}

#define VEDETTE_NEED_SHARED(variable)                                                            \
  const auto shared_folder_found = ::vedette::eql::conformance::SharedFolder();                  \
  if (!shared_folder_found) {                                                                    \
    std::cerr << "\n*** shared conformance data not found: set VEDETTE_SHARED. SKIPPING. ***\n"; \
    GTEST_SKIP() << "no shared data";                                                            \
  }                                                                                              \
  const std::filesystem::path& variable = *shared_folder_found

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline std::vector<std::string> ReadLines(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::istringstream in(ReadFile(path));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

/// A JSON text with the memory it lives in.
class Json {
 public:
  explicit Json(std::string_view text) {
    auto read = reader_.Read(text, arena_);
    if (read) {
      value_ = *read;
    } else {
      ADD_FAILURE() << read.error().message();
    }
  }
  const event::Value& operator*() const { return value_; }
  const event::Value* operator->() const { return &value_; }

 private:
  base::Arena arena_;
  event::JsonReader reader_;
  event::Value value_;
};

inline std::string Text(const event::Value& value) {
  return value.is_string() ? std::string(value.text()) : std::string();
}

inline std::string Compact(const event::Value& value) {
  std::string out;
  event::WriteJson(value, out);
  return out;
}

inline event::FieldType TypeNamed(std::string_view name) {
  using event::FieldType;
  static const std::map<std::string_view, FieldType> kTypes = {
      {"keyword", FieldType::kKeyword},
      {"constant_keyword", FieldType::kConstantKeyword},
      {"wildcard", FieldType::kWildcard},
      {"text", FieldType::kText},
      {"boolean", FieldType::kBoolean},
      {"byte", FieldType::kLong},
      {"short", FieldType::kLong},
      {"integer", FieldType::kLong},
      {"long", FieldType::kLong},
      {"unsigned_long", FieldType::kUnsignedLong},
      {"half_float", FieldType::kDouble},
      {"float", FieldType::kDouble},
      {"double", FieldType::kDouble},
      {"scaled_float", FieldType::kDouble},
      {"date", FieldType::kDate},
      {"date_nanos", FieldType::kDateNanos},
      {"ip", FieldType::kIp},
      {"version", FieldType::kVersion},
      {"object", FieldType::kObject},
      {"nested", FieldType::kNested},
  };
  const auto found = kTypes.find(name);
  return found == kTypes.end() ? FieldType::kUnsupported : found->second;
}

/// `keyword null_value=NULL`, `date format=…`, `alias:other`.
inline event::Schema::Field ParseField(std::string_view text) {
  event::Schema::Field field;
  if (text.starts_with("alias:")) {
    field.alias = text.substr(6);
    return field;
  }
  const std::string_view name = text.substr(0, text.find(' '));
  field.type = TypeNamed(name);
  field.type_name = name;
  const auto option = [&](std::string_view key) -> std::optional<std::string> {
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos) return std::nullopt;
    return std::string(text.substr(at + key.size()));
  };
  if (text.find("(normalizer)") != std::string_view::npos) field.type_name = text;
  if (const auto format = option("format=")) field.date_format = *format;
  field.null_value = option("null_value=");
  return field;
}

inline void AddFields(event::Schema& schema, const event::Value& types) {
  for (const event::Member& member : types.object()) {
    schema.Add(std::string(member.key), ParseField(member.value.text()));
  }
}

/// Maps what the schema leaves out by the first value seen.
inline void AddDynamic(event::Schema& schema, const event::Value& value, const std::string& path) {
  if (value.is_object()) {
    for (const event::Member& member : value.object()) {
      AddDynamic(schema, member.value,
                 path.empty() ? std::string(member.key) : path + "." + std::string(member.key));
    }
    return;
  }
  if (value.is_list()) {
    for (const event::Value& element : value.list()) AddDynamic(schema, element, path);
    return;
  }
  if (value.is_null() || schema.Find(path) != nullptr) return;
  const char* type = "keyword";
  if (value.kind() == event::ValueKind::kBoolean) type = "boolean";
  if (value.is_number()) type = value.kind() == event::ValueKind::kDouble ? "double" : "long";
  schema.Add(path, ParseField(type));
}

struct CaseSetup {
  Dialect dialect = Dialect::kElasticsearch;
  CheckOptions options;
  std::string id_field;
  bool fold = false;
  bool sort = true;  ///< by time and tiebreaker, as Elasticsearch does
  std::size_t size = 50;
};

struct Outcome {
  bool executable = false;  ///< an event query with nothing but head and tail behind it
  std::vector<std::string> ids;
  std::string error;
};

inline std::string Describe(const std::vector<base::Diagnostic>& diagnostics) {
  std::string out;
  for (const auto& d : diagnostics) out += d.code + " " + d.message + "; ";
  return out;
}

inline void ApplyPipes(const std::vector<Pipe>& pipes, std::vector<std::string>& ids) {
  for (const Pipe& pipe : pipes) {
    std::size_t count = 50;
    if (!pipe.arguments.empty()) {
      count = static_cast<std::size_t>(
          std::get<std::int64_t>(std::get<Literal>(pipe.arguments[0]->node).value));
    }
    if (ids.size() <= count) continue;
    if (pipe.name == "head") {
      ids.resize(count);
    } else {
      ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(count));
    }
  }
}

inline Outcome RunEventQuery(const std::string& text, const CaseSetup& setup,
                             const event::Schema& schema,
                             const std::vector<event::Value>& documents) {
  Outcome out;
  const base::Source source("case", text);
  ParseResult parsed = Parse(source, setup.dialect);
  if (!parsed.query) {
    out.error = "parser: " + Describe(parsed.diagnostics);
    return out;
  }
  event::FieldTable fields(schema);
  std::vector<base::Diagnostic> diagnostics;
  if (!Check(*parsed.query, fields, setup.options, diagnostics)) {
    out.error = "checker: " + Describe(diagnostics);
    return out;
  }
  const std::vector<Pipe> pipes = std::move(parsed.query->pipes);
  parsed.query->pipes.clear();
  const bool simple = std::all_of(pipes.begin(), pipes.end(), [](const Pipe& pipe) {
    return pipe.name == "head" || pipe.name == "tail";
  });
  if (!simple || NeedsState(*parsed.query)) return out;
  out.executable = true;
  if (setup.fold) FoldConstants(*parsed.query, setup.options);
  const auto& query = std::get<EventQuery>(parsed.query->statement);
  const Interpreter interpreter(query, setup.dialect, fields, setup.options);
  const event::Projector projector(fields);
  base::Arena arena;
  struct Hit {
    std::string id;
    base::Timestamp time;
    std::int64_t tiebreaker;
  };
  std::vector<Hit> hits;
  for (const event::Value& document : documents) {
    event::Event event;
    event.slots = projector.Project(document, arena);
    if (!interpreter.Matches(event, arena)) continue;
    Hit hit{Compact(document.GetPath(setup.id_field)), {}, 0};
    const event::Value stamp = document.GetPath(setup.options.timestamp_field);
    const std::string stamp_text = stamp.is_string() ? std::string(stamp.text()) : Compact(stamp);
    if (const auto time = base::ParseEventTime(stamp_text)) hit.time = *time;
    if (!setup.options.tiebreaker_field.empty()) {
      const auto* known = schema.Find(setup.options.tiebreaker_field);
      const std::string name =
          known != nullptr && !known->alias.empty() ? known->alias : setup.options.tiebreaker_field;
      const event::Value value = document.GetPath(name);
      if (value.kind() == event::ValueKind::kInteger) hit.tiebreaker = value.integer();
    }
    hits.push_back(hit);
  }
  if (setup.sort) {
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
      return std::tie(a.time, a.tiebreaker) < std::tie(b.time, b.tiebreaker);
    });
  }
  for (Hit& hit : hits) out.ids.push_back(std::move(hit.id));
  ApplyPipes(pipes, out.ids);
  if (out.ids.size() > setup.size) out.ids.resize(setup.size);
  return out;
}

inline std::vector<std::string> Ids(const event::Value& list) {
  std::vector<std::string> out;
  for (const event::Value& id : list.list()) out.push_back(Compact(id));
  return out;
}

/// Counts of one suite; prints itself.
struct Tally {
  std::string suite;
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  ~Tally() {
    std::cout << "[ SUITE    ] " << suite << ": " << passed << " passed, " << failed << " failed, "
              << skipped << " not applicable\n";
  }
};

}  // namespace vedette::eql::conformance
