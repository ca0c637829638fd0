// SPDX-License-Identifier: Apache-2.0
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

namespace vedette::engine {

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Hash128&) const = default;
};

/// XXH3-128 with a secret of 192 random bytes: 96 of its bits stand for the hashed bytes in the
/// matcher's memos. The secret comes from a seed that is drawn for each run, so that nobody can
/// make values that meet.
class KeyedHash {
 public:
  explicit KeyedHash(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (auto& byte : secret_) byte = static_cast<unsigned char>(random() >> 32U);
  }
  Hash128 Of(std::string_view bytes) const {
    const XXH128_hash_t hash =
        XXH3_128bits_withSecret(bytes.data(), bytes.size(), secret_.data(), secret_.size());
    return {hash.low64, hash.high64};
  }

 private:
  std::array<unsigned char, 192> secret_;
};

}  // namespace vedette::engine
