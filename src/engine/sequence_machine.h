// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/event_chains.h"
#include "engine/join_key.h"
#include "engine/match.h"
#include "engine/pending_table.h"
#include "engine/retained_events.h"

namespace vedette::engine {

/// A sequence as the machine runs it: repetitions written out, missing items beside the stages.
struct SequencePlan {
  struct Stage {
    std::uint32_t item = 0;     ///< of the query, zero-based, as written
    bool fork = false;          ///< EG: the partial stays
    bool asks_partial = false;  ///< EP: the condition refers to earlier events by alias
  };
  struct Absent {
    std::uint32_t item = 0;
    std::uint32_t gap = 0;  ///< stages before it: 0 leading, stages.size() trailing
  };
  std::vector<Stage> stages;   ///< at least one
  std::vector<Absent> absent;  ///< missing items
  /// The shape of a result: a stage's number, or nothing for a missing item.
  std::vector<std::optional<std::uint32_t>> layout;
  std::optional<base::Duration> maxspan;
  bool endgame = false;  ///< reference 12.1 instead of 10.2: `until` comes before the items
  /// Keyless sequences that refer to earlier events keep so many partials a stage, the newest that
  /// satisfies the condition advances (reference 14.2); 0 elsewhere.
  std::uint32_t ring = 0;
};

struct SequenceLimits {
  /// Partials of one sequence over all keys and stages. Past it the oldest sixteenth goes.
  std::size_t max_partials = 1'000'000;
  /// Partials of a sequence without maxspan are forgotten after this much event time.
  base::Duration time_to_live = std::chrono::hours(24);
};

struct SequenceCounters {
  std::uint64_t evicted = 0;   ///< partials that had to go for want of room
  std::uint64_t expired = 0;   ///< past maxspan or the time to live
  std::uint64_t partials = 0;  ///< waiting now
  std::uint64_t bytes = 0;     ///< tables and chains, without the events
};

/// What one event means to one sequence.
struct SequenceStep {
  base::Timestamp time;
  /// By item of the query: the keys under which the event takes part, empty if it does not. For an
  /// item that asks the partial, all keys that its event could take part under.
  std::span<const std::vector<JoinKey>> items;
  std::span<const JoinKey> until;
  /// Decides an item that asks the partial: its stage and the events so far.
  std::function<bool(std::uint32_t stage, std::span<const EventRef> events)> ask;
};

/// What happened to a partial, told to who wants to explain a sequence.
struct SequenceMove {
  enum class What : std::uint8_t {
    kAdvanced,  ///< took the event of the step at `stage`, perhaps its last
    kReplaced,  ///< makes room at `stage` for a newer one under its key
    kExpired,   ///< maxspan (or the time to live) was over while it waited at `stage`
    kUntil,     ///< `until` came while it waited at `stage`
    kMissing,   ///< had all its events, but so had a missing item
    kEvicted,   ///< went from `stage` for want of room
  };
  What what = What::kAdvanced;
  std::uint32_t stage = 0;
  KeyHash key;
  base::Timestamp first_time;  ///< of its first event
};
using SequenceObserver = std::function<void(const SequenceMove&)>;

/// The incremental state machine of one sequence query: one slot per stage and key (reference
/// sections 10.2 to 10.8 and 12.1). Events come in event order. O(stages x keys of the event) per
/// event, whatever is pending. One thread.
class SequenceMachine {
 public:
  SequenceMachine(SequencePlan plan, const SequenceLimits& limits, RetainedEvents& events);
  ~SequenceMachine();
  SequenceMachine(const SequenceMachine&) = delete;
  SequenceMachine& operator=(const SequenceMachine&) = delete;

