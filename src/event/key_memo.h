// SPDX-License-Identifier: Apache-2.0
// What an extractor has learned about keys. Internal to src/event.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "event/key_trie.h"

namespace vedette::event {

/// Remembers, for each object that a record is walked through and each key seen there, what the key
/// means and which keys came next. Records of one shape repeat their keys in one order, so that
/// nearly every key is told by one comparison with the key that came here last time.
///
/// A guess decides only what is compared first: the answer never depends on it. At most kCapacity
/// keys are held (256 KiB); when they are used up all are forgotten between two records, so that
/// hostile keys cost time but no memory. Not thread-safe.
class KeyMemo {
 public:
  static constexpr std::size_t kCapacity = 4096;
  /// Longer keys are looked up in the trie each time.
  static constexpr std::size_t kMaxKey = 30;
  /// The entry for keys that are not held; its content changes with each such key.
  static constexpr std::uint32_t kUnheld = 0;
  /// The entry that no key is equal to.
  static constexpr std::uint32_t kNoKey = 1;

  /// Most recent first.
  using Guesses = std::array<std::uint32_t, 2>;

  struct alignas(64) Entry {
    std::array<char, 32> text{};    ///< the key and its closing quote
    std::uint32_t need = 0;         ///< bit per byte of `text` that counts
    Guesses next{kNoKey, kNoKey};   ///< keys that came after this one's value in the same object
    Guesses first{kNoKey, kNoKey};  ///< first keys of the object that is its value
    std::uint32_t node = KeyTrie::kNone;  ///< where the key leads
    std::uint32_t field = 0;              ///< the wanted field, if kWanted
    std::uint16_t length = 0;             ///< of the key
    std::uint16_t flags = 0;
  };
  static_assert(sizeof(Entry) == 64);
  static constexpr std::uint16_t kWanted = 1;   ///< its value is a field's
  static constexpr std::uint16_t kInner = 2;    ///< wanted fields lie below
  static constexpr std::uint16_t kSeveral = 4;  ///< more than one field has this path
  static constexpr std::uint16_t kWatched = 8;  ///< its presence makes the record irregular

  KeyMemo(const KeyTrie& trie, std::span<const std::string_view> watched);

  Entry& entry(std::uint32_t index) { return entries_[index]; }
  Guesses& first_of_record() { return first_; }

  /// Whether the key that begins at `text` is the entry's; 32 bytes are readable there.
  static bool Matches(const Entry& entry, const char* text) {
#if defined(__SSE2__)
    const auto* a = reinterpret_cast<const __m128i*>(text);
    const auto* b = reinterpret_cast<const __m128i*>(entry.text.data());
    const auto equal = [](const __m128i* x, const __m128i* y) {
      return static_cast<std::uint32_t>(
          _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(x), _mm_load_si128(y))));
    };
    const std::uint32_t same = equal(a, b) | equal(a + 1, b + 1) << 16U;
    return (same & entry.need) == entry.need;
#else
    return entry.need != ~std::uint32_t{0} &&
           std::memcmp(text, entry.text.data(), std::size_t{entry.length} + 1) == 0;
#endif
  }

  /// The entry of `key` (as written, without a backslash) in an object that is the value of `node`.
  std::uint32_t Find(std::uint32_t node, std::string_view key);
  /// Between two records: forgets all when no more can be held.
  void MakeRoom() {
    if (used_ == kCapacity) Clear();
  }

 private:
  void Clear();
  void Describe(std::uint32_t node, std::string_view key, Entry& entry) const;
  bool IsWatched(std::string_view key) const;

  const KeyTrie* trie_;
  std::vector<std::string> watched_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> owner_;  ///< by entry: the node in whose object the key stands
  std::vector<std::uint32_t> slots_;  ///< open addressing by node and key; 0: free
  std::size_t used_ = 0;
  Guesses first_{kNoKey, kNoKey};
};

}  // namespace vedette::event
