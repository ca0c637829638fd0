// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace vedette::engine {

/// TEST SIDE ONLY. Choices, the same on every machine: first those that given bytes make (a
/// fuzzer's input), then splitmix64 (Steele et al., OOPSLA 2014) from a seed.
class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed, std::span<const std::uint8_t> bytes = {})
      : state_(seed), bytes_(bytes) {}

  /// 0 <= result < count; `count` up to 256 is drawn from the bytes.
  std::size_t Below(std::size_t count) {
    if (!bytes_.empty()) {
      const std::size_t value = bytes_.front();
      bytes_ = bytes_.subspan(1);
      return value % count;
    }
    return static_cast<std::size_t>(Next() % count);
  }
  bool OneIn(std::size_t count) { return Below(count) == 0; }
  std::string Word(std::initializer_list<const char*> words) {
    return words.begin()[Below(words.size())];
  }

 private:
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
  std::span<const std::uint8_t> bytes_;
};

}  // namespace vedette::engine
