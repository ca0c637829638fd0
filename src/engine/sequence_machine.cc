// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_machine.h"

#include <algorithm>
#include <utility>

#include "engine/edge_time.h"
#include "engine/rule_conditions.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

// Slots looked at for every partial that is stored: an expired partial is found, on average, after
// half a table's worth of insertions.
constexpr std::size_t kSweepSlots = 2;

std::string KeysAsJson(std::span<const event::Value> values) {
  std::string json;
  if (!values.empty()) event::WriteJson(event::Value::List(values), json);
  return json;
}

}  // namespace

SequenceMachine::SequenceMachine(SequencePlan plan, const SequenceLimits& limits,
                                 RetainedEvents& events)
    : plan_(std::move(plan)),
      limits_(limits),
      chains_(events),
      tables_(plan_.stages.size()),
      rings_(plan_.stages.size()),
      hands_(plan_.stages.size()) {
  for (const auto& absent : plan_.absent) {
    has_leading_ = has_leading_ || absent.gap == 0;
    has_trailing_ = has_trailing_ || absent.gap == plan_.stages.size();
  }
}

SequenceMachine::~SequenceMachine() {
  for (PendingTable& table : tables_) {
    for (std::size_t i = 0; i < table.capacity(); ++i) {
      if (const Partial* partial = table.At(i)) chains_.Release(partial->events);
    }
  }
  for (const auto& ring : rings_) {
    for (const Partial& partial : ring) chains_.Release(partial.events);
  }
}

std::int64_t SequenceMachine::span() const {
  return plan_.maxspan ? plan_.maxspan->count() : limits_.time_to_live.count();
}

bool SequenceMachine::Expired(const Partial& partial, std::int64_t now) const {
  return TimeApart(partial.first_time, now) > span();
}

SequenceMachine::Absence* SequenceMachine::AbsenceOf(const Partial& partial) {
  return partial.absence == Partial::kNone ? nullptr : &absences_[partial.absence];
}

void SequenceMachine::Forget(const Partial& partial) {
  chains_.Release(partial.events);
  if (partial.absence != Partial::kNone) free_absences_.push_back(partial.absence);
  --partials_;
}

bool SequenceMachine::Awaits(std::uint64_t items) const {
  if (!plan_.absent.empty()) return true;
  if (partials_ != 0 && (items >> StageHit::kUntil & 1U) != 0) return true;
  for (std::size_t stage = 0; stage < plan_.stages.size(); ++stage) {
    const std::uint32_t bit = std::min(plan_.stages[stage].item, StageHit::kMostItems - 1);
    if ((items >> bit & 1U) == 0) continue;
    if (stage == 0 || tables_[stage - 1].size() != 0 || !rings_[stage - 1].empty()) return true;
  }
  return false;
}

void SequenceMachine::Process(const SequenceStep& step, std::vector<Match>& out) {
  AdvanceTo(step.time, out);
  if (plan_.endgame) Until(step.until);
  // Last stage first: an event must not advance the same partial twice.
  for (std::size_t i = plan_.stages.size(); i-- > 0;) {
    const auto stage = static_cast<std::uint32_t>(i);
    for (const JoinKey& key : step.items[plan_.stages[i].item]) {
      if (stage == 0) {
        Start(step, key, out);
      } else if (plan_.ring != 0) {
        ContinueRing(stage, step, key, out);
      } else {
        Continue(stage, step, key, out);
      }
    }
  }
  NoteMissing(step);
  if (!plan_.endgame) Until(step.until);
}

void SequenceMachine::Start(const SequenceStep& step, const JoinKey& key, std::vector<Match>& out) {
  if (plan_.stages[0].asks_partial && (!step.ask || !step.ask(0, {}))) return;
  Partial partial;
  partial.key = key.hash;
  partial.first_time = step.time.nanoseconds;
  partial.events = chains_.Start();
  ++partials_;
  if (!plan_.absent.empty()) {
    if (free_absences_.empty()) {
      partial.absence = static_cast<std::uint32_t>(absences_.size());
      absences_.emplace_back();
    } else {
      partial.absence = free_absences_.back();
      free_absences_.pop_back();
      absences_[partial.absence] = Absence();
    }
    if (const auto hit = leading_.find(key.hash); hit != leading_.end()) {
      // Times alone count: a hit at the very time of the first event is not before it.
      absences_[partial.absence].leading = hit->second.latest < EdgeTime(partial.first_time)
                                               ? hit->second.latest
                                               : hit->second.before_latest;
    }
  }
  Settle(0, partial, step, key, out);
}

void SequenceMachine::Continue(std::uint32_t stage, const SequenceStep& step, const JoinKey& key,
                               std::vector<Match>& out) {
  PendingTable& from = tables_[stage - 1];
  Partial* waiting = from.Find(key.hash);
  if (waiting == nullptr) return;
  if (plan_.stages[stage].asks_partial) {
    chains_.Read(waiting->events, scratch_events_);
    if (!step.ask || !step.ask(stage, scratch_events_)) return;  // it stays
  }
  Partial partial = *waiting;
  if (plan_.stages[stage].fork) {
    chains_.AddReference(partial.events);
    ++partials_;
  } else {
    from.Erase(waiting);
  }
  if (plan_.maxspan && Expired(partial, step.time.nanoseconds)) {
    ++counters_.expired;
    Tell(SequenceMove::What::kExpired, stage - 1, partial);
    Forget(partial);
    return;
  }
  partial.events = chains_.Append(partial.events);
  Settle(stage, partial, step, key, out);
}

