// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/matcher.h"
#include "eql/interpreter.h"
#include "event/event.h"
#include "event/field_extractor.h"
#include "event/json_reader.h"
#include "workload.h"

namespace vedette::bench {

/// A condition that held, and of which event of the scanned text (counted from 0).
struct Hit {
  std::uint64_t event = 0;
  std::uint32_t condition = 0;
  friend bool operator==(const Hit&, const Hit&) = default;
};

/// What a pass saw.
struct ScanTotals {
  std::uint64_t events = 0;
  std::uint64_t irregular = 0;  ///< records that the slow way had to read
  std::uint64_t unreadable = 0;
  std::uint64_t hits = 0;
  /// Of all hits and where they are, in order.
  std::uint64_t checksum = 0;
};

/// The product's way from bytes to hits: extractor and matcher, cold when made. One thread. This
/// file alone knows the engine's interface.
class Engine {
 public:
  /// `conditions` outlives this.
  explicit Engine(const RuleConditions& conditions, const engine::MatcherOptions& options = {});

  /// All conditions about every line. `text`: whole lines, kTextPadding behind them. Event numbers
  /// begin at 0 with each call.
  ScanTotals Scan(std::string_view text, std::vector<Hit>* hits = nullptr);
  /// The same without a condition: what own parsing costs.
  ScanTotals Extract(std::string_view text);
  engine::MatcherCounters counters() const { return matcher_.counters(); }

 private:
  template <typename Seen>
  void ForEachRecord(std::string_view text, ScanTotals& totals, Seen&& seen);
  bool Project(std::string_view json, event::Event& event);

  const RuleConditions* conditions_;
  event::FieldExtractor extractor_;
  engine::Matcher matcher_;
  engine::OriginId origin_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::vector<engine::ConditionId> found_;
};

/// The definition of the right answer: every condition by itself through the interpreter.
class Oracle {
 public:
  explicit Oracle(const RuleConditions& conditions);
  /// Conditions that read other events are left out.
  ScanTotals Scan(std::string_view text, std::vector<Hit>* hits = nullptr);

 private:
  const RuleConditions* conditions_;
  std::vector<eql::Interpreter> interpreters_;
  event::JsonReader reader_;
  base::Arena arena_;
};

}  // namespace vedette::bench