  /// `events.Begin` was called with the event of the step.
  void Process(const SequenceStep& step, std::vector<Match>& out);
  /// The clock of the stream: decides sequences that wait for the end of a missing item's window.
  void AdvanceTo(base::Timestamp time, std::vector<Match>& out);
  /// The input ends: windows that are open count as passed (reference, conformance).
  void Finish(std::vector<Match>& out);
  /// Whether an event that takes part in these items (bits, as StageHit) can do anything now: start
  /// a sequence, move one on, end one, or be missed. False is certain. O(stages).
  bool Awaits(std::uint64_t items) const;
  SequenceCounters counters() const;
  /// Called with every move from now on; free of cost without one. When an expired partial is found
  /// is not determined.
  void Observe(SequenceObserver observer) { observer_ = std::move(observer); }

  /// Partials waiting under one key, by stage (-1 position of no partial is left out): for
  /// explanations. Keyless rings answer with their newest.
  struct Waiting {
    std::uint32_t stage;
    std::vector<EventRef> events;
    base::Timestamp first_time;
  };
  std::vector<Waiting> WaitingUnder(const KeyHash& key);

 private:
  static constexpr std::int64_t kNever = INT64_MIN;
  /// What a partial knows of the missing items around it. Times of `leading` and of Held are in
  /// nanoseconds, rounded down to milliseconds.
  struct Absence {
    std::int64_t leading = kNever;  ///< latest hit before its first event
    std::int64_t gap = kNever;      ///< first hit since its last event
    bool violated = false;          ///< a middle item was there: keeps its place, never completes
  };
  struct LeadingHits {
    std::int64_t latest = kNever;
    std::int64_t before_latest = kNever;
  };
  struct Held {
    Match match;
    KeyHash key;
    std::int64_t last_time;
  };
  /// Start of the window within whose maxspan a trailing hit refuses the sequence, and the match's
  /// serial: in this order windows end.
  using HeldId = std::pair<std::int64_t, std::uint64_t>;

  void Start(const SequenceStep& step, const JoinKey& key, std::vector<Match>& out);
  void Continue(std::uint32_t stage, const SequenceStep& step, const JoinKey& key,
                std::vector<Match>& out);
  void ContinueRing(std::uint32_t stage, const SequenceStep& step, const JoinKey& key,
                    std::vector<Match>& out);
  void Settle(std::uint32_t stage, Partial partial, const SequenceStep& step, const JoinKey& key,
              std::vector<Match>& out);
  void Complete(Partial partial, const SequenceStep& step, const JoinKey& key,
                std::vector<Match>& out);
  void NoteMissing(const SequenceStep& step);
  void NoteTrailing(const KeyHash& key, std::int64_t time);
  void Until(std::span<const JoinKey> keys);
  Match MakeMatch(const Partial& partial, const JoinKey& key);
  void Forget(const Partial& partial);
  void Tell(SequenceMove::What what, std::size_t stage, const Partial& partial) const {
    if (observer_) {
      observer_({what, static_cast<std::uint32_t>(stage), partial.key, {partial.first_time}});
    }
  }
  void Sweep(std::uint32_t stage, std::int64_t now);
  void EvictOldest();
  std::int64_t span() const;
  bool Expired(const Partial& partial, std::int64_t now) const;
  Absence* AbsenceOf(const Partial& partial);

  SequencePlan plan_;
  SequenceLimits limits_;
  SequenceObserver observer_;
  EventChains chains_;
  std::vector<PendingTable> tables_;        ///< by stage, the last has none
  std::vector<std::deque<Partial>> rings_;  ///< the same, newest first
  std::vector<std::size_t> hands_;          ///< where the sweep of each table stands
  std::vector<Absence> absences_;
  std::vector<std::uint32_t> free_absences_;
  std::unordered_map<KeyHash, LeadingHits, KeyHashHasher> leading_;
  std::map<HeldId, Held> held_;
  std::unordered_multimap<KeyHash, HeldId, KeyHashHasher> held_by_key_;
  std::uint64_t serial_ = 0;
  std::size_t partials_ = 0;
  std::vector<EventRef> scratch_events_;
  SequenceCounters counters_;
  bool has_leading_ = false;
  bool has_trailing_ = false;
};

}  // namespace vedette::engine