void SequenceMachine::ContinueRing(std::uint32_t stage, const SequenceStep& step,
                                   const JoinKey& key, std::vector<Match>& out) {
  std::deque<Partial>& from = rings_[stage - 1];
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (plan_.stages[stage].asks_partial) {
      chains_.Read(from[i].events, scratch_events_);
      if (!step.ask || !step.ask(stage, scratch_events_)) continue;
    }
    Partial partial = from[i];
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
    if (plan_.maxspan && Expired(partial, step.time.nanoseconds)) {
      ++counters_.expired;
      Tell(SequenceMove::What::kExpired, stage - 1, partial);
      Forget(partial);
      return;
    }
    partial.events = chains_.Append(partial.events);
    Settle(stage, partial, step, key, out);
    return;
  }
}

/// The partial has just taken the event at `stage`: it waits there or is a result.
void SequenceMachine::Settle(std::uint32_t stage, Partial partial, const SequenceStep& step,
                             const JoinKey& key, std::vector<Match>& out) {
  const std::int64_t now = step.time.nanoseconds;
  if (Absence* absence = AbsenceOf(partial)) {
    absence->violated = absence->violated || (absence->gap != kNever && absence->gap < now);
    absence->gap = kNever;
  }
  const bool complete = stage + 1 == plan_.stages.size();
  PendingTable& table = tables_[stage];
  Partial* old = complete || plan_.ring != 0 ? nullptr : table.Find(key.hash);
  if (old != nullptr) Tell(SequenceMove::What::kReplaced, stage, *old);
  Tell(SequenceMove::What::kAdvanced, stage, partial);
  if (complete) {
    Complete(partial, step, key, out);
    return;
  }
  if (plan_.ring != 0) {
    auto& ring = rings_[stage];
    ring.push_front(partial);
    while (!ring.empty() && (ring.size() > plan_.ring || Expired(ring.back(), now))) {
      const bool full = ring.size() > plan_.ring;
      ++(full ? counters_.evicted : counters_.expired);
      Tell(full ? SequenceMove::What::kEvicted : SequenceMove::What::kExpired, stage, ring.back());
      Forget(ring.back());
      ring.pop_back();
    }
    return;
  }
  if (old != nullptr) {
    Forget(*old);
    *old = partial;
    return;
  }
  table.Insert(partial);
  Sweep(stage, now);
  if (partials_ > limits_.max_partials) EvictOldest();
}

void SequenceMachine::Complete(Partial partial, const SequenceStep& step, const JoinKey& key,
                               std::vector<Match>& out) {
  const std::int64_t now = EdgeTime(step.time.nanoseconds);
  std::int64_t window_start = EdgeTime(partial.first_time);
  bool hold = has_trailing_;
  if (const Absence* absence = AbsenceOf(partial)) {
    const bool has_hit = absence->leading != kNever;
    const bool near = has_hit && TimeApart(absence->leading, now) <= span();
    if (absence->violated || (near && !has_trailing_)) {
      Tell(SequenceMove::What::kMissing, plan_.stages.size() - 1, partial);
      Forget(partial);
      return;
    }
    if (has_leading_ && has_trailing_) {
      hold = near;
      if (near) window_start = absence->leading;
    }
  }
  Match match = MakeMatch(partial, key);
  if (!hold) {
    out.push_back(std::move(match));
  } else {
    const HeldId id{window_start, match.serial};
    held_by_key_.emplace(key.hash, id);
    held_.emplace(id, Held{std::move(match), key.hash, now});
  }
  Forget(partial);
}

Match SequenceMachine::MakeMatch(const Partial& partial, const JoinKey& key) {
  RetainedEvents& events = chains_.events();
  chains_.Read(partial.events, scratch_events_);
  Match match;
  match.join_keys = KeysAsJson(key.values);
  match.events.reserve(plan_.layout.size());
  for (const auto& stage : plan_.layout) {
    if (!stage) {
      match.events.emplace_back();
      continue;
    }
    const EventRef ref = scratch_events_[*stage];
    events.AddReference(ref);
    if (*stage + 1 == plan_.stages.size()) match.anchor = match.events.size();
    match.events.emplace_back(events, ref);
  }
  match.last_position = match.events[match.anchor]->position;
  match.serial = serial_++;
  return match;
}

