// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/join_key.h"
#include "engine/match.h"
#include "engine/retained_events.h"

namespace vedette::engine {

struct SampleOptions {
  std::size_t items = 2;
  /// Results for each key (`max_samples_per_key`).
  std::size_t per_key = 1;
  /// Set for rules on a stream: the events of a result lie within it and a result comes with its
  /// last event. Without it results come at the end, in the order of the keys.
  std::optional<base::Duration> window;
  /// Keys with events waiting; past it the one that was touched longest ago goes.
  std::size_t max_keys = 100'000;
};

/// One event for each item under one key, in any order of time, no event twice (reference section
/// 11). Keeps at most items + per_key events for each key and item: more cannot matter. One thread.
class SampleMachine {
 public:
  SampleMachine(const SampleOptions& options, RetainedEvents& events);
  ~SampleMachine();
  SampleMachine(const SampleMachine&) = delete;
  SampleMachine& operator=(const SampleMachine&) = delete;

  /// `keys[i]`: the keys under which the current event of `events` takes part in item i.
  void Process(base::Timestamp time, std::span<const std::vector<JoinKey>> keys,
               std::vector<Match>& out);
  void Finish(std::vector<Match>& out);
  std::uint64_t evicted() const { return evicted_; }

 private:
  struct Group {
    std::string key_json;
    std::vector<event::Value> values;  ///< texts in `texts`
    std::vector<std::string> texts;
    std::vector<std::vector<EventRef>> by_item;
    std::uint64_t touched = 0;
  };
  Group& GroupOf(const JoinKey& key);
  void Clear(Group& group);
  void Prune(Group& group, std::int64_t now);
  /// Results of a group: every choice of distinct events, first items varying slowest.
  void Choose(const Group& group, std::vector<EventRef>& chosen, std::size_t& left,
              std::vector<Match>& out);
  Match MakeMatch(const Group& group, const std::vector<EventRef>& chosen);
  void EvictOldest();

  SampleOptions options_;
  RetainedEvents* events_;
  std::unordered_map<KeyHash, Group, KeyHashHasher> groups_;
  std::uint64_t clock_ = 0;
  std::uint64_t serial_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace vedette::engine
