// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace vedette::base {
namespace {

TEST(Arena, CopyOwnsItsBytes) {
  Arena arena;
  std::string text = "process.name";
  const std::string_view copy = arena.Copy(text);
  text.assign("overwritten!");
  EXPECT_EQ(copy, "process.name");
  EXPECT_TRUE(arena.Copy("").empty());
  EXPECT_NE(arena.Copy("").data(), nullptr);
}

TEST(Arena, ArraysAreValueInitialised) {
  Arena arena(64);
  std::memset(arena.Allocate(64), 0xFF, 64);
  arena.Reset();
  for (const int x : arena.NewArray<int>(8)) EXPECT_EQ(x, 0);
  EXPECT_TRUE(arena.NewArray<int>(0).empty());
}

TEST(Arena, PiecesAreAlignedAndDoNotOverlap) {
  std::mt19937 random(13);
  Arena arena(512);
  for (int round = 0; round < 20; ++round) {
    struct Piece {
      unsigned char* at;
      std::size_t size;
    };
    std::vector<Piece> pieces;
    for (int i = 0; i < 300; ++i) {
      const std::size_t size = random() % 20 == 0 ? random() % 4000 : random() % 100;
      const std::size_t align = std::size_t{1} << (random() % 5);
      auto* at = static_cast<unsigned char*>(arena.Allocate(size, align));
      ASSERT_NE(at, nullptr);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(at) % align, 0U);
      std::memset(at, static_cast<unsigned char>(i), size);
      pieces.push_back({at, size});
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      for (std::size_t b = 0; b < pieces[i].size; ++b) {
        ASSERT_EQ(pieces[i].at[b], static_cast<unsigned char>(i));
      }
    }
    arena.Reset(16 * 1024);
    ASSERT_LE(arena.bytes_reserved(), 16U * 1024);
  }
}

TEST(Arena, SteadyStateReservesNothingNew) {
  Arena arena(1024);
  for (int i = 0; i < 10; ++i) arena.Allocate(500);
  const std::size_t reserved = arena.bytes_reserved();
  for (int round = 0; round < 100; ++round) {
    arena.Reset();
    for (int i = 0; i < 10; ++i) arena.Allocate(500);
    ASSERT_EQ(arena.bytes_reserved(), reserved);
  }
}

TEST(Arena, OversizeBlocksDoNotStay) {
  Arena arena(1024);
  arena.Allocate(100);
  arena.Allocate(20'000'000);
  EXPECT_GE(arena.bytes_reserved(), 20'000'000U);
  arena.Reset();
  EXPECT_LE(arena.bytes_reserved(), 8U * 1024 * 1024);
  EXPECT_NE(arena.Allocate(100), nullptr);
}

TEST(Arena, MovingKeepsWhatWasHandedOut) {
  Arena first(128);
  const std::string_view text = first.Copy("stays");
  Arena second = std::move(first);
  EXPECT_EQ(text, "stays");
  std::memset(second.Allocate(64), 1, 64);
  EXPECT_EQ(text, "stays");
}

}  // namespace
}  // namespace vedette::base
