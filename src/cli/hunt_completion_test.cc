// SPDX-License-Identifier: Apache-2.0
#include "cli/hunt_completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vedette::cli {
namespace {

using eql::Dialect;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

service::FieldSurvey Survey() {
  service::FieldSurvey survey;
  for (const char* path : {"process.args", "process.name", "process.parent.name", "@timestamp"}) {
    survey.fields[path];
  }
  return survey;
}

struct CompletionCase {
  const char* name;
  const char* before_cursor;
  std::size_t typed;
  std::vector<std::string> candidates;
};

TEST(HuntCompletion, OffersWhatCanStandThere) {
  const CompletionCase cases[] = {
      {"category first", "pro", 3, {"process"}},
      {"statement first", "sa", 2, {"sample"}},
      {"category of an item", "sequence [fi", 2, {"file"}},
      {"fields of the data", "process where process.n", 9, {"process.name"}},
      {"fields with a common part",
       "any where process.",
       8,
       {"process.args", "process.name", "process.parent.name"}},
      {"timestamp", "any where @", 1, {"@timestamp"}},
      {"functions with their parenthesis", "any where cidr", 4, {"cidrMatch("}},
      {"pipes of the dialect", "any where true | ", 0, {"head", "tail"}},
      {"commands", ":e", 2, {":explain"}},
      {"commands from the colon on", ":q", 2, {":q", ":quit"}},
      {"fields for :fields only", ":fields w", 1, {}},
      {":explain takes a query", ":explain pro", 3, {"process"}},
      {"nothing fits", "any where zzz", 3, {}},
  };
  for (const CompletionCase& one : cases) {
    const Completion got = CompleteHunt(one.before_cursor, Dialect::kElasticsearch, Survey());
    EXPECT_EQ(got.candidates, one.candidates) << one.name;
    EXPECT_EQ(got.typed, one.typed) << one.name;
  }
}

TEST(HuntCompletion, FollowsTheDialect) {
  EXPECT_THAT(CompleteHunt("any where true | ", Dialect::kEndgame, Survey()).candidates,
              Contains("unique_count"));
  EXPECT_THAT(CompleteHunt("joi", Dialect::kEndgame, Survey()).candidates, ElementsAre("join"));
  EXPECT_THAT(CompleteHunt("joi", Dialect::kElasticsearch, Survey()).candidates, IsEmpty());
  EXPECT_THAT(CompleteHunt("any where array", Dialect::kElasticsearch, Survey()).candidates,
              Not(Contains("arrayContains(")));
}

TEST(HuntCompletion, CommonPrefix) {
  EXPECT_EQ(CommonPrefix({}), "");
  EXPECT_EQ(CommonPrefix({"process.args"}), "process.args");
  EXPECT_EQ(CommonPrefix({"process.args", "process.name"}), "process.");
  EXPECT_EQ(CommonPrefix({"a", "b"}), "");
}

}  // namespace
}  // namespace vedette::cli
