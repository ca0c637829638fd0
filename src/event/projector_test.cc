// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "event/event.h"
#include "event/json_reader.h"

namespace vedette::event {
namespace {

/// The slot of `path`, as JSON.
std::string Slot(std::string_view json, std::string_view path, Shape shape = Shape::kFlat) {
  Schema schema(true);
  schema.Add("k", {.type = FieldType::kKeyword});
  schema.Add("n", {.type = FieldType::kLong});
  schema.Add("b", {.type = FieldType::kBoolean});
  schema.Add("o.k", {.type = FieldType::kKeyword});
  schema.Add("alias", {.type = FieldType::kUnknown, .type_name = "alias", .alias = "o.k"});
  schema.Add("nv", {.type = FieldType::kKeyword, .null_value = "NONE"});
  FieldTable table(schema);
  const FieldId id = table.Intern(path, shape);
  base::Arena arena;
  JsonReader reader;
  const auto value = reader.Read(json, arena);
  if (!value) return value.error().message();
  const Projector projector(table);
  std::string out;
  WriteJson(projector.Project(*value, arena)[static_cast<std::size_t>(id)], out);
  return out;
}

/// What Lay makes of `json` as the value of `path`, as JSON.
std::string Laid(std::string_view json, std::string_view path, Shape shape = Shape::kFlat) {
  Schema schema(true);
  schema.Add("k", {.type = FieldType::kKeyword});
  schema.Add("n", {.type = FieldType::kLong});
  schema.Add("nv", {.type = FieldType::kKeyword, .null_value = "NONE"});
  FieldTable table(schema);
  const FieldId id = table.Intern(path, shape);
  base::Arena arena;
  JsonReader reader;
  // A value of its own may be a lone scalar: an array around it keeps it exact.
  const auto value = reader.Read("[" + std::string(json) + "]", arena);
  if (!value) return value.error().message();
  std::string out;
  WriteJson(Projector(table).Lay(id, value->list()[0], arena), out);
  return out;
}

TEST(ProjectorTest, LaysValuesIntoSlots) {
  const struct {
    const char *name, *json, *path, *want;
  } kCases[] = {
      {"nested", R"({"o":{"k":"x"}})", "o.k", R"("x")"},
      {"dotted", R"({"o.k":"x"})", "o.k", R"("x")"},
      {"nested and dotted add up", R"({"o":{"k":"x"},"o.k":"y"})", "o.k", R"(["x","y"])"},
      {"duplicate keys add up", R"({"k":"x","k":"y"})", "k", R"(["x","y"])"},
      {"alias", R"({"o":{"k":"x"}})", "alias", R"("x")"},
      {"missing", "{}", "k", "null"},
      {"null", R"({"k":null})", "k", "null"},
      {"empty array", R"({"k":[]})", "k", "null"},
      {"array of nulls", R"({"k":[null,null]})", "k", "null"},
      {"nulls in an array are dropped", R"({"k":["a",null,"b"]})", "k", R"(["a","b"])"},
      {"one element", R"({"k":["a"]})", "k", R"("a")"},
      {"nested arrays", R"({"k":[["a"],["b"]]})", "k", R"(["a","b"])"},
      {"array of objects", R"({"o":[{"k":"a"},{"x":1},{"k":["b","c"]}]})", "o.k",
       R"(["a","b","c"])"},
      {"number in a keyword", R"({"k":5})", "k", R"("5")"},
      {"boolean in a keyword", R"({"k":true})", "k", R"("true")"},
      {"object in a keyword", R"({"k":{"z":1}})", "k", "null"},
      {"digits in a long", R"({"n":"42"})", "n", "42"},
      {"text in a long", R"({"n":"4x"})", "n", "null"},
      {"empty text in a long", R"({"n":""})", "n", "null"},
      {"text boolean", R"({"b":"true"})", "b", "true"},
      {"number in a boolean", R"({"b":1})", "b", "null"},
      {"empty string is a value", R"({"k":""})", "k", R"("")"},
      {"null_value", R"({"nv":null})", "nv", R"("NONE")"},
      {"null_value, absent", "{}", "nv", "null"},
      {"unknown field keeps its type", R"({"u":5})", "u", "5"},
      {"not an object", R"(["k"])", "k", "null"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Slot(c.json, c.path), c.want) << c.name;
}

TEST(ProjectorTest, TreeSlotsKeepTheShape) {
  EXPECT_EQ(Slot(R"({"o":[{"k":1},null]})", "o", Shape::kTree), R"([{"k":1},null])");
  EXPECT_EQ(Slot(R"({"o":{"k":[]}})", "o.k", Shape::kTree), "[]");
  EXPECT_EQ(Slot(R"({"k":5})", "k", Shape::kTree), "5");
}

TEST(ProjectorTest, LaysOneFieldAsTheWholeRecordWould) {
  const char* const kValues[] = {
      "null",
      "[]",
      "[null]",
      R"("x")",
      R"("42")",
      "5",
      "-1.5",
      "true",
      "{}",
      "[1]",
      R"(["a","b"])",
      "[1,2]",
      "[[3]]",
      R"([["a"],["b"]])",
      "[null,\"a\"]",
      "[{}]",
      "[{\"k\":1},2]",
      R"({"k":1})",
      "12345678901234567890123",
  };
  for (const char* value : kValues) {
    for (const char* path : {"k", "n", "nv", "u"}) {
      for (const Shape shape : {Shape::kFlat, Shape::kTree}) {
        const std::string record = std::string("{\"") + path + "\":" + value + "}";
        EXPECT_EQ(Laid(value, path, shape), Slot(record, path, shape)) << record;
      }
    }
  }
}

}  // namespace
}  // namespace vedette::event
