// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vedette::engine {

/// Hashes of the two ways to name a process within a host: its entity id, or its pid. `seed` keeps
/// the order of a table unpredictable to whoever writes the log; it never changes an answer.
std::uint64_t HashProcessName(std::uint64_t seed, std::uint32_t host, std::string_view entity_id);
std::uint64_t HashProcessName(std::uint64_t seed, std::uint32_t host, std::uint32_t pid);

/// Hash -> node slot, for names that the nodes themselves hold: 8 bytes an entry and nothing on the
/// heap beside the table, where a map of strings would cost more than the nodes do.
///
/// Open addressing with linear probing, at most three quarters full; erasing shifts back, so there
/// are no gravestones. Several entries may share a hash. Not thread-safe. O(1) expected.
class NodeIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  void Insert(std::uint64_t hash, std::uint32_t node);
  /// No effect when the pair is absent.
  void Erase(std::uint64_t hash, std::uint32_t node);
  /// The first node under `hash` of which `same(node)` holds, else kNone.
  template <class Same>
  std::uint32_t Find(std::uint64_t hash, Same&& same) const {
    if (slots_.empty()) return kNone;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t i = tag & mask(); slots_[i].node != kNone; i = (i + 1) & mask()) {
      if (slots_[i].tag == tag && same(slots_[i].node)) return slots_[i].node;
    }
    return kNone;
  }

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t node = kNone;
  };
  std::size_t mask() const { return slots_.size() - 1; }
  void Place(Slot slot);
  void Grow();

  std::vector<Slot> slots_;  // a power of two of them
  std::size_t size_ = 0;
};

/// How far a kernel's pid allocator has come, seen through the pids of processes that start.
///
/// Linux hands out pids in a circle: a pid that was alive at some moment cannot name another
/// process until the allocator has wrapped and come past it. That is the only thing that makes a
/// match by pid safe in a log without exits and forks (audit rules on execve alone), where a
/// process that forked but never executed may own the pid of one that ended unseen.
///
/// A wrap is a start far below the last position, confirmed by a second one near it; a lone stray
/// is an old process that executes for the first time. Until it is settled, the cautious answer
/// holds. Errors are on the safe side except under more than one whole circle without a single
/// start seen. After a reboot without notice the circle begins anew, which looks like a wrap: also
/// safe.
class PidClock {
 public:
  /// Starts seen so far; what a node keeps as the moment when it was last known to be alive.
  std::uint64_t now() const { return ordinal_; }
  /// A process that was not known before began under `pid`.
  void Advance(std::uint32_t pid);
  /// Whether `pid`, alive at `then`, may since have been given to another process. Never for 1
  /// and 2.
  bool MayBeReused(std::uint32_t pid, std::uint64_t then) const;

 private:
  std::uint64_t ordinal_ = 0;
  std::uint64_t last_wrap_ = 0;  // ordinals at which the last two circles began
  std::uint64_t previous_wrap_ = 0;
  std::uint64_t suspected_at_ = 0;  // ordinal of a low pid that may have begun a circle; 0: none
  std::uint32_t suspected_ = 0;
  std::uint32_t position_ = 0;
};

}  // namespace vedette::engine
