// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vedette/detection.h"
#include "vedette/event.h"
#include "vedette/result.h"
#include "vedette/rule_set.h"

namespace vedette {

/// What a detection brings along.
enum class Output : std::uint8_t {
  kAlerts,  ///< the alert document, as `vedette scan` writes it
  /// Only the rule and the record's bytes, for rules that one event decides: cheaper where
  /// much is found. Without ids nothing is told apart, so neither duplicates nor `max_alerts` are
  /// looked at, and nothing is enriched. Sequences have their documents all the same.
  kMatches,
};

/// Whose process events get the parents that their records lack, from earlier events.
enum class ParentEnrichment : std::uint8_t {
  kRawRecords,  ///< vendors' raw records and raw audit logs; ECS documents stay as they are
  kAllSources,
  kNone,
};

struct EngineOptions {
  Output output = Output::kAlerts;
  /// Treat every record as of this source; `auto` looks at each. Names: `vedette sources`.
  std::string source = "auto";
  ParentEnrichment enrichment = ParentEnrichment::kRawRecords;
  /// How much later than younger ones an event may come and still take its place in a sequence.
  /// Events wait that long (of event time) in memory.
  std::chrono::nanoseconds lateness = std::chrono::seconds(30);
  /// Most alerts a rule may give: -1 its own `max_signals`, 0 no bound.
  std::int64_t max_alerts = -1;
  std::optional<Time> from;  ///< only events at or after it
  std::optional<Time> to;    ///< only events before it
  /// Stamps alerts instead of the clock, to the millisecond, for reproducible output.
  std::optional<Time> now;
  /// Sorts all inputs by event time as if they were one: detections come at Finish(), and what
  /// rules with state need waits in memory or, past a bound, in temporary files.
  bool sort_inputs = false;
  /// A longer record is skipped and rejected.
  std::size_t max_record_bytes = std::size_t{64} * 1024 * 1024;
};

/// What became of one rule.
struct RuleCounters {
  std::uint64_t hits = 0;  ///< before any bound
  std::uint64_t alerts = 0;
  std::uint64_t truncated = 0;  ///< cut by `max_alerts`
};

/// What an engine has done so far. Records that cannot be read never stop it: they are counted.
struct Counters {
  std::uint64_t bytes = 0;  ///< fed
  std::uint64_t events = 0;
  std::uint64_t rejected = 0;
  std::map<std::string, std::uint64_t, std::less<>> rejected_by;  ///< by Rejection::code
  std::map<std::string, std::uint64_t, std::less<>> by_source;
  std::uint64_t outside_window = 0;  ///< before `from`, or not before `to`
  std::uint64_t without_timestamp = 0;
  std::uint64_t utf8_repaired = 0;
  std::uint64_t side_tables = 0;    ///< vendors' records that are no events
  std::uint64_t detections = 0;     ///< handed out
  std::uint64_t duplicates = 0;     ///< alerts whose id had been handed out before
  std::uint64_t truncated = 0;      ///< alerts cut by `max_alerts`
  std::uint64_t enriched = 0;       ///< events that got something of their parents
  std::uint64_t late = 0;           ///< events that came too late for sequences
  std::uint64_t evicted = 0;        ///< half-done sequences that had to go for want of room
  std::vector<RuleCounters> rules;  ///< by rule of the set
};

/// Runs the rules of a set over a stream of events.
///
/// Bytes go in as they come, cut anywhere; detections come out through the callback, on the calling
/// thread, inside the call that completed them, in the order of the events that caused them. The
/// result does not depend on the cuts, and is what `vedette scan` finds in the same bytes.
///
/// One thread at a time per engine; engines of one RuleSet share its compiled form and may run side
/// by side. Memory: twice the largest record, what rules with state must remember, and the ids of
/// alerts handed out. Nothing throws but the standard library when memory runs out; callbacks must
/// neither throw nor call the engine.
class Engine {
 public:
  using DetectionSink = std::function<void(const Detection&)>;
  using RejectionSink = std::function<void(const Rejection&)>;

  /// kInvalidArgument when an option makes no sense. The seed of the hashes that events may aim at
  /// is drawn anew for each engine.
  static Result<Engine> Create(const RuleSet& rules, const EngineOptions& options,
                               DetectionSink detected, RejectionSink rejected = {});
  /// Without Finish() what is still open is dropped.
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// The next bytes of the input: NDJSON, JSON documents, arrays and search responses, vendors'
  /// records, audit logs (docs/reference/input-formats.md). A record that is not whole yet is kept.
  /// Not compressed ones. A failure is final: kUnsupported, kResource, kInternal.
  Status Feed(std::string_view bytes);
  /// One whole event, beside what Feed() gets; no framing is done.
  Status Feed(const Event& event);
  /// The input ends here, a last line without its line break too; what is fed next begins another.
  Status EndInput();
  /// EndInput(), and nothing more will come: hands out what waited for other events.
  Status Finish();

  /// Right at any time between calls. O(rules).
  Counters counters() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette
