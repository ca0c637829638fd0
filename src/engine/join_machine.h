// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/join_key.h"
#include "engine/match.h"
#include "engine/retained_events.h"

namespace vedette::engine {

/// The legacy `join` (reference 12.2): for each key the first event of every item, in any order;
/// complete, it is reported and the key starts anew. No time limit in the language; keys are
/// bounded. One thread.
class JoinMachine {
 public:
  JoinMachine(std::size_t items, std::size_t max_keys, RetainedEvents& events)
      : items_(items), max_keys_(max_keys), events_(&events) {}
  ~JoinMachine();
  JoinMachine(const JoinMachine&) = delete;
  JoinMachine& operator=(const JoinMachine&) = delete;

  void Process(std::span<const std::vector<JoinKey>> keys, std::span<const JoinKey> until,
               std::vector<Match>& out);
  std::uint64_t evicted() const { return evicted_; }

 private:
  struct Slots {
    std::vector<EventRef> events;
    std::size_t filled = 0;
    std::uint64_t touched = 0;
  };
  void Clear(Slots& slots);
  void EvictOldest();

  std::size_t items_;
  std::size_t max_keys_;
  RetainedEvents* events_;
  std::unordered_map<KeyHash, Slots, KeyHashHasher> keys_;
  std::uint64_t clock_ = 0;
  std::uint64_t serial_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace vedette::engine
