// SPDX-License-Identifier: Apache-2.0
// For tests and fuzzing: what FieldExtractor promises, checked against JsonReader and Projector.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "event/event.h"
#include "event/field_extractor.h"
#include "event/json_reader.h"

namespace vedette::event {

inline Schema ExtractionSchema() {
  Schema schema(true);
  schema.Add("k", {.type = FieldType::kKeyword});
  schema.Add("n", {.type = FieldType::kLong});
  schema.Add("o.k", {.type = FieldType::kKeyword});
  schema.Add("o.p.q", {.type = FieldType::kKeyword});
  schema.Add("alias", {.type = FieldType::kUnknown, .type_name = "alias", .alias = "o.k"});
  schema.Add("nv", {.type = FieldType::kKeyword, .null_value = "NONE"});
  return schema;
}

inline constexpr std::array<std::string_view, 3> kWatched = {"_source", "hits", "raw_*"};

/// Fields of all kinds: typed, aliased, nested, wanted whole and in part.
struct Fixture {
  Fixture() {
    for (const char* path :
         {"k", "n", "o.k", "o.p.q", "alias", "nv", "u", "a.b.c", "a", "long.er"}) {
      table.Intern(path);
    }
    for (const char* path : {"a.b", "o.k", "t"}) table.Intern(path, Shape::kTree);
  }
  Schema schema = ExtractionSchema();
  FieldTable table{schema};
};

/// What is wrong with `raw`, an event taken out of a record with `table`; empty if nothing. A
/// record that JsonReader refuses passes: the fields were extracted from a text that was not
/// checked whole.
inline std::string Disagreement(const RawEvent& raw, const FieldTable& table,
                                const Projector& projector) {
  base::Arena arena(16 * 1024);
  JsonReader reader;
  const auto document = reader.Read(raw.json, arena);
  const auto whole = document ? projector.Project(*document, arena) : std::span<const Value>();
  if (document && (!document->is_object() || reader.utf8_repaired())) return "no sound object";
  for (std::uint32_t slot = 0; slot < table.size(); ++slot) {
    const FieldId id{slot};
    const std::string& path = table.entry(id).path;
    Value laid;
    if (const std::string_view token = raw.Token(id); !token.empty()) {
      // A lone scalar has laxer rules than one in an array.
      const auto value = reader.Read("[" + std::string(token) + "]", arena);
      if (!value || value->list().size() != 1) return path + ": token is not one value";
      laid = projector.Lay(id, value->list()[0], arena);
    }
    if (!document) continue;
    std::string got;
    std::string want;
    WriteJson(laid, got);
    WriteJson(whole[slot], want);
    if (got != want) return path + ": got " + got + ", the record has " + want;
  }
  return {};
}

}  // namespace vedette::event
