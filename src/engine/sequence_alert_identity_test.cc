// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_alert_identity.h"

#include <gtest/gtest.h>

#include <set>

namespace vedette::engine {
namespace {

constexpr std::string_view kRuleUuid = "3f0c6a52-7d51-4c0e-9f6e-1b8a4f1d2c77";

std::vector<std::string> All(const std::vector<EventIdentity>& events, std::string_view rule) {
  auto ids = SequenceAlertUuids(events, rule);
  ids.blocks.push_back(ids.shell);
  return ids.blocks;
}

TEST(SequenceAlertIdentityTest, UuidsOfTheReferenceVector) {
  const std::vector<EventIdentity> events{{"idx-process", "evt-1"}, {"idx-file", "evt-2"}};
  const auto ids = SequenceAlertUuids(events, kRuleUuid);
  ASSERT_EQ(ids.blocks.size(), 2U);
  EXPECT_EQ(ids.blocks[0], "e55bef8b08f66a61a9f2adadbe69a3baee4ff3512abb8a962603d249fcd023c0");
  EXPECT_EQ(ids.blocks[1], "64d9d5de576f5601971aabdd8d79b1fd1f5128afca16f4b8dbfef8e8d8b9c08a");
  EXPECT_EQ(ids.shell, "348a648b0b6959f735ec380f30737f0f37af1a3fa60b3dc5f7c1e21dbb0d89d9");
}

TEST(SequenceAlertIdentityTest, WhatMakesAnotherSequenceMakesOtherIds) {
  struct Case {
    std::string_view name;
    std::vector<EventIdentity> events;
    std::string_view rule;
  };
  const Case cases[] = {
      {"two events", {{"i", "a"}, {"i", "b"}}, "r"},
      {"other order", {{"i", "b"}, {"i", "a"}}, "r"},
      {"other rule", {{"i", "a"}, {"i", "b"}}, "s"},
      {"other index", {{"i", "a"}, {"j", "b"}}, "r"},
      {"a third event", {{"i", "a"}, {"i", "b"}, {"i", "c"}}, "r"},
      {"first alone", {{"i", "a"}}, "r"},
      {"second alone", {{"i", "b"}}, "r"},
      {"twins", {{"i", "a"}, {"i", "a:1"}}, "r"},
  };
  std::set<std::string> seen;
  for (const Case& one : cases) {
    for (const std::string& id : All(one.events, one.rule)) {
      EXPECT_EQ(id.size(), 64U) << one.name;
      EXPECT_TRUE(seen.insert(id).second) << one.name;
    }
    EXPECT_EQ(All(one.events, one.rule), All(one.events, one.rule)) << one.name;
  }
}

}  // namespace
}  // namespace vedette::engine
