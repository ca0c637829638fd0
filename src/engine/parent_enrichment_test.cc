// SPDX-License-Identifier: Apache-2.0
#include "engine/parent_enrichment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ParentEnrichmentTest : public ::testing::Test {
 protected:
  /// The document after enrichment; `names_` holds what was filled.
  std::string Enrich(const std::string& json) {
    event::Event event;
    const auto document = reader_.Read(json, arena_);
    EXPECT_TRUE(document.has_value()) << json;
    if (!document) return {};
    event.document = *document;
    names_.clear();
    enrichment_.Enrich(event, arena_, names_);
    std::string out;
    event::WriteJson(event.document, out);
    return out;
  }

  static constexpr const char* kShell =
      R"({"@timestamp":1000,"host":{"id":"h"},"event":{"action":"exec","category":"process"},)"
      R"("process":{"entity_id":"S","pid":100,"executable":"/bin/bash","name":"bash",)"
      R"("args":["bash","-l"],"command_line":"bash -l","start":"1970-01-01T00:00:00.500Z",)"
      R"("parent":{"entity_id":"I"}}})";

  base::Arena arena_;
  event::JsonReader reader_;
  ParentEnrichment enrichment_;
  std::vector<std::string_view> names_;
};

TEST_F(ParentEnrichmentTest, FillsWhatIsLackingAndNothingElse) {
  EXPECT_EQ(Enrich(kShell), kShell);
  EXPECT_THAT(names_, IsEmpty()) << "its own parent was only referred to";
  const std::string out = Enrich(
      R"({"@timestamp":2000,"host":{"id":"h"},"event":{"action":"exec","category":"process"},)"
      R"("process":{"entity_id":"C","parent":{"entity_id":"S","name":"bash"},"x":1},"y":2})");
  EXPECT_EQ(
      out,
      R"({"@timestamp":2000,"host":{"id":"h"},"event":{"action":"exec","category":"process"},)"
      R"("process":{"entity_id":"C","parent":{"entity_id":"S","name":"bash","pid":100,)"
      R"("start":"1970-01-01T00:00:00.500Z","executable":"/bin/bash","args":["bash","-l"],)"
      R"("args_count":2,"command_line":"bash -l"},"x":1,"Ext":{"ancestry":["S","I"]}},"y":2})");
  EXPECT_THAT(names_,
              ElementsAre("process.parent.pid", "process.parent.start", "process.parent.executable",
                          "process.parent.args", "process.parent.args_count",
                          "process.parent.command_line", "process.Ext.ancestry"));
}

TEST_F(ParentEnrichmentTest, EmptyCountsAsLackingAndIsReplacedInPlace) {
  Enrich(kShell);
  const std::string out = Enrich(
      R"({"@timestamp":2000,"host":{"id":"h"},"process":{"entity_id":"C","Ext":{"ancestry":["q"]},)"
      R"("parent":{"name":null,"args":[],"executable":[null],"pid":100,"start":"",)"
      R"("args_count":9,"command_line":"bash -l"}}})");
  EXPECT_EQ(
      out,
      R"({"@timestamp":2000,"host":{"id":"h"},"process":{"entity_id":"C","Ext":{"ancestry":["q"]},)"
      R"("parent":{"name":"bash","args":["bash","-l"],"executable":"/bin/bash","pid":100,"start":"",)"
      R"("args_count":9,"command_line":"bash -l","entity_id":"S"}}})")
      << "the empty text is a value";
}

TEST_F(ParentEnrichmentTest, DottedAndDoubledKeysAreValuesToo) {
  Enrich(kShell);
  Enrich(
      R"({"@timestamp":2000,"host.id":"h","process.entity_id":"C","process.parent.entity_id":"S",)"
      R"("process.parent.name":"bash","process":{"Ext.ancestry":["S"],"parent":{"pid":null,"pid":100}}})");
  EXPECT_THAT(names_, ElementsAre("process.parent.start", "process.parent.executable",
                                  "process.parent.args", "process.parent.args_count",
                                  "process.parent.command_line"));
}

TEST_F(ParentEnrichmentTest, ContradictionFillsNoImage) {
  struct Case {
    const char* name;
    const char* parent;
    bool ids;
  };
  const Case cases[] = {
      {"other name", R"("entity_id":"S","name":"zsh")", true},
      {"other executable", R"("entity_id":"S","executable":"/bin/zsh")", true},
      {"other arguments", R"("entity_id":"S","args":["bash","-c"])", true},
      {"other pid", R"("entity_id":"S","pid":101)", false},
  };
  for (const Case& c : cases) {
    Enrich(kShell);
    const auto before = enrichment_.counters().disagreed;
    Enrich(std::string(
               R"({"@timestamp":2000,"host":{"id":"h"},"process":{"entity_id":"C","parent":{)") +
           c.parent + "}}}");
    EXPECT_EQ(enrichment_.counters().disagreed, before + 1) << c.name;
    for (const auto name : names_) {
      EXPECT_TRUE(c.ids && (name == "process.parent.pid" || name == "process.parent.start" ||
                            name == "process.Ext.ancestry"))
          << c.name << ": " << name;
    }
  }
}

