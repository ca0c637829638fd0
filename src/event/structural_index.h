// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace vedette::event {

/// Where the JSON structure of a piece of NDJSON stands: one entry for each bracket `{ } [ ]`,
/// each opening quote of a string, each first byte of any other scalar, and each line break, in the
/// order of the text. Colons, commas, blanks and the insides of strings have none: what lies
/// between two entries is for the reader to look at (field_extractor.h says what it looks at).
///
/// Lines are independent: a string that is not closed where its line ends, or a control character
/// that JSON does not allow there, spoils its own line only. The kind of that line's last entry is
/// then kBroken instead of '\n'.
///
/// Owned by one worker; memory 5 bytes per entry, kept for the next piece; at worst (`[[[[`) there
/// is an entry per byte. After the idea of "Parsing Gigabytes of JSON per Second" (VLDB Journal
/// 2019): bit masks of 64 bytes at a time instead of a branch per byte.
class StructuralIndex {
 public:
  /// Bytes that must be readable behind the text. Their content does not matter.
  static constexpr std::size_t kPadding = 64;
  static constexpr std::uint8_t kBroken = 0x0B;
  /// Entries that may be read behind the last one; all are line breaks.
  static constexpr std::size_t kGuard = 64;

  /// Which machine code runs. All give the same entries; kPortable is the definition.
  enum class Code { kPortable, kAvx2, kAvx512 };
  static bool Supported(Code code);
  /// The fastest that this processor has.
  static Code Best();

  explicit StructuralIndex(Code code = Best()) : code_(code) {}

  /// Indexes `text`: whole lines (the last may lack its line break: it gets an entry all the same,
  /// at the end of the text), less than 4 GiB. Replaces what was there. O(bytes).
  void Build(std::string_view text);

  /// One for each entry: offset in the text, and the byte that stands there (or kBroken).
  const std::uint32_t* positions() const { return positions_.get(); }
  const std::uint8_t* kinds() const { return kinds_.get(); }
  std::size_t size() const { return size_; }

  bool has_non_ascii() const { return has_non_ascii_; }
  /// Whether a backslash may stand in [begin, end): looks at blocks of 64 bytes.
  bool MayHaveBackslash(std::uint32_t begin, std::uint32_t end) const {
    const std::uint32_t first = begin / 64;
    const std::uint32_t last = (end - 1) / 64;
    const std::uint64_t from = ~std::uint64_t{0} << (first % 64);
    const std::uint64_t to = ~std::uint64_t{0} >> (63 - last % 64);
    if (first / 64 == last / 64) return (backslashes_[first / 64] & from & to) != 0;
    std::uint64_t any = (backslashes_[first / 64] & from) | (backslashes_[last / 64] & to);
    for (std::uint32_t word = first / 64 + 1; word < last / 64; ++word) any |= backslashes_[word];
    return any != 0;
  }

 private:
  void Grow(std::size_t bytes);

  Code code_;
  std::unique_ptr<std::uint32_t[]> positions_;
  std::unique_ptr<std::uint8_t[]> kinds_;
  std::vector<std::uint64_t> backslashes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  bool has_non_ascii_ = false;
};

}  // namespace vedette::event
