// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vedette::bench {

/// SplitMix64. The distributions of <random> differ between standard libraries; the same seed must
/// give the same corpus everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }
  /// Uniform in [0, bound); `bound` must not be 0. The bias is below 2^-32 for the small bounds
  /// used here.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
  /// Skewed to small values, as popularity is: the square of a uniform variable.
  std::size_t Skewed(std::size_t bound) {
    const std::uint64_t a = Below(1U << 16U);
    return static_cast<std::size_t>((a * a * bound) >> 32U);
  }
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }

  template <typename T>
  const T& Pick(std::span<const T> from) {
    return from[Below(from.size())];
  }

  void AppendHex(std::string& out, std::size_t digits) {
    AppendFrom(out, "0123456789abcdef", digits);
  }
  void AppendFrom(std::string& out, std::string_view alphabet, std::size_t count) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 8 == 0) bits = Next();
      out += alphabet[(bits & 0xFFU) % alphabet.size()];
      bits >>= 8U;
    }
  }
  std::string Hex(std::size_t digits) {
    std::string out;
    AppendHex(out, digits);
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace vedette::bench
