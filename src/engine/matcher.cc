// SPDX-License-Identifier: Apache-2.0
#include "engine/matcher.h"

#include <algorithm>
#include <utility>

#include "engine/event_values.h"
#include "engine/field_classes.h"
#include "engine/keyed_hash.h"
#include "engine/keyed_memo.h"
#include "engine/residual_program.h"
#include "engine/residual_sets.h"

namespace vedette::engine {
namespace {

/// Of one field's memo: 131,072 values. What the fields do not use of the budget others may: in
/// telemetry a handful of fields have nearly all the different values.
constexpr std::size_t kMaxMemo = 2 * 1024 * 1024;

/// A low field that shows a new value in more than one of so many events is not low.
constexpr std::uint64_t kEventsPerNewValue = 24;
constexpr std::uint64_t kFewValues = 512;

}  // namespace

struct Matcher::Impl {
  Impl(const ConditionSet& conditions, const event::Projector& projector,
       const MatcherOptions& given)
      : set(&conditions),
        options(given),
        room(conditions, projector, given.seed),
        values(projector, conditions.table()),
        roles(RolesOf(conditions)),
        budget{given.memo_bytes * 3 / 4},
        classes(ClassesOf(conditions, budget)),
        sets(conditions, roles, classes),
        states(given.memo_bytes / 16),
        signatures(given.memo_bytes / 8),
        answers(given.memo_bytes / 16),
        class_of(conditions.fields().size()),
        class_known(conditions.fields().size()),
        asked_known(conditions.predicates().size()),
        asked_holds(conditions.predicates().size()),
        asked_count(conditions.predicates().size()),
        costs(conditions.size()) {
    Forget();
  }

  static std::vector<FieldRole> RolesOf(const ConditionSet& set) {
    std::vector<FieldRole> roles;
    for (const MatchedField& field : set.fields()) {
      // That a value is there is one of two answers, however many values there are.
      const bool presence = field.presence_only && field.role == FieldRole::kHigh;
      roles.push_back(presence ? FieldRole::kLow : field.role);
    }
    return roles;
  }
  static std::vector<FieldClasses> ClassesOf(const ConditionSet& set, MemoBudget& budget) {
    std::vector<FieldClasses> classes;
    for (const MatchedField& field : set.fields()) {
      classes.emplace_back(field, kMaxMemo, &budget);
    }
    return classes;
  }

  void Forget() {
    sets.Clear();
    programs.Clear();
    states.Clear();
    signatures.Clear();
    for (std::size_t i = 0; i < classes.size(); ++i) {
      classes[i].Start(roles[i] != FieldRole::kHigh, room);
    }
    discriminators.clear();
    for (std::uint32_t i = 0; i < roles.size(); ++i) {
      if (roles[i] == FieldRole::kDiscriminator) discriminators.push_back(i);
    }
    forget = false;
    empty_bytes = ResidualBytes();
  }

  std::size_t ResidualBytes() const {
    std::size_t bytes = sets.bytes() + programs.bytes();
    for (const FieldClasses& field : classes) bytes += field.bytes();
    return bytes;
  }

  void AddToSignature(std::span<const std::uint32_t> fields) {
    for (const std::uint32_t field : fields) {
      const MatchedField& it = set->fields()[field];
      if (!values.raw()) {
        signature.AddValue(values.Slot(it.id));
        continue;
      }
      const std::string_view token = values.Token(it.id);
      const bool scalar = !token.empty() && token[0] != '[' && token[0] != '{' && token[0] != 'n';
      if (it.presence_only && it.text && scalar) {
        signature.AddPresence(true);
      } else {
        signature.AddToken(token);
      }
    }
  }

  ClassId ClassOf(std::uint32_t field) {
    if (class_known[field] == number) return class_of[field];
    class_known[field] = number;
    const event::FieldId id = set->fields()[field].id;
    class_of[field] = values.raw() ? classes[field].OfToken(values.Token(id), room)
                                   : classes[field].OfValue(values.Slot(id), room);
    return class_of[field];
  }

  void Classify(std::span<const std::uint32_t> fields) {
    for (const std::uint32_t field : fields) {
      ClassOf(field);
      const FieldCounters& seen = classes[field].counters();
      if (roles[field] == FieldRole::kLow && !set->fields()[field].presence_only &&
          seen.misses >= kFewValues && seen.misses * kEventsPerNewValue > counters.events) {
        roles[field] = FieldRole::kHigh;
        forget = true;
      }
    }
  }

