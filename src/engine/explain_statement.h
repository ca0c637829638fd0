// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "engine/explain_event.h"
#include "engine/explain_keys.h"
#include "engine/statement_runner.h"
#include "eql/ast.h"
#include "event/event.h"

namespace vedette::engine {

/// One item of a sequence, sample or join, or its `until`, over a stream.
struct ExplainedItem {
  enum class Role : std::uint8_t { kItem, kMissing, kUntil };
  Role role = Role::kItem;
  std::string text;               ///< as the printer writes it, without its keys
  std::uint32_t runs = 1;         ///< `with runs=N`
  bool asks_earlier = false;      ///< its condition refers to earlier events of the sequence
  std::uint64_t events = 0;       ///< that match; where it asks earlier ones, those that it took
  std::uint64_t without_key = 0;  ///< match, and have no value for a join key
  std::uint64_t keys = 0;         ///< distinct ones
  /// Of the events that do not match, the nearest. None where it asks earlier ones.
  std::optional<ExplainedEvent> nearest;
};

/// A statement over several events, told.
struct StatementReport {
  std::string kind;                    ///< sequence, sample or join
  std::vector<std::string> key_names;  ///< as written
  std::string maxspan;                 ///< as written, empty for none
  std::vector<ExplainedItem> items;    ///< as written, `until` last
  std::uint32_t stages = 0;            ///< events that a result takes
  std::uint64_t results = 0;
  std::uint64_t events = 0;   ///< that could take part
  std::uint64_t evicted = 0;  ///< partials that had to go for want of room
  struct Key : ExplainedKey {
    std::string stands;  ///< where it stands, in words
  };
  std::vector<Key> keys;  ///< those that came furthest, at most `limit`
  std::uint64_t key_count = 0;
  std::uint64_t keys_left_out = 0;  ///< events whose keys were too many to follow
  std::string verdict;              ///< the answer in one sentence
  /// The item that the answer's key waits for; its `nearest` is worth showing.
  std::optional<std::uint32_t> awaited;
};

/// Runs a sequence, sample or join over a stream on its own engine and follows what becomes of
/// each key. About twice the cost of the engine, and the condition of every item for every event.
/// Events in event order; one thread.
class StatementExplainer {
 public:
  /// `query` passed Check() with `fields` and `check`; it is not an event query. The table outlives
  /// this. kInvalidArgument past 64 endpoint relations.
  static base::Result<StatementExplainer> Build(eql::Query query, event::FieldTable& fields,
                                                const eql::CheckOptions& check,
                                                std::uint64_t hash_seed);
  ~StatementExplainer();
  StatementExplainer(StatementExplainer&&) noexcept;

  /// The next event, the `number`th of the input.
  void Take(const event::Event& event, std::uint64_t number, base::Arena& scratch);
  /// The input ends. At most `limit` keys are told.
  StatementReport Finish(std::size_t limit);

 private:
  struct Impl;
  explicit StatementExplainer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Where a key stands, one sentence without a full stop.
std::string KeyInWords(const ExplainedKey& key, const StatementReport& report,
                       const ExplainShape& shape);
/// `report.verdict` and `report.awaited`, from the rest of it.
void Conclude(StatementReport& report, const ExplainShape& shape);

}  // namespace vedette::engine
