// SPDX-License-Identifier: Apache-2.0
#include "engine/sequence_definition.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <variant>

#include "eql/walk.h"

namespace vedette::engine {
namespace {

bool RefersToAlias(const eql::EventQuery& query) {
  bool found = false;
  const auto visit = [&](const eql::Expr& expr) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    found = found || (field != nullptr && field->alias_item.has_value());
  };
  if (query.condition != nullptr) eql::ForEachExpr(*query.condition, visit);
  return found;
}

/// Edges of the window of a missing event are compared in milliseconds (reference section 18, 14).
std::int64_t Millisecond(base::Timestamp time) {
  const std::int64_t ns = time.nanoseconds;
  return ns >= 0 ? ns / 1'000'000 : -((-ns + 999'999) / 1'000'000);
}

}  // namespace

/// The list of events with what each means to each item.
struct SequenceDefinition::Stream {
  std::span<const event::Event> events;
  Related related;
  /// By item (`until` last), then by event: the keys under which it takes part.
  std::vector<std::vector<std::vector<DefinedKey>>> keys;
  mutable base::Arena scratch{4096};

  bool TakesPart(std::size_t item, std::size_t event, const DefinedKey& key) const {
    const auto& own = keys[item][event];
    return std::find(own.begin(), own.end(), key) != own.end();
  }
  base::Timestamp Time(std::size_t event) const { return events[event].timestamp; }
  const std::unordered_set<const eql::Relation*>* Relations(std::size_t event) const {
    return related.empty() ? nullptr : &related[event];
  }
};

SequenceDefinition::SequenceDefinition(const eql::Query& query, event::FieldTable& fields,
                                       const eql::CheckOptions& options, std::size_t alias_ring)
    : query_(query), options_(options), alias_ring_(std::max<std::size_t>(alias_ring, 1)) {
  bool refers_to_alias = false;
  const auto take = [&](const auto& statement) {
    for (const eql::SequenceItem& item : statement.items) {
      items_.push_back(MakeItem(statement.keys, item, fields));
    }
  };
  const auto take_until = [&](const auto& statement) {
    if (statement.until) until_.emplace(MakeItem(statement.keys, *statement.until, fields));
  };
  if (const auto* single = std::get_if<eql::EventQuery>(&query.statement)) {
    single_.emplace(*single, query.dialect, fields, options);
  } else if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) {
    take(*sequence);
    take_until(*sequence);
    maxspan_ = sequence->maxspan;
    refers_to_alias = sequence->refers_to_alias;
  } else if (const auto* join = std::get_if<eql::Join>(&query.statement)) {
    take(*join);
    take_until(*join);
  } else if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) {
    take(*sample);
  }
  for (std::size_t i = 0; i < items_.size(); ++i) {
    for (std::uint32_t run = 0; run < items_[i].written->runs; ++run) {
      places_.push_back(i);
      if (!items_[i].written->missing) stages_.push_back(i);
    }
  }
  ring_ = refers_to_alias && items_.front().keys.empty();
}

SequenceDefinition::Item SequenceDefinition::MakeItem(const std::vector<eql::ExprPtr>& global,
                                                      const eql::SequenceItem& item,
                                                      event::FieldTable& fields) const {
  return {&item, eql::Interpreter(item.query, query_.dialect, fields, options_),
          DefinedKeyReader(global, item.keys, query_.dialect, options_), RefersToAlias(item.query)};
}

SequenceDefinition::Stream SequenceDefinition::Look(std::span<const event::Event> events,
                                                    Related related) const {
  Stream stream;
  stream.events = events;
  stream.related = related;
  const auto look = [&](const Item& item) {
    auto& of_item = stream.keys.emplace_back(events.size());
    for (std::size_t e = 0; e < events.size(); ++e) {
      eql::Surroundings around;
      around.related = stream.Relations(e);
      // What an item that asks says depends on the partial: Take() finds out.
      if (item.asks || item.interpreter.Matches(events[e], stream.scratch, around)) {
        of_item[e] = item.keys.KeysOf(events[e], stream.scratch);
      }
    }
  };
  for (const Item& item : items_) look(item);
  if (until_) look(*until_);
  return stream;
}