  std::uint32_t FindState(OriginId origin) {
    signature.Begin(origin, values.raw());
    AddToSignature(discriminators);
    const Hash128 hash = room.hash.Of(signature.text());
    std::uint32_t state = states.Find(hash);
    if (state != KeyedMemo::kNone) return state;
    Classify(discriminators);
    state = sets.State(origin, origins[origin], discriminators, room.hash, class_of);
    states.Insert(hash, state);
    return state;
  }

  std::uint32_t FindSet(std::uint32_t state) {
    const auto& fields = sets.state(state).low_fields;
    signature.Begin(state, values.raw());
    AddToSignature(fields);
    const Hash128 hash = room.hash.Of(signature.text());
    std::uint32_t found = signatures.Find(hash);
    if (found != KeyedMemo::kNone) return found;
    ++counters.signature_misses;
    Classify(fields);
    found = sets.Set(state, room.hash, class_of);
    signatures.Insert(hash, found);
    return found;
  }

  bool Holds(PredicateId id) {
    const MatchedPredicate& predicate = set->predicates()[id];
    const bool late = predicate.field == MatchedPredicate::kSeveral ||
                      (predicate.asked && !classes[predicate.field].with_asked());
    if (!late) {
      const ClassId of = ClassOf(predicate.field);
      return classes[predicate.field].Holds(of, predicate.local);
    }
    if (asked_known[id] == number) return asked_holds[id] != 0;
    asked_known[id] = number;
    // One value, one answer: what was asked about it before is remembered.
    Hash128 hash;
    const bool lone = predicate.field != MatchedPredicate::kSeveral && values.raw();
    if (lone) {
      hash = room.hash.Of(values.Token(set->fields()[predicate.field].id));
      hash.low ^= std::uint64_t{id} * 0x9E3779B97F4A7C15ULL;
      hash.high += id;
      const std::uint32_t known = answers.Find(hash);
      if (known != KeyedMemo::kNone)
        return (asked_holds[id] = static_cast<std::uint8_t>(known)) != 0;
    }
    ++counters.asked;
    ++asked_count[id];
    asked_holds[id] =
        room.oracle.Holds(id, values.Laid(predicate.slots, room.reader, room.arena), room.arena)
            ? 1
            : 0;
    if (lone) answers.Insert(hash, asked_holds[id]);
    return asked_holds[id] != 0;
  }

  void Run(OriginId origin, std::vector<ConditionId>& hits) {
    hits.clear();
    if (forget ||
        (counters.events % 256 == 0 && ResidualBytes() - empty_bytes > options.residual_bytes)) {
      if (!forget) ++counters.flushes;
      Forget();
    }
    ++counters.events;
    ++number;
    room.arena.Reset();
    const ResidualSet& found = sets.set(FindSet(FindState(origin)));
    const MatchState& state = sets.state(found.state);
    for (const ConditionId hit : state.hits) Hit(hit, hits);
    const auto base_hits = static_cast<std::uint32_t>(state.base.residuals.size());
    for (std::uint32_t i = 0; i < state.base.hits.size(); ++i) {
      if (found.Replaces(base_hits + i)) continue;
      Hit(state.residuals[state.base.hits[i]].condition, hits);
    }
    for (const std::uint32_t place : found.own.hits) Hit(state.residuals[place].condition, hits);
    Decide(
        state.base, [&](std::uint32_t residual) { return !found.Replaces(residual); }, hits);
    Decide(
        found.own, [](std::uint32_t) { return true; }, hits);
    if (hits.size() > 1) std::sort(hits.begin(), hits.end());
  }

  void Hit(ConditionId hit, std::vector<ConditionId>& hits) {
    hits.push_back(hit);
    ++costs[hit].hits;
  }

