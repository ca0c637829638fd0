// SPDX-License-Identifier: Apache-2.0
#include "engine/join_machine.h"

#include <algorithm>

#include "event/json_reader.h"

namespace vedette::engine {

JoinMachine::~JoinMachine() {
  for (auto& [hash, slots] : keys_) Clear(slots);
}

void JoinMachine::Clear(Slots& slots) {
  for (const EventRef ref : slots.events) {
    if (ref != kNoEvent) events_->Release(ref);
  }
}

void JoinMachine::Process(std::span<const std::vector<JoinKey>> keys,
                          std::span<const JoinKey> until, std::vector<Match>& out) {
  for (const JoinKey& key : until) {
    const auto at = keys_.find(key.hash);
    if (at == keys_.end()) continue;
    Clear(at->second);
    keys_.erase(at);
  }
  for (std::size_t item = 0; item < keys.size(); ++item) {
    for (const JoinKey& key : keys[item]) {
      Slots& slots = keys_[key.hash];
      slots.touched = ++clock_;
      if (slots.events.empty()) slots.events.assign(items_, kNoEvent);
      if (slots.events[item] != kNoEvent) continue;
      slots.events[item] = events_->Retain();
      if (++slots.filled < items_) continue;
      Match match;
      if (!key.values.empty()) {
        event::WriteJson(event::Value::List(key.values), match.join_keys);
      }
      for (const EventRef ref : slots.events) {
        match.events.emplace_back(*events_, ref);
        if (match.events.back()->position >= match.last_position) {
          match.last_position = match.events.back()->position;
          match.anchor = match.events.size() - 1;
        }
      }
      match.serial = serial_++;
      out.push_back(std::move(match));
      keys_.erase(key.hash);
    }
  }
  if (keys_.size() > max_keys_) EvictOldest();
}

void JoinMachine::EvictOldest() {
  std::vector<std::uint64_t> ages;
  ages.reserve(keys_.size());
  for (const auto& [hash, slots] : keys_) ages.push_back(slots.touched);
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 16);
  std::nth_element(ages.begin(), middle, ages.end());
  const std::uint64_t limit = *middle;
  for (auto at = keys_.begin(); at != keys_.end();) {
    if (at->second.touched > limit) {
      ++at;
      continue;
    }
    Clear(at->second);
    at = keys_.erase(at);
    ++evicted_;
  }
}

}  // namespace vedette::engine
