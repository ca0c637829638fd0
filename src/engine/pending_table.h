// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vedette::engine {

/// Join key values of one event, hashed with a secret seed: 128 bits, so that two keys which
/// happen to meet are not to be expected in the life of a machine, and nobody can make them.
struct KeyHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const KeyHash&) const = default;
};
struct KeyHashHasher {
  std::size_t operator()(const KeyHash& key) const { return static_cast<std::size_t>(key.high); }
};

/// The partial sequence that waits at one stage under one key.
struct Partial {
  KeyHash key;
  std::int64_t first_time = 0;    ///< of its first event, nanoseconds since 1970
  std::uint32_t events = kNone;   ///< chain of its events, see EventChains
  std::uint32_t absence = kNone;  ///< what is known of missing events, see SequenceMachine
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;
};
static_assert(sizeof(Partial) == 32);

/// At most one partial per key: open addressing with linear probing over a seeded hash, grown by a
/// quarter once it is large, deletion by shifting back. 32 bytes a slot at a load of 0.7 to 0.875:
/// 37 to 46 bytes a key (41.1 measured at a million keys, bench/pending_keys). A partial is found
/// and replaced in O(1) expected. One thread.
class PendingTable {
 public:
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.capacity() * sizeof(Partial); }
  /// Null if there is none. The pointer holds until the next Insert or Erase.
  Partial* Find(const KeyHash& key);
  /// `partial.key` must not be there.
  void Insert(const Partial& partial);
  /// `at` came from Find or At.
  void Erase(Partial* at);

  /// Slots, for sweeps; null where a slot is empty.
  std::size_t capacity() const { return slots_.size(); }
  Partial* At(std::size_t i) { return slots_[i].events == Partial::kNone ? nullptr : &slots_[i]; }
  void Clear();

 private:
  std::size_t Home(const KeyHash& key) const;
  void Grow();
  void Place(const Partial& partial);

  std::vector<Partial> slots_;
  std::size_t size_ = 0;
};

}  // namespace vedette::engine