  /// `counts(residual)`: the group speaks for it.
  template <class Counts>
  void Decide(const ResidualGroup& group, const Counts& counts, std::vector<ConditionId>& hits) {
    candidates.clear();
    for (const ResidualGroup::Lookup& lookup : group.lookups) {
      const ClassId of = ClassOf(lookup.field);
      if (lookup.IsQuiet(of)) continue;
      const auto chosen = sets.Choose(group, lookup, of);
      for (const std::uint32_t residual : chosen.decided) {
        if (counts(residual)) Hit(group.residuals[residual].condition, hits);
      }
      for (const std::uint32_t residual : chosen.candidates) {
        if (counts(residual)) candidates.push_back(residual);
      }
    }
    if (candidates.size() > 1) {
      std::sort(candidates.begin(), candidates.end());
      candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    }
    for (const std::uint32_t i : candidates) Try(group.residuals[i], hits);
    for (const std::uint32_t i : group.unindexed) {
      if (!counts(i)) continue;
      ++costs[group.residuals[i].condition].unindexed;
      Try(group.residuals[i], hits);
    }
  }

  void Try(const Residual& residual, std::vector<ConditionId>& hits) {
    ++counters.candidates;
    ConditionCost& cost = costs[residual.condition];
    ++cost.candidates;
    const auto holds = [this](PredicateId id) { return Holds(id); };
    if (!programs.Run(residual.node, sets.trees(), holds)) return;
    Hit(residual.condition, hits);
  }

  const ConditionSet* set;
  MatcherOptions options;
  ClassifyRoom room;
  EventValues values;
  std::vector<FieldRole> roles;
  MemoBudget budget;  ///< of the fields' memos; a quarter is kept for the other memos
  std::vector<FieldClasses> classes;
  ResidualSets sets;
  ResidualPrograms programs;
  KeyedMemo states;
  KeyedMemo signatures;
  KeyedMemo answers;  ///< of the evaluator, by predicate and value
  SignatureBuffer signature;
  std::vector<std::vector<Residual>> origins;
  std::vector<std::uint32_t> discriminators;
  bool forget = false;
  std::size_t empty_bytes = 0;  ///< what nothing but the conditions themselves takes

  // Of the current event.
  std::uint64_t number = 0;
  std::vector<ClassId> class_of;           ///< by field
  std::vector<std::uint64_t> class_known;  ///< by field: the event it was found for
  std::vector<std::uint64_t> asked_known;  ///< by predicate
  std::vector<std::uint8_t> asked_holds;
  std::vector<std::uint32_t> candidates;

  MatcherCounters counters;
  std::vector<std::uint64_t> asked_count;
  std::vector<ConditionCost> costs;
};

Matcher::Matcher(const ConditionSet& set, const event::Projector& projector,
                 const MatcherOptions& options)
    : impl_(std::make_unique<Impl>(set, projector, options)) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

OriginId Matcher::AddOrigin(const std::vector<bool>& eligible) {
  std::vector<Residual> roots;
  for (ConditionId i = 0; i < impl_->set->size(); ++i) {
    if (eligible[i]) roots.push_back({i, impl_->set->root(i)});
  }
  auto& origins = impl_->origins;
  const auto known = std::find(origins.begin(), origins.end(), roots);
  if (known != origins.end()) return static_cast<OriginId>(known - origins.begin());
  origins.push_back(std::move(roots));
  return static_cast<OriginId>(origins.size() - 1);
}

void Matcher::Match(const event::RawEvent& event, OriginId origin, std::vector<ConditionId>& hits) {
  impl_->values.Begin(event);
  impl_->Run(origin, hits);
}

void Matcher::Match(const event::Event& event, OriginId origin, std::vector<ConditionId>& hits) {
  impl_->values.Begin(event);
  impl_->Run(origin, hits);
}

MatcherCounters Matcher::counters() const {
  MatcherCounters counters = impl_->counters;
  counters.sets_built = impl_->sets.built();
  counters.bytes = impl_->ResidualBytes() + impl_->states.bytes() + impl_->signatures.bytes() +
                   impl_->answers.bytes();
  for (const FieldClasses& field : impl_->classes) {
    counters.value_lookups += field.counters().lookups;
    counters.value_misses += field.counters().misses;
    counters.bytes += field.memo_bytes();
  }
  return counters;
}

std::vector<FieldCounters> Matcher::field_counters() const {
  std::vector<FieldCounters> counters;
  for (const FieldClasses& field : impl_->classes) counters.push_back(field.counters());
  return counters;
}

const std::vector<ConditionCost>& Matcher::costs() const { return impl_->costs; }
const std::vector<std::uint64_t>& Matcher::asked() const { return impl_->asked_count; }

}  // namespace vedette::engine