TEST_F(ParentEnrichmentTest, ShortKernelNamesAgreeWithLongOnes) {
  Enrich(R"({"@timestamp":1000,"event":{"action":"executed","category":"process"},)"
         R"("process":{"pid":10,"name":"update-initramf","executable":"/bin/dash"}})");
  Enrich(
      R"({"@timestamp":1000,"process":{"pid":11,"parent":{"pid":10,"name":"update-initramfs"}}})");
  EXPECT_THAT(names_, ElementsAre("process.parent.executable"));
}

TEST_F(ParentEnrichmentTest, ALaterImageIsNotTheParentsOfAnEarlierRecord) {
  Enrich(kShell);
  Enrich(R"({"@timestamp":5000,"host":{"id":"h"},"event":{"action":"exec","category":"process"},)"
         R"("process":{"entity_id":"S","pid":100,"executable":"/bin/late","name":"late"}})");
  Enrich(
      R"({"@timestamp":4000,"host":{"id":"h"},"process":{"entity_id":"C","parent":{"entity_id":"S"}}})");
  EXPECT_EQ(enrichment_.counters().image_unsure, 1U);
  EXPECT_THAT(names_,
              ElementsAre("process.parent.pid", "process.parent.start", "process.Ext.ancestry"));
}

TEST_F(ParentEnrichmentTest, WhatChildrenSayOfAParentIsNotItsOwnRecord) {
  Enrich(
      R"({"@timestamp":1000,"process":{"entity_id":"A","parent":{"entity_id":"P","name":"bash","pid":7}}})");
  Enrich(R"({"@timestamp":1001,"process":{"entity_id":"B","parent":{"entity_id":"P"}}})");
  EXPECT_THAT(names_, IsEmpty());
  // A record of its own that says nothing of the image does not turn hearsay into fact.
  Enrich(R"({"@timestamp":1002,"process":{"entity_id":"P"}})");
  Enrich(R"({"@timestamp":1003,"process":{"entity_id":"C","parent":{"entity_id":"P"}}})");
  EXPECT_THAT(names_, ElementsAre("process.parent.pid", "process.Ext.ancestry"))
      << "a pid belongs to the entity id, whoever says so";
}

TEST_F(ParentEnrichmentTest, ARecordWithoutAParentTakesItsProcesss) {
  Enrich(kShell);
  Enrich(R"({"@timestamp":2000,"host":{"id":"h"},"event":{"action":"fork","category":"process"},)"
         R"("process":{"entity_id":"C","pid":101,"parent":{"entity_id":"S"}}})");
  const std::string out = Enrich(
      R"({"@timestamp":3000,"host":{"id":"h"},"event":{"action":"connect"},"process":{"entity_id":"C"}})");
  EXPECT_THAT(out, ::testing::HasSubstr(R"("parent":{"entity_id":"S","pid":100)"));
}

TEST_F(ParentEnrichmentTest, AncestryIsBounded) {
  ParentEnrichmentOptions options;
  options.max_ancestry = 3;
  enrichment_ = ParentEnrichment(options);
  std::string out;
  for (int i = 1; i < 9; ++i) {
    out = Enrich(R"({"@timestamp":)" + std::to_string(i) + R"(,"process":{"entity_id":"e)" +
                 std::to_string(i) + R"(","parent":{"entity_id":"e)" + std::to_string(i - 1) +
                 R"("}}})");
  }
  EXPECT_THAT(out, ::testing::HasSubstr(R"("ancestry":["e7","e6","e5"])"));
}

TEST_F(ParentEnrichmentTest, ShapesThatAreNoProcessStayAsTheyAre) {
  Enrich(kShell);
  for (const char* json :
       {R"({"process.entity_id":"C","host":{"id":"h"},"process.parent.entity_id":"S","process":5})",
        R"({"process":[{"entity_id":"C"}]})", R"([1,2])", R"("text")", R"({})"}) {
    EXPECT_EQ(Enrich(json), json);
    EXPECT_THAT(names_, IsEmpty()) << json;
  }
  Enrich(R"({"host":{"id":"h"},"process":{"entity_id":"C","parent":[{"entity_id":"S"}],"Ext":5}})");
  EXPECT_THAT(names_, IsEmpty());
}

}  // namespace
}  // namespace vedette::engine