/// Chooses the newest partial (reference 10.2: all older ones of its stage go with it), or with a
/// ring the newest that the item's condition accepts. Nothing when the event does not match.
std::optional<SequenceDefinition::Partial> SequenceDefinition::Take(const Stream& stream,
                                                                    std::vector<Partial>& waiting,
                                                                    std::size_t item,
                                                                    std::size_t event) const {
  const auto accepts = [&](const Partial& partial) {
    if (!items_[item].asks) return true;
    std::vector<const event::Event*> bound(items_.size(), nullptr);
    for (std::size_t i = 0; i < partial.size(); ++i) bound[i] = &stream.events[partial[i]];
    eql::Surroundings around;
    around.items = bound;
    around.related = stream.Relations(event);
    return items_[item].interpreter.Matches(stream.events[event], stream.scratch, around);
  };
  for (std::size_t i = waiting.size(); i-- > 0;) {
    if (accepts(waiting[i])) {
      Partial taken = waiting[i];
      const auto at = waiting.begin() + static_cast<std::ptrdiff_t>(i);
      if (ring_) {
        waiting.erase(at);
      } else {
        waiting.clear();
      }
      return taken;
    }
    if (!ring_) return std::nullopt;
  }
  return std::nullopt;
}

/// Reference 10.2 with the lists that Elasticsearch keeps; `until` as in 10.5, by looking back.
std::vector<SequenceDefinition::Partial> SequenceDefinition::PartialsOf(
    const Stream& stream, const DefinedKey& key) const {
  std::vector<Partial> found;
  std::vector<std::vector<Partial>> waiting(stages_.size());
  const auto closed = [&](std::size_t from, std::size_t to) {
    for (std::size_t u = from; until_ && u < to; ++u) {
      if (stream.TakesPart(items_.size(), u, key)) return true;
    }
    return false;
  };
  for (std::size_t e = 0; e < stream.events.size(); ++e) {
    for (std::size_t stage = stages_.size(); stage-- > 0;) {
      if (!stream.TakesPart(stages_[stage], e, key)) continue;
      Partial partial;
      if (stage > 0) {
        auto taken = Take(stream, waiting[stage - 1], stages_[stage], e);
        if (!taken) continue;
        if (maxspan_ && stream.Time(e) - stream.Time(taken->front()) > *maxspan_) continue;
        if (closed(taken->back(), e)) continue;
        partial = std::move(*taken);
      }
      partial.push_back(e);
      if (stage + 1 == stages_.size()) {
        found.push_back(std::move(partial));
        continue;
      }
      waiting[stage].push_back(std::move(partial));
      if (ring_ && waiting[stage].size() > alias_ring_) {
        waiting[stage].erase(waiting[stage].begin());
      }
    }
  }
  return found;
}

/// Reference 12.1: purge, then `until`, then the items.
std::vector<SequenceDefinition::Partial> SequenceDefinition::EndgamePartialsOf(
    const Stream& stream, const DefinedKey& key) const {
  std::vector<Partial> found;
  std::vector<std::vector<Partial>> waiting(stages_.size());
  for (std::size_t e = 0; e < stream.events.size(); ++e) {
    const bool purges = std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
      return item.interpreter.CategoryMatches(stream.events[e]);
    });
    if (maxspan_ && purges) {
      for (auto& list : waiting) {
        std::erase_if(list, [&](const Partial& partial) {
          return stream.Time(e) - stream.Time(partial.front()) > *maxspan_;
        });
      }
    }
    if (until_ && stream.TakesPart(items_.size(), e, key)) {
      for (auto& list : waiting) list.clear();
    }
    for (std::size_t stage = stages_.size(); stage-- > 0;) {
      if (!stream.TakesPart(stages_[stage], e, key)) continue;
      Partial partial;
      if (stage > 0) {
        auto taken = Take(stream, waiting[stage - 1], stages_[stage], e);
        if (!taken) continue;
        partial = *taken;
        if (items_[stages_[stage]].written->fork.value_or(false)) {
          waiting[stage - 1].push_back(std::move(*taken));
        }
      }
      partial.push_back(e);
      if (stage + 1 == stages_.size()) {
        found.push_back(std::move(partial));
      } else {
        waiting[stage].push_back(std::move(partial));
      }
    }
  }
  return found;
}

/// Reference 12.2.
std::vector<SequenceDefinition::Partial> SequenceDefinition::JoinsOf(const Stream& stream,
                                                                     const DefinedKey& key) const {
  std::vector<Partial> found;
  Partial slots(items_.size(), kMissingEvent);
  for (std::size_t e = 0; e < stream.events.size(); ++e) {
    if (until_ && stream.TakesPart(items_.size(), e, key)) {
      std::fill(slots.begin(), slots.end(), kMissingEvent);
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (slots[i] == kMissingEvent && stream.TakesPart(i, e, key)) slots[i] = e;
      // As soon as the last slot is filled: what is left of the event goes to the next result. The
      // reference does not say; upstream asks its items one by one.
      if (std::find(slots.begin(), slots.end(), kMissingEvent) != slots.end()) continue;
      found.push_back(slots);
      std::fill(slots.begin(), slots.end(), kMissingEvent);
    }
  }
  return found;
}

