// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_alert_common.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

class SequenceAlertCommonTest : public ::testing::Test {
 protected:
  CommonFields Intersect(const std::vector<std::string>& documents,
                         const CommonFieldLimits& limits = {}) {
    std::vector<event::Value> trees;
    for (const std::string& json : documents) {
      const auto tree = reader_.Read(json, arena_);
      EXPECT_TRUE(tree.has_value()) << json;
      trees.push_back(tree ? *tree : event::Value());
    }
    return IntersectDocuments(trees, arena_, limits);
  }
  static std::string Json(const CommonFields& common) {
    std::string out;
    event::WriteJson(common.document, out);
    return out;
  }
  base::Arena arena_;
  event::JsonReader reader_;
};

TEST_F(SequenceAlertCommonTest, KeepsWhatAllSay) {
  struct Case {
    std::string_view name;
    std::vector<std::string> documents;
    std::string_view common;
  };
  const Case cases[] = {
      {"no document", {}, "{}"},
      {"one stays as it is", {R"({"a":null,"b":[],"c":{}})"}, R"({"a":null,"b":[],"c":{}})"},
      {"equal and unequal scalars",
       {R"({"a":"x","b":1,"c":true,"d":"y"})", R"({"d":"z","c":true,"b":1,"a":"x"})"},
       R"({"a":"x","b":1,"c":true})"},
      {"text is not a number", {R"({"a":"1"})", R"({"a":1})"}, "{}"},
      {"case counts", {R"({"a":"X"})", R"({"a":"x"})"}, "{}"},
      {"numbers by value", {R"({"a":1,"b":2.5})", R"({"a":1.0,"b":2.5})"}, R"({"a":1,"b":2.5})"},
      {"null is no value", {R"({"a":null})", R"({"a":null})"}, "{}"},
      {"objects are entered",
       {R"({"h":{"id":"1","os":{"type":"linux","version":"12"}}})",
        R"({"h":{"id":"2","os":{"type":"linux","version":"13"}}})"},
       R"({"h":{"os":{"type":"linux"}}})"},
      {"an object that comes out empty goes", {R"({"h":{"id":"1"}})", R"({"h":{"id":"2"}})"}, "{}"},
      {"object against scalar", {R"({"h":{"id":"1"}})", R"({"h":"1"})"}, "{}"},
      {"equal lists stay, repetitions too",
       {R"({"a":["x","x"]})", R"({"a":["x","x"]})"},
       R"({"a":["x","x"]})"},
      {"common elements, once, in the order of the first",
       {R"({"a":["c","b","a","b"]})", R"({"a":["a","b","b","d"]})"},
       R"({"a":["b","a"]})"},
      {"a list without common elements goes", {R"({"a":["x"]})", R"({"a":["y"]})"}, "{}"},
      {"a lone value is a list of one",
       {R"({"a":"x","b":["x","y"]})", R"({"a":["x","y"],"b":"x"})"},
       R"({"a":"x","b":["x"]})"},
      {"objects in lists whole, members in any order",
       {R"({"a":[{"k":1,"l":2},{"k":3}]})", R"({"a":[{"l":2,"k":1},{"k":4}]})"},
       R"({"a":[{"k":1,"l":2}]})"},
      {"dotted and nested are one",
       {R"({"host":{"id":"1"},"user.name":"root"})", R"({"host.id":"1","user":{"name":"root"}})"},
       R"({"host":{"id":"1"},"user.name":"root"})"},
      {"duplicate keys: the first", {R"({"a":1,"a":2})", R"({"a":1,"a":2})"}, R"({"a":1})"},
      {"three documents",
       {R"({"a":1,"b":2,"l":[1,2,3]})", R"({"a":1,"b":2,"l":[2,3,4]})",
        R"({"a":1,"b":3,"l":[3,4,5]})"},
       R"({"a":1,"l":[3]})"},
      {"empty against full", {"{}", R"({"a":1})"}, "{}"},
      {"a document that is no object", {R"({"a":1})", "[1]"}, "{}"},
  };
  for (const Case& one : cases) {
    const CommonFields common = Intersect(one.documents);
    EXPECT_EQ(Json(common), one.common) << one.name;
    EXPECT_FALSE(common.truncated) << one.name;
  }
}

TEST_F(SequenceAlertCommonTest, SaysWhatItLeavesOut) {
  const std::string document = R"({"a":1,"b":2,"c":3})";
  EXPECT_FALSE(Intersect({document, document}, {.max_fields = 3}).truncated);
  const CommonFields few = Intersect({document, document}, {.max_fields = 2});
  EXPECT_TRUE(few.truncated);
  EXPECT_EQ(Json(few), R"({"a":1,"b":2})");
  const std::string deep = R"({"long":{"name":1},"a":2})";
  const CommonFields paths = Intersect({deep, deep}, {.max_path_bytes = 8});
  EXPECT_TRUE(paths.truncated);
  EXPECT_EQ(Json(paths), R"({"a":2})");
}

TEST_F(SequenceAlertCommonTest, HostileShapesStayBounded) {
  std::string wide = "{";
  for (int i = 0; i < 60'000; ++i) wide += fmt::format(R"("k{}":{},"same":1,)", i, i);
  wide += R"("end":1})";
  const CommonFields common = Intersect({wide, wide});
  EXPECT_TRUE(common.truncated);
  EXPECT_LE(common.document.object().size(), CommonFieldLimits{}.max_fields);

  std::string deep;
  for (int i = 0; i < 200; ++i) deep += R"({"a":)";
  deep += "1" + std::string(200, '}');
  EXPECT_EQ(Json(Intersect({deep, deep})), deep);

  std::string list = R"({"a":[)";
  for (int i = 0; i < 60'000; ++i) list += fmt::format("{},", i);
  const CommonFields half = Intersect({list + "-1]}", list + "-2]}"});
  EXPECT_EQ(half.document.Get("a").list().size(), 60'000U);
}

}  // namespace
}  // namespace vedette::engine