void SequenceMachine::NoteMissing(const SequenceStep& step) {
  const std::int64_t now = step.time.nanoseconds;
  const std::int64_t edge = EdgeTime(now);
  for (const SequencePlan::Absent& absent : plan_.absent) {
    for (const JoinKey& key : step.items[absent.item]) {
      if (absent.gap == 0) {
        LeadingHits& hits = leading_[key.hash];
        if (edge > hits.latest) hits = {edge, hits.latest};
      } else if (absent.gap == plan_.stages.size()) {
        NoteTrailing(key.hash, edge);
      } else if (Partial* waiting = tables_[absent.gap - 1].Find(key.hash)) {
        Absence& absence = absences_[waiting->absence];
        const EventRef last = chains_.Last(waiting->events);
        if (absence.gap == kNever && chains_.events().Get(last).timestamp.nanoseconds < now) {
          absence.gap = now;
        }
      }
    }
  }
  // Leading hits serve for one maxspan; cleaning the map when it has doubled costs O(1) a hit.
  if (leading_.size() > 64 && leading_.size() > 2 * partials_ + 1024) {
    std::erase_if(leading_,
                  [&](const auto& hit) { return TimeApart(hit.second.latest, edge) > span(); });
  }
}

void SequenceMachine::NoteTrailing(const KeyHash& key, std::int64_t time) {
  auto [at, end] = held_by_key_.equal_range(key);
  while (at != end) {
    const auto held = held_.find(at->second);
    const std::int64_t window_start = at->second.first;
    if (time <= held->second.last_time || TimeApart(window_start, time) > span()) {
      ++at;
      continue;
    }
    held_.erase(held);
    at = held_by_key_.erase(at);
    if (observer_) {
      observer_({SequenceMove::What::kMissing,
                 static_cast<std::uint32_t>(plan_.stages.size() - 1),
                 key,
                 {window_start}});
    }
  }
}

void SequenceMachine::AdvanceTo(base::Timestamp time, std::vector<Match>& out) {
  while (!held_.empty()) {
    const auto first = held_.begin();
    if (TimeApart(first->first.first, EdgeTime(time.nanoseconds)) <= span()) break;
    auto [at, end] = held_by_key_.equal_range(first->second.key);
    while (at != end && at->second != first->first) ++at;
    if (at != end) held_by_key_.erase(at);
    out.push_back(std::move(first->second.match));
    held_.erase(first);
  }
}

void SequenceMachine::Finish(std::vector<Match>& out) {
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  for (auto& [id, held] : held_) out.push_back(std::move(held.match));
  std::sort(out.begin() + begin, out.end(),
            [](const Match& a, const Match& b) { return a.serial < b.serial; });
  held_.clear();
  held_by_key_.clear();
}

void SequenceMachine::Until(std::span<const JoinKey> keys) {
  for (const JoinKey& key : keys) {
    for (std::size_t stage = 0; stage < tables_.size(); ++stage) {
      if (plan_.ring != 0) {
        for (const Partial& partial : rings_[stage]) {
          Tell(SequenceMove::What::kUntil, stage, partial);
          Forget(partial);
        }
        rings_[stage].clear();
      } else if (Partial* waiting = tables_[stage].Find(key.hash)) {
        Tell(SequenceMove::What::kUntil, stage, *waiting);
        Forget(*waiting);
        tables_[stage].Erase(waiting);
      }
    }
  }
}

void SequenceMachine::Sweep(std::uint32_t stage, std::int64_t now) {
  PendingTable& table = tables_[stage];
  for (std::size_t i = 0; i < kSweepSlots; ++i) {
    std::size_t& hand = hands_[stage];
    if (++hand >= table.capacity()) hand = 0;
    Partial* partial = table.At(hand);
    if (partial == nullptr || !Expired(*partial, now)) continue;
    ++counters_.expired;
    Tell(SequenceMove::What::kExpired, stage, *partial);
    Forget(*partial);
    table.Erase(partial);
  }
}

void SequenceMachine::EvictOldest() {
  // Ordered by time and then by event, not by place in a table: which partial goes must not depend
  // on the seed of the hash.
  struct Candidate {
    std::int64_t time;
    std::uint64_t position;
    std::uint32_t stage;
    KeyHash key;
  };
  std::vector<Candidate> all;
  all.reserve(partials_);
  for (std::uint32_t stage = 0; stage < tables_.size(); ++stage) {
    for (std::size_t i = 0; i < tables_[stage].capacity(); ++i) {
      const Partial* partial = tables_[stage].At(i);
      if (partial == nullptr) continue;
      const EventRef last = chains_.Last(partial->events);
      all.push_back(
          {partial->first_time, chains_.events().Get(last).position, stage, partial->key});
    }
  }
  const std::size_t count = std::min(all.size(), partials_ / 16 + 1);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(all.begin(), middle, all.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(a.time, a.position) < std::pair(b.time, b.position);
  });
  for (auto candidate = all.begin(); candidate != middle; ++candidate) {
    Partial* partial = tables_[candidate->stage].Find(candidate->key);
    Tell(SequenceMove::What::kEvicted, candidate->stage, *partial);
    Forget(*partial);
    tables_[candidate->stage].Erase(partial);
    ++counters_.evicted;
  }
}

SequenceCounters SequenceMachine::counters() const {
  SequenceCounters counters = counters_;
  counters.partials = partials_;
  counters.bytes = chains_.bytes() + absences_.capacity() * sizeof(Absence);
  for (const PendingTable& table : tables_) counters.bytes += table.bytes();
  return counters;
}

}  // namespace vedette::engine
