// SPDX-License-Identifier: Apache-2.0
#include "engine/explain_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/edge_time.h"
#include "event/json_reader.h"

namespace vedette::engine {

using Fate = ExplainedKey::Fate;

std::string_view FateName(Fate fate) {
  switch (fate) {
    case Fate::kNone:
      return "none";
    case Fate::kWaits:
      return "waits";
    case Fate::kComplete:
      return "complete";
    case Fate::kExpired:
      return "expired";
    case Fate::kUntil:
      return "until";
    case Fate::kMissing:
      return "missing";
    case Fate::kEvicted:
      return "evicted";
  }
  return "";
}

bool ExplainedKeys::Over(base::Timestamp first, base::Timestamp now) const {
  return shape_.maxspan && TimeApart(first.nanoseconds, now.nanoseconds) > shape_.maxspan->count();
}

ExplainedKey* ExplainedKeys::Find(const KeyHash& key) {
  const auto found = by_hash_.find(key);
  return found == by_hash_.end() ? nullptr : &keys_[found->second];
}

void ExplainedKeys::Came(std::uint32_t item, const JoinKey& key, base::Timestamp now) {
  ExplainedKey* trail = Find(key.hash);
  if (trail == nullptr) {
    if (keys_.size() >= kMaxKeys) {
      ++left_out_;
      return;
    }
    by_hash_.emplace(key.hash, keys_.size());
    trail = &keys_.emplace_back();
    if (!key.values.empty()) event::WriteJson(event::Value::List(key.values), trail->keys);
    trail->events.resize(shape_.items);
    by_text_.emplace(trail->keys, keys_.size() - 1);
  }
  const bool first = trail->events[item]++ == 0;
  trail->touched = now;
  if (shape_.ordered || !first) return;
  if (trail->reached++ == 0) trail->first = now;
  trail->last = now;
  trail->fate = trail->reached == shape_.stages.size() ? Fate::kComplete : Fate::kWaits;
}

void ExplainedKeys::Moved(const SequenceMove& move, base::Timestamp now) {
  ExplainedKey* trail = Find(move.key);
  if (trail == nullptr) return;
  const std::uint32_t had = move.stage + 1;
  if (move.what == SequenceMove::What::kAdvanced) {
    if (had < trail->reached) return;
    trail->reached = had;
    trail->fate = had == shape_.stages.size() ? Fate::kComplete : Fate::kWaits;
    trail->first = move.first_time;
    trail->last = now;
    trail->late.reset();
    return;
  }
  // A sweep finds what expired sooner or later than the next event does; the answer must not depend
  // on which of them it was.
  const bool over = move.what == SequenceMove::What::kExpired || Over(move.first_time, now);
  Fate fate = Fate::kNone;
  switch (move.what) {
    case SequenceMove::What::kMissing:
      ++trail->missing;
      fate = Fate::kMissing;
      break;
    case SequenceMove::What::kReplaced:
      ++(over ? trail->expired : trail->replaced);
      break;
    case SequenceMove::What::kUntil:
      ++(over ? trail->expired : trail->until);
      fate = over ? Fate::kExpired : Fate::kUntil;
      break;
    case SequenceMove::What::kEvicted:
      ++(over ? trail->expired : trail->evicted);
      fate = over ? Fate::kExpired : Fate::kEvicted;
      break;
    default:
      ++trail->expired;
      fate = Fate::kExpired;
  }
  if (fate == Fate::kNone || had != trail->reached) return;
  if (fate != Fate::kMissing && trail->first.nanoseconds != move.first_time.nanoseconds) return;
  trail->fate = fate;
  trail->ended = now;
}

void ExplainedKeys::Settled(std::uint32_t item, const JoinKey& key, base::Timestamp now) {
  ExplainedKey* trail = Find(key.hash);
  if (trail == nullptr || !shape_.ordered || trail->fate != Fate::kExpired || trail->late) return;
  if (trail->reached >= shape_.stages.size() || shape_.stages[trail->reached] != item) return;
  trail->late = base::Duration(TimeApart(trail->first.nanoseconds, now.nanoseconds));
}

void ExplainedKeys::Result(std::string_view keys) {
  const auto found = by_text_.find(std::string(keys));
  if (found != by_text_.end()) ++keys_[found->second].results;
}

void ExplainedKeys::Finish(base::Timestamp now) {
  for (ExplainedKey& trail : keys_) {
    if (trail.fate != Fate::kWaits || !Over(trail.first, now)) continue;
    trail.fate = Fate::kExpired;
    ++trail.expired;
  }
}

std::vector<const ExplainedKey*> ExplainedKeys::Sorted() const {
  std::vector<const ExplainedKey*> out;
  out.reserve(keys_.size());
  for (const ExplainedKey& key : keys_) out.push_back(&key);
  std::sort(out.begin(), out.end(), [](const ExplainedKey* a, const ExplainedKey* b) {
    const auto order = [](const ExplainedKey* key) {
      return std::tuple(key->reached, key->touched.nanoseconds);
    };
    if (order(a) != order(b)) return order(a) > order(b);
    return a->keys < b->keys;
  });
  return out;
}

}  // namespace vedette::engine
