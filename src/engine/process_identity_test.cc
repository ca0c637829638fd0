// SPDX-License-Identifier: Apache-2.0
#include "engine/process_identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace vedette::engine {
namespace {

TEST(NodeIndexTest, AgreesWithAMapUnderRandomUse) {
  NodeIndex index;
  std::multimap<std::uint64_t, std::uint32_t> model;
  std::mt19937_64 random(20260203);
  for (int step = 0; step < 60'000; ++step) {
    // Few hashes and few distinct low bits, so that runs, wraps round the end and twins are common.
    const std::uint64_t hash = (random() % 64) * 4096 + random() % 3;
    const auto node = static_cast<std::uint32_t>(random() % 8);
    const auto [from, to] = model.equal_range(hash);
    const auto twin =
        std::find_if(from, to, [&](const auto& entry) { return entry.second == node; });
    if (random() % 2 == 0) {
      if (twin == to) {
        index.Insert(hash, node);
        model.emplace(hash, node);
      }
    } else {
      index.Erase(hash, node);
      if (twin != to) model.erase(twin);
    }
    ASSERT_EQ(index.size(), model.size());
    const bool found =
        index.Find(hash, [&](std::uint32_t n) { return n == node; }) != NodeIndex::kNone;
    const auto [first, last] = model.equal_range(hash);
    ASSERT_EQ(found,
              std::any_of(first, last, [&](const auto& entry) { return entry.second == node; }));
  }
  for (const auto& [hash, node] : model) {
    EXPECT_EQ(index.Find(hash, [&](std::uint32_t n) { return n == node; }), node);
  }
}

TEST(NodeIndexTest, EmptyFindsNothing) {
  NodeIndex index;
  EXPECT_EQ(index.Find(1, [](std::uint32_t) { return true; }), NodeIndex::kNone);
  index.Erase(1, 1);
  EXPECT_EQ(index.size(), 0U);
}

TEST(HashProcessNameTest, TellsHostsSeedsAndLengthsApart) {
  const std::string id = "abcdefgh";
  EXPECT_NE(HashProcessName(1, 1, id), HashProcessName(1, 2, id));
  EXPECT_NE(HashProcessName(1, 1, id), HashProcessName(2, 1, id));
  EXPECT_NE(HashProcessName(1, 1, id), HashProcessName(1, 1, id + std::string(1, '\0')));
  EXPECT_NE(HashProcessName(1, 1, 7U), HashProcessName(1, 1, 8U));
}

struct ClockCase {
  const char* name;
  std::vector<std::uint32_t> before, after;
  std::uint32_t pid;
  bool reused;
};

TEST(PidClockTest, KnowsWhenAPidMayHaveBeenGivenAway) {
  const ClockCase cases[] = {
      {"nothing since", {1000}, {}, 1000, false},
      {"higher pids only", {1000}, {1001, 1500, 30000}, 1000, false},
      {"disorder between cores", {20000}, {19990, 19995, 20010}, 20000, false},
      {"wrapped and past it", {30000}, {400, 401, 30001}, 30000, true},
      {"wrapped, not yet there", {30000}, {400, 401}, 30000, false},
      {"wrapped below it", {300, 30000}, {400, 401}, 350, true},
      {"a wrap suspected counts against low pids", {30000}, {400}, 390, true},
      {"but not against high ones", {30000}, {400}, 29000, false},
      {"a lone stray is forgotten", {30000}, {400, 30001}, 390, false},
      {"two circles", {30000}, {400, 401, 31000, 500, 501}, 31500, true},
      {"init never", {30000}, {400, 401, 30000, 400, 401}, 1, false},
  };
  for (const ClockCase& c : cases) {
    PidClock clock;
    for (const std::uint32_t pid : c.before) clock.Advance(pid);
    const std::uint64_t then = clock.now();
    EXPECT_FALSE(clock.MayBeReused(c.pid, then)) << c.name;
    for (const std::uint32_t pid : c.after) clock.Advance(pid);
    EXPECT_EQ(clock.MayBeReused(c.pid, then), c.reused) << c.name;
  }
}

TEST(PidClockTest, AProcessBornAfterTheWrapIsFresh) {
  PidClock clock;
  clock.Advance(30000);
  clock.Advance(400);
  const std::uint64_t birth = clock.now();
  clock.Advance(401);
  EXPECT_FALSE(clock.MayBeReused(400, birth));
}

}  // namespace
}  // namespace vedette::engine