/// The table of reference 10.8, by looking through the whole list.
bool SequenceDefinition::NothingIsWhereItMustNot(const Stream& stream, const DefinedKey& key,
                                                 const Partial& found) const {
  const base::Timestamp first = stream.Time(found.front());
  const base::Timestamp last = stream.Time(found.back());
  std::optional<std::int64_t> leading;   // latest before the first event, in milliseconds
  std::optional<std::int64_t> trailing;  // earliest after the last one
  std::size_t before = 0;                // positive places so far
  for (const std::size_t item : places_) {
    if (!items_[item].written->missing) {
      ++before;
      continue;
    }
    for (std::size_t m = 0; m < stream.events.size(); ++m) {
      if (!stream.TakesPart(item, m, key)) continue;
      const base::Timestamp time = stream.Time(m);
      if (before == 0) {
        if (Millisecond(time) < Millisecond(first)) {
          leading = std::max(leading.value_or(Millisecond(time)), Millisecond(time));
        }
      } else if (before == found.size()) {
        if (Millisecond(time) > Millisecond(last)) {
          trailing = std::min(trailing.value_or(Millisecond(time)), Millisecond(time));
        }
      } else if (stream.Time(found[before - 1]) < time && time < stream.Time(found[before])) {
        return false;
      }
    }
  }
  const bool has_leading = items_.front().written->missing;
  const bool has_trailing = items_.back().written->missing;
  std::int64_t distance = 0;
  if (has_leading && has_trailing) {
    if (!leading || !trailing) return true;
    distance = *trailing - *leading;
  } else if (has_leading && leading) {
    distance = Millisecond(last) - *leading;
  } else if (has_trailing && trailing) {
    distance = *trailing - Millisecond(first);
  } else {
    return true;
  }
  return std::chrono::milliseconds(distance) > *maxspan_;
}

DefinedResult SequenceDefinition::Spread(const DefinedKey& key, const Partial& found) const {
  DefinedResult result;
  result.key = key;
  auto next = found.begin();
  for (const std::size_t item : places_) {
    result.events.push_back(items_[item].written->missing ? kMissingEvent : *next++);
  }
  return result;
}

std::vector<DefinedResult> SequenceDefinition::Results(std::span<const event::Event> events,
                                                       Related related) const {
  std::vector<DefinedResult> results;
  if (single_) {
    base::Arena scratch(4096);
    for (std::size_t e = 0; e < events.size(); ++e) {
      eql::Surroundings around;
      if (!related.empty()) around.related = &related[e];
      if (single_->Matches(events[e], scratch, around)) results.push_back({{e}, {}});
    }
    return results;
  }
  const Stream stream = Look(events, related);
  std::set<DefinedKey> keys;
  for (const auto& of_item : stream.keys) {
    for (const auto& of_event : of_item) keys.insert(of_event.begin(), of_event.end());
  }
  std::vector<std::pair<std::size_t, DefinedResult>> ordered;  // by the last event
  const bool join = std::holds_alternative<eql::Join>(query_.statement);
  const bool endgame = query_.dialect == eql::Dialect::kEndgame;
  for (const DefinedKey& key : keys) {
    const auto found = join      ? JoinsOf(stream, key)
                       : endgame ? EndgamePartialsOf(stream, key)
                                 : PartialsOf(stream, key);
    for (const Partial& partial : found) {
      if (!join && !NothingIsWhereItMustNot(stream, key, partial)) continue;
      ordered.emplace_back(*std::max_element(partial.begin(), partial.end()), Spread(key, partial));
    }
  }
  // The keys came in ascending order.
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [last, result] : ordered) results.push_back(std::move(result));
  return results;
}

namespace {

/// Can every item from `item` on have an event of its own?
bool HasDistinctChoice(const std::vector<std::vector<std::size_t>>& choices, std::size_t item,
                       std::set<std::size_t>& used) {
  if (item == choices.size()) return true;
  for (const std::size_t event : choices[item]) {
    if (!used.insert(event).second) continue;
    if (HasDistinctChoice(choices, item + 1, used)) return true;
    used.erase(event);
  }
  return false;
}

}  // namespace

std::vector<DefinedSample> SequenceDefinition::Samples(std::span<const event::Event> events,
                                                       Related related) const {
  const Stream stream = Look(events, related);
  std::set<DefinedKey> keys;
  for (const auto& of_event : stream.keys.front()) keys.insert(of_event.begin(), of_event.end());
  std::vector<DefinedSample> samples;
  for (const DefinedKey& key : keys) {
    DefinedSample sample{key, {}};
    for (std::size_t i = 0; i < items_.size(); ++i) {
      auto& choice = sample.choices.emplace_back();
      for (std::size_t e = 0; e < events.size(); ++e) {
        if (stream.TakesPart(i, e, key)) choice.push_back(e);
      }
    }
    std::set<std::size_t> used;
    if (HasDistinctChoice(sample.choices, 0, used)) samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace vedette::engine
