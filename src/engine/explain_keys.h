// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "engine/join_key.h"
#include "engine/sequence_machine.h"

namespace vedette::engine {

/// What a statement is made of, as far as its keys are concerned.
struct ExplainShape {
  bool ordered = true;                ///< a sequence; samples and joins take any order
  std::vector<std::uint32_t> stages;  ///< item of each stage (repetitions written out)
  std::size_t items = 0;              ///< missing items and `until` (the last, if any) included
  std::optional<base::Duration> maxspan;
  std::string maxspan_text;
};

/// What came under one key and where its state machine stands.
struct ExplainedKey {
  /// What became of the partial that came furthest.
  enum class Fate : std::uint8_t { kNone, kWaits, kComplete, kExpired, kUntil, kMissing, kEvicted };
  std::string keys;                   ///< JSON array, empty when the statement has no keys
  std::vector<std::uint64_t> events;  ///< by item: those that match it under this key
  std::uint64_t results = 0;
  std::uint32_t reached = 0;  ///< stages that the furthest partial had; of a sample, its items
  Fate fate = Fate::kNone;
  base::Timestamp first;  ///< of that partial's first event
  base::Timestamp last;   ///< when it took its last one
  base::Timestamp ended;  ///< of kUntil, kMissing and kEvicted
  /// After kExpired: how long after the first event the next one came.
  std::optional<base::Duration> late;
  std::uint64_t expired = 0, until = 0, missing = 0, replaced = 0, evicted = 0;  ///< partials
  base::Timestamp touched;                                                       ///< latest event
};
std::string_view FateName(ExplainedKey::Fate fate);

/// Follows the keys of one statement by the moves of its partials. Keys are bounded; past that the
/// rest is only counted. One thread.
class ExplainedKeys {
 public:
  static constexpr std::size_t kMaxKeys = 100'000;
  explicit ExplainedKeys(ExplainShape shape) : shape_(std::move(shape)) {}

  /// The event at `now` matches `item` under `key`.
  void Came(std::uint32_t item, const JoinKey& key, base::Timestamp now);
  /// Moves of the same event, after Came().
  void Moved(const SequenceMove& move, base::Timestamp now);
  /// After the moves: the event that Came() was told of may have been too late.
  void Settled(std::uint32_t item, const JoinKey& key, base::Timestamp now);
  void Result(std::string_view keys);
  /// The input ended at `now`.
  void Finish(base::Timestamp now);

  /// By how far they came, then the latest first.
  std::vector<const ExplainedKey*> Sorted() const;
  std::size_t size() const { return keys_.size(); }
  std::uint64_t left_out() const { return left_out_; }  ///< events whose key had no room
  const ExplainShape& shape() const { return shape_; }

 private:
  bool Over(base::Timestamp first, base::Timestamp now) const;
  ExplainedKey* Find(const KeyHash& key);

  ExplainShape shape_;
  std::unordered_map<KeyHash, std::size_t, KeyHashHasher> by_hash_;
  std::unordered_map<std::string, std::size_t> by_text_;
  std::vector<ExplainedKey> keys_;
  std::uint64_t left_out_ = 0;
};

}  // namespace vedette::engine
