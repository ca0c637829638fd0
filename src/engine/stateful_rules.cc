// SPDX-License-Identifier: Apache-2.0
#include "engine/stateful_rules.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "base/time.h"

namespace vedette::engine {
namespace {

/// The time that the events of a sample may span: the language has none, so it is the look-back of
/// the rule, and the nine minutes of the default schedule when that cannot be read.
base::Duration SampleWindow(const rules::Rule& rule) {
  const auto from = base::EvaluateDateMath(rule.from, base::Timestamp{});
  if (from && from->nanoseconds < 0) return base::Duration(-from->nanoseconds);
  return std::chrono::minutes(9);
}

}  // namespace

struct StatefulRules::Impl {
  event::FieldTable* fields;
  StatefulOptions options;
  std::vector<const CompiledRule*> compiled;
  ProcessRelations relations;
  std::optional<RetainedEvents> events;
  std::deque<StatementRunner> runners;       // after what they refer to
  std::vector<std::uint32_t> waiting_rules;  ///< those that decide by the clock, too
  std::vector<Match> matches;
  std::vector<event::FieldId> slots;
  std::vector<bool> follows;  ///< by rule: asks for process relations
  std::uint64_t position = 0;

  void Take(std::uint32_t rule, std::vector<Found>& out) {
    for (Match& match : matches) out.push_back({rule, std::move(match)});
    matches.clear();
  }
};

StatefulRules::StatefulRules(event::FieldTable& fields, const StatefulOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->fields = &fields;
  impl_->options = options;
  ProcessRelationOptions relations;
  relations.hash_seed = options.hash_seed;
  impl_->relations = ProcessRelations(relations);
}
StatefulRules::~StatefulRules() = default;
StatefulRules::StatefulRules(StatefulRules&&) noexcept = default;
StatefulRules& StatefulRules::operator=(StatefulRules&&) noexcept = default;
std::size_t StatefulRules::size() const { return impl_->compiled.size(); }
const rules::Rule& StatefulRules::rule(std::size_t i) const { return impl_->compiled[i]->rule; }
bool StatefulRules::wants_every_event() const {
  return !impl_->relations.empty() && !impl_->relations.takes_facts();
}
bool StatefulRules::wants_facts() const {
  return !impl_->relations.empty() && impl_->relations.takes_facts();
}
const ProcessRelations& StatefulRules::relations() const { return impl_->relations; }
const std::vector<event::FieldId>& StatefulRules::slots() const { return impl_->slots; }

bool StatefulRules::Add(const CompiledRule& rule) {
  if (!impl_->relations.Add(rule.query, *impl_->fields, rule.options)) return false;
  impl_->compiled.push_back(&rule);
  return true;
}

void StatefulRules::Start() {
  Impl& self = *impl_;
  std::set<event::FieldId> kept;
  for (const CompiledRule* rule : self.compiled) {
    const auto fields = AliasFields(rule->query);
    kept.insert(fields.begin(), fields.end());
  }
  self.events.emplace(std::vector<event::FieldId>(kept.begin(), kept.end()));
  for (const CompiledRule* rule : self.compiled) {
    const auto fields = StateFields(rule->query, *self.fields, rule->options);
    kept.insert(fields.begin(), fields.end());
  }
  for (const event::FieldId slot : self.relations.key_slots()) kept.insert(slot);
  self.slots.assign(kept.begin(), kept.end());
  for (std::size_t i = 0; i < self.compiled.size(); ++i) {
    const CompiledRule& rule = *self.compiled[i];
    StatementOptions options;
    options.sequence = self.options.sequence;
    options.hash_seed = self.options.hash_seed;
    options.sample_window = SampleWindow(rule.rule);
    self.follows.push_back(!RelationsOf(rule.query).empty());
    self.runners.emplace_back(rule.query, *self.fields, rule.options, options, *self.events,
                              self.relations.empty() ? nullptr : &self.relations);
    if (self.runners.back().decides_by_clock()) {
      self.waiting_rules.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

void StatefulRules::Process(const event::Event& event, std::uint32_t source,
                            std::span<const StageHit> hits, base::Arena& scratch,
                            std::vector<Found>& out, const ProcessFacts* facts) {
  Impl& self = *impl_;
  self.events->Begin(event, self.position++, source);
  if (facts != nullptr) {
    const bool asks = std::any_of(hits.begin(), hits.end(),
                                  [&](const StageHit& hit) { return self.follows[hit.statement]; });
    if (asks) {
      self.relations.Observe(*facts);
    } else {
      self.relations.Learn(*facts);
    }
  } else if (!self.relations.empty()) {
    self.relations.Observe(event, scratch);
  }
  for (const std::uint32_t rule : self.waiting_rules) {
    self.runners[rule].AdvanceTo(event.timestamp, self.matches);
    self.Take(rule, out);
  }
  for (const StageHit& hit : hits) {
    self.runners[hit.statement].Process(event, scratch, self.matches, hit.items);
    self.Take(hit.statement, out);
  }
}

void StatefulRules::Observe(const ProcessFacts& facts) { impl_->relations.Learn(facts); }

bool StatefulRules::AwaitsAny(std::span<const StageHit> hits) const {
  return std::any_of(hits.begin(), hits.end(), [&](const StageHit& hit) {
    return impl_->runners[hit.statement].Awaits(hit.items);
  });
}

void StatefulRules::Finish(std::vector<Found>& out) {
  for (std::size_t i = 0; i < impl_->runners.size(); ++i) {
    impl_->runners[i].Finish(impl_->matches);
    impl_->Take(static_cast<std::uint32_t>(i), out);
  }
}

SequenceCounters StatefulRules::counters(std::size_t rule) const {
  return impl_->runners[rule].counters();
}

}  // namespace vedette::engine
