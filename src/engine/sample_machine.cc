// SPDX-License-Identifier: Apache-2.0
#include "engine/sample_machine.h"

#include <algorithm>

#include "event/json_reader.h"

namespace vedette::engine {

SampleMachine::SampleMachine(const SampleOptions& options, RetainedEvents& events)
    : options_(options), events_(&events) {}

SampleMachine::~SampleMachine() {
  for (auto& [hash, group] : groups_) Clear(group);
}

void SampleMachine::Clear(Group& group) {
  for (auto& refs : group.by_item) {
    for (const EventRef ref : refs) events_->Release(ref);
    refs.clear();
  }
}

SampleMachine::Group& SampleMachine::GroupOf(const JoinKey& key) {
  const auto [at, fresh] = groups_.try_emplace(key.hash);
  Group& group = at->second;
  if (fresh) {
    group.by_item.resize(options_.items);
    event::WriteJson(event::Value::List(key.values), group.key_json);
    group.texts.reserve(key.values.size());
    for (const event::Value& value : key.values) {
      if (value.is_string()) {
        group.texts.emplace_back(value.text());
        group.values.push_back(event::Value::String(group.texts.back()));
      } else {
        group.values.push_back(value);
      }
    }
  }
  group.touched = ++clock_;
  return group;
}

void SampleMachine::Process(base::Timestamp time, std::span<const std::vector<JoinKey>> keys,
                            std::vector<Match>& out) {
  const std::size_t enough = options_.items + options_.per_key;
  for (std::size_t item = 0; item < keys.size(); ++item) {
    for (const JoinKey& key : keys[item]) {
      Group& group = GroupOf(key);
      auto& refs = group.by_item[item];
      if (options_.window) Prune(group, time.nanoseconds);
      if (refs.size() >= enough) {
        if (!options_.window) continue;
        events_->Release(refs.front());
        refs.erase(refs.begin());
      }
      refs.push_back(events_->Retain());
    }
  }
  if (options_.window) {
    for (const auto& item : keys) {
      for (const JoinKey& key : item) {
        const auto at = groups_.find(key.hash);
        if (at == groups_.end()) continue;
        std::vector<EventRef> chosen;
        std::size_t left = 1;
        Choose(at->second, chosen, left, out);
        if (left != 0) continue;
        // What was reported is used up, as in a sequence.
        Clear(at->second);
        groups_.erase(at);
      }
    }
  }
  if (groups_.size() > options_.max_keys) EvictOldest();
}

void SampleMachine::Prune(Group& group, std::int64_t now) {
  for (auto& refs : group.by_item) {
    std::erase_if(refs, [&](EventRef ref) {
      const bool old = now - events_->Get(ref).timestamp.nanoseconds > options_.window->count();
      if (old) events_->Release(ref);
      return old;
    });
  }
}

void SampleMachine::Choose(const Group& group, std::vector<EventRef>& chosen, std::size_t& left,
                           std::vector<Match>& out) {
  if (left == 0) return;
  if (chosen.size() == group.by_item.size()) {
    out.push_back(MakeMatch(group, chosen));
    --left;
    return;
  }
  for (const EventRef ref : group.by_item[chosen.size()]) {
    if (std::find(chosen.begin(), chosen.end(), ref) != chosen.end()) continue;
    chosen.push_back(ref);
    Choose(group, chosen, left, out);
    chosen.pop_back();
    if (left == 0) return;
  }
}

Match SampleMachine::MakeMatch(const Group& group, const std::vector<EventRef>& chosen) {
  Match match;
  match.join_keys = group.key_json;
  for (const EventRef ref : chosen) {
    events_->AddReference(ref);
    match.events.emplace_back(*events_, ref);
    if (match.events.back()->position >= match.last_position) {
      match.last_position = match.events.back()->position;
      match.anchor = match.events.size() - 1;
    }
  }
  match.serial = serial_++;
  return match;
}

void SampleMachine::Finish(std::vector<Match>& out) {
  if (options_.window) return;
  std::vector<Group*> order;
  order.reserve(groups_.size());
  for (auto& [hash, group] : groups_) order.push_back(&group);
  std::sort(order.begin(), order.end(), [](const Group* a, const Group* b) {
    for (std::size_t i = 0; i < a->values.size(); ++i) {
      const auto compared = CompareKeyValues(a->values[i], b->values[i]);
      if (compared != 0) return compared < 0;
    }
    return false;
  });
  for (Group* group : order) {
    std::vector<EventRef> chosen;
    std::size_t left = options_.per_key;
    Choose(*group, chosen, left, out);
    Clear(*group);
  }
  groups_.clear();
}

void SampleMachine::EvictOldest() {
  std::vector<std::uint64_t> ages;
  ages.reserve(groups_.size());
  for (const auto& [hash, group] : groups_) ages.push_back(group.touched);
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 16);
  std::nth_element(ages.begin(), middle, ages.end());
  const std::uint64_t limit = *middle;
  for (auto at = groups_.begin(); at != groups_.end();) {
    if (at->second.touched > limit) {
      ++at;
      continue;
    }
    Clear(at->second);
    at = groups_.erase(at);
    ++evicted_;
  }
}

}  // namespace vedette::engine
