// SPDX-License-Identifier: Apache-2.0
#include "engine/keyed_memo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/hash_index.h"
#include "engine/keyed_hash.h"

namespace vedette::engine {
namespace {

TEST(KeyedMemo, KnowsNothingAtFirst) {
  const KeyedMemo memo(4096);
  EXPECT_EQ(memo.Find({}), KeyedMemo::kNone);
  EXPECT_EQ(memo.Find({1, 2}), KeyedMemo::kNone);
}

TEST(KeyedMemo, TellsHashesOfOneSetApart) {
  KeyedMemo memo(4096);
  memo.Insert({1, 64}, 10);
  memo.Insert({2, 64}, 20);   // the same high half
  memo.Insert({1, 128}, 30);  // the same low half
  EXPECT_EQ(memo.Find({1, 64}), 10U);
  EXPECT_EQ(memo.Find({2, 64}), 20U);
  EXPECT_EQ(memo.Find({1, 128}), 30U);
  EXPECT_EQ(memo.Find({2, 128}), KeyedMemo::kNone);
}

TEST(KeyedMemo, TheOldestOfASetFallsOut) {
  KeyedMemo memo(64);  // one set
  for (std::uint32_t i = 0; i < 5; ++i) memo.Insert({0, i + 1}, i);
  EXPECT_EQ(memo.Find({0, 1}), KeyedMemo::kNone);
  for (std::uint32_t i = 1; i < 5; ++i) EXPECT_EQ(memo.Find({0, i + 1}), i);
}

TEST(KeyedMemo, TheNewestValueOfAHashCounts) {
  KeyedMemo memo(64);
  memo.Insert({3, 3}, 1);
  memo.Insert({3, 3}, 2);
  EXPECT_EQ(memo.Find({3, 3}), 2U);
}

TEST(KeyedMemo, ClearForgets) {
  KeyedMemo memo(4096);
  memo.Insert({1, 2}, 3);
  memo.Clear();
  EXPECT_EQ(memo.Find({1, 2}), KeyedMemo::kNone);
}

/// Whatever is inserted, in whatever room: a hash gives its own value or nothing, and the bytes
/// stay within their bound.
TEST(KeyedMemo, NeverGivesTheValueOfAnotherHash) {
  for (const std::size_t max_bytes : {0U, 1U, 64U, 1000U, 4096U, 65'536U, 1'000'000U}) {
    SCOPED_TRACE(max_bytes);
    const KeyedHash hash(max_bytes + 1);
    KeyedMemo memo(max_bytes);
    std::size_t known = 0;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      memo.Insert(hash.Of(std::to_string(i)), i);
      const std::uint32_t asked = i * 7919U % 40'000U;
      const std::uint32_t found = memo.Find(hash.Of(std::to_string(asked)));
      if (found == KeyedMemo::kNone) continue;
      ++known;
      ASSERT_EQ(found, asked);
    }
    EXPECT_GT(known, 0U);
    // One set is the least there can be.
    EXPECT_LE(memo.bytes(), std::max<std::size_t>(max_bytes, 64));
  }
}

TEST(KeyedMemo, GrowthKeepsWhatIsKnown) {
  const KeyedHash hash(42);
  KeyedMemo memo(std::size_t{1} << 22U);
  const std::size_t first_bytes = memo.bytes();
  std::size_t grown = 0;
  std::size_t bytes = first_bytes;
  for (std::uint32_t i = 0; i < 4'000; ++i) {
    // Two memos that share a past: this one alone goes on. What it knew it knows after growing.
    const KeyedMemo before = memo;
    memo.Insert(hash.Of(std::to_string(i)), i);
    if (memo.bytes() == bytes) continue;
    EXPECT_EQ(memo.bytes(), bytes * 2);
    bytes = memo.bytes();
    ++grown;
    std::size_t lost = 0;
    for (std::uint32_t j = 0; j < i; ++j) {
      const Hash128 asked = hash.Of(std::to_string(j));
      const std::uint32_t now = memo.Find(asked);
      EXPECT_TRUE(now == KeyedMemo::kNone || now == j);
      if (before.Find(asked) != KeyedMemo::kNone && now == KeyedMemo::kNone) ++lost;
    }
    // The insertion itself may push one out.
    EXPECT_LE(lost, 1U);
    EXPECT_EQ(memo.Find(hash.Of(std::to_string(i))), i);
  }
  EXPECT_GE(grown, 5U);
}

TEST(KeyedHash, FollowsItsSeed) {
  const KeyedHash one(1);
  const KeyedHash same(1);
  const KeyedHash other(2);
  for (const std::size_t size : {0U, 1U, 16U, 17U, 200U, 1000U}) {
    const std::string text(size, 'x');
    EXPECT_EQ(one.Of(text), same.Of(text));
    EXPECT_NE(one.Of(text), other.Of(text));
    EXPECT_NE(one.Of(text), one.Of(text + "x"));
  }
}

TEST(HashIndex, FindsWhatIsTheSame) {
  HashIndex index;
  // Few hashes for many numbers: what they stand for decides.
  for (std::uint32_t i = 0; i < 2000; ++i) index.Insert(i % 50, i);
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const auto same = [&](std::uint32_t number) { return number == i; };
    ASSERT_EQ(index.Find(i % 50, same), i);
    ASSERT_EQ(index.Find(i % 50 + 50, same), HashIndex::kNone);
  }
  EXPECT_LE(2000 * 2 * 16, index.bytes());
  index.Clear();
  EXPECT_EQ(index.Find(0, [](std::uint32_t) { return true; }), HashIndex::kNone);
}

}  // namespace
}  // namespace vedette::engine
