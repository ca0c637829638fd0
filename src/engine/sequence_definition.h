// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/sequence_definition_key.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "eql/interpreter.h"
#include "event/event.h"

namespace vedette::engine {

/// Stands in DefinedResult::events where an item demands that nothing happened.
inline constexpr std::size_t kMissingEvent = static_cast<std::size_t>(-1);

struct DefinedResult {
  std::vector<std::size_t> events;  ///< numbers in the list of events, in item order
  DefinedKey key;
  bool operator==(const DefinedResult&) const = default;
};

/// A key for which a sample exists, and what may stand in each of its places.
struct DefinedSample {
  DefinedKey key;
  std::vector<std::vector<std::size_t>> choices;  ///< by item
};

/// TEST SIDE ONLY, an oracle: what the results of a statement are, taken from the definition over a
/// stored list of events (reference sections 10, 11, 12.1, 12.2 and 14.2). It shares no code with
/// the state machines that run live, keeps every partial there ever was, looks the whole list
/// through for `until` and missing events, and is slow on purpose. Conditions come from the
/// interpreter. One thread.
class SequenceDefinition {
 public:
  /// Process relations that hold, by event.
  using Related = std::span<const std::unordered_set<const eql::Relation*>>;

  /// `query` passed Check() with the same table and options and outlives this. `alias_ring`: how
  /// many partials a stage keeps where aliases stand for join keys (reference 14.2).
  SequenceDefinition(const eql::Query& query, event::FieldTable& fields,
                     const eql::CheckOptions& options, std::size_t alias_ring);

  /// Event queries, sequences and joins over `events`, which are in event order. ES and EP: by the
  /// last event, then by key. EG: in order of completion, then by key.
  std::vector<DefinedResult> Results(std::span<const event::Event> events, Related related) const;
  /// Samples: the keys that have one, ascending. Which events are picked is left to the engine.
  std::vector<DefinedSample> Samples(std::span<const event::Event> events, Related related) const;

 private:
  struct Item {
    const eql::SequenceItem* written;
    eql::Interpreter interpreter;
    DefinedKeyReader keys;
    bool asks;  ///< refers to an earlier event by alias
  };
  using Partial = std::vector<std::size_t>;
  struct Stream;

  Item MakeItem(const std::vector<eql::ExprPtr>& global, const eql::SequenceItem& item,
                event::FieldTable& fields) const;
  Stream Look(std::span<const event::Event> events, Related related) const;
  std::vector<Partial> PartialsOf(const Stream& stream, const DefinedKey& key) const;
  std::vector<Partial> EndgamePartialsOf(const Stream& stream, const DefinedKey& key) const;
  std::vector<Partial> JoinsOf(const Stream& stream, const DefinedKey& key) const;
  std::optional<Partial> Take(const Stream& stream, std::vector<Partial>& waiting, std::size_t item,
                              std::size_t event) const;
  bool NothingIsWhereItMustNot(const Stream& stream, const DefinedKey& key,
                               const Partial& found) const;
  DefinedResult Spread(const DefinedKey& key, const Partial& found) const;

  const eql::Query& query_;
  eql::CheckOptions options_;
  std::size_t alias_ring_;
  std::optional<eql::Interpreter> single_;  ///< of an event query
  std::vector<Item> items_;
  std::optional<Item> until_;
  std::vector<std::size_t> places_;  ///< item of each place of a result, runs written out
  std::vector<std::size_t> stages_;  ///< the same without missing items
  std::optional<base::Duration> maxspan_;
  bool ring_ = false;
};

}  // namespace vedette::engine
