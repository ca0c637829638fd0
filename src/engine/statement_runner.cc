// SPDX-License-Identifier: Apache-2.0
#include "engine/statement_runner.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "engine/join_key.h"
#include "engine/join_machine.h"
#include "engine/rule_conditions.h"
#include "engine/sample_machine.h"
#include "eql/condition.h"
#include "eql/interpreter.h"
#include "eql/walk.h"

namespace vedette::engine {
namespace {

constexpr std::size_t kMaxJoinKeys = 100'000;

bool RefersToAlias(const eql::EventQuery& query) {
  bool found = false;
  auto visit = [&](const eql::Expr& expr) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    found = found || (field != nullptr && field->alias_item.has_value());
  };
  if (query.condition != nullptr) eql::ForEachExpr(*query.condition, visit);
  return found;
}

bool FollowsProcesses(const eql::EventQuery& query) {
  bool found = false;
  auto visit = [&](const eql::Expr& expr) {
    found = found || std::holds_alternative<eql::Relation>(expr.node);
  };
  if (query.condition != nullptr) eql::ForEachExpr(*query.condition, visit);
  return found;
}

SequencePlan PlanOf(const eql::Sequence& sequence, eql::Dialect dialect, bool keyless,
                    std::uint32_t ring) {
  SequencePlan plan;
  plan.maxspan = sequence.maxspan;
  plan.endgame = dialect == eql::Dialect::kEndgame;
  for (std::uint32_t i = 0; i < sequence.items.size(); ++i) {
    const eql::SequenceItem& item = sequence.items[i];
    const bool asks_partial = RefersToAlias(item.query);
    for (std::uint32_t run = 0; run < item.runs; ++run) {
      const auto stages = static_cast<std::uint32_t>(plan.stages.size());
      if (item.missing) {
        plan.absent.push_back({i, stages});
        plan.layout.emplace_back();
      } else {
        plan.layout.emplace_back(stages);
        plan.stages.push_back({i, item.fork.value_or(false), asks_partial});
      }
    }
  }
  if (keyless && sequence.refers_to_alias) plan.ring = ring;
  return plan;
}

}  // namespace

std::vector<event::FieldId> AliasFields(const eql::Query& query) {
  std::set<event::FieldId> found;
  auto visit = [&](const eql::Expr& expr) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    if (field != nullptr && field->alias_item && field->id) found.insert(*field->id);
  };
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) {
    for (const auto& item : sequence->items) {
      if (item.query.condition != nullptr) eql::ForEachExpr(*item.query.condition, visit);
    }
  }
  return {found.begin(), found.end()};
}

std::vector<event::FieldId> StateFields(const eql::Query& query, event::FieldTable& fields,
                                        const eql::CheckOptions& options) {
  std::set<event::FieldId> found;
  const auto add = [&](const eql::Expr& expr) {
    const auto of_expr = eql::FieldsOf(expr);
    found.insert(of_expr.begin(), of_expr.end());
  };
  const auto item = [&](const eql::SequenceItem& one) {
    for (const auto& key : one.keys) add(*key);
    if (!RefersToAlias(one.query) && !FollowsProcesses(one.query)) return;
    add(*one.query.condition);
    found.insert(fields.Intern(options.category_field));
  };
  const auto items = [&](const auto& statement) {
    for (const auto& key : statement.keys) add(*key);
    for (const auto& one : statement.items) item(one);
    if constexpr (requires { statement.until; }) {
      if (statement.until) item(*statement.until);
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) {
    if (event->condition != nullptr) add(*event->condition);
    found.insert(fields.Intern(options.category_field));
  }
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) items(*join);
  return {found.begin(), found.end()};
}

struct StatementRunner::Impl {
  struct Item {
    eql::Interpreter interpreter;
    JoinKeyReader keys;
    bool asks_partial;  ///< refers to earlier events
    bool asks_state;    ///< that, or follows processes: one event does not decide it
  };
  const eql::Query* query;
  event::FieldTable* fields;
  RetainedEvents* events;
  const ProcessRelations* relations;
  std::vector<Item> items;
  std::optional<Item> until;
  std::optional<SequenceMachine> sequence;
  std::optional<SampleMachine> sample;
  std::optional<JoinMachine> join;
  SequencePlan plan;
  std::uint64_t serial = 0;

  // Room for one event, kept from one to the next.
  std::vector<std::vector<JoinKey>> item_keys;
  std::vector<JoinKey> until_keys;
  std::vector<std::vector<event::Value>> bound_slots;  // by item
  std::vector<event::Event> bound_events;
  std::vector<const event::Event*> bound;

  void Process(const event::Event& event, base::Arena& scratch, std::vector<Match>& out,
               std::uint64_t hits, bool known);
  eql::Surroundings Around() const {
    return {{}, relations != nullptr ? &relations->holding() : nullptr};
  }
  bool Ask(const event::Event& event, base::Arena& scratch, std::uint32_t stage,
           std::span<const EventRef> refs);
};

StatementRunner::StatementRunner(const eql::Query& query, event::FieldTable& fields,
                                 const eql::CheckOptions& check, const StatementOptions& options,
                                 RetainedEvents& events, const ProcessRelations* relations)
    : impl_(std::make_unique<Impl>()) {
  Impl& self = *impl_;
  self.query = &query;
  self.fields = &fields;
  self.events = &events;
  self.relations = relations;
  const auto make = [&](const eql::SequenceItem& item, const std::vector<eql::ExprPtr>& keys) {
    return Impl::Item{eql::Interpreter(item.query, query.dialect, fields, check),
                      JoinKeyReader(keys, item.keys, query.dialect, check, options.hash_seed),
                      RefersToAlias(item.query),
                      RefersToAlias(item.query) || FollowsProcesses(item.query)};
  };
  const auto take = [&](const auto& statement) {
    for (const auto& item : statement.items) self.items.push_back(make(item, statement.keys));
    self.item_keys.resize(statement.items.size());
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) {
    self.items.push_back({eql::Interpreter(*event, query.dialect, fields, check),
                          JoinKeyReader({}, {}, query.dialect, check, 0), false,
                          FollowsProcesses(*event)});
  } else if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) {
    take(*sequence);
    if (sequence->until) self.until.emplace(make(*sequence->until, sequence->keys));
    const bool keyless = self.items.front().keys.parts() == 0;
    self.plan = PlanOf(*sequence, query.dialect, keyless, options.alias_ring);
    self.sequence.emplace(self.plan, options.sequence, events);
    self.bound_slots.resize(sequence->items.size());
    self.bound_events.resize(sequence->items.size());
  } else if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) {
    take(*sample);
    SampleOptions sample_options;
    sample_options.items = sample->items.size();
    sample_options.per_key = options.max_samples_per_key;
    sample_options.window = options.sample_window;
    self.sample.emplace(sample_options, events);
  } else if (const auto* join = std::get_if<eql::Join>(&query.statement)) {
    take(*join);
    if (join->until) self.until.emplace(make(*join->until, join->keys));
    self.join.emplace(join->items.size(), kMaxJoinKeys, events);
  }
}

StatementRunner::~StatementRunner() = default;
StatementRunner::StatementRunner(StatementRunner&&) noexcept = default;

bool StatementRunner::decides_by_clock() const {
  const auto& plan = impl_->plan;
  return std::any_of(plan.absent.begin(), plan.absent.end(),
                     [&](const auto& absent) { return absent.gap == plan.stages.size(); });
}

/// Lays the kept values of the partial's events into slots, item by item, and asks the condition.
bool StatementRunner::Impl::Ask(const event::Event& event, base::Arena& scratch,
                                std::uint32_t stage, std::span<const EventRef> refs) {
  bound.assign(items.size(), nullptr);
  const auto& kept = events->kept_fields();
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const std::uint32_t item = plan.stages[i].item;
    auto& slots = bound_slots[item];
    slots.resize(fields->size());
    const RetainedEvent& from = events->Get(refs[i]);
    for (std::size_t k = 0; k < kept.size(); ++k) {
      slots[static_cast<std::size_t>(kept[k])] = from.kept[k];
    }
    bound_events[item].slots = slots;
    bound[item] = &bound_events[item];
  }
  eql::Surroundings around = Around();
  around.items = bound;
  return items[plan.stages[stage].item].interpreter.Matches(event, scratch, around);
}

void StatementRunner::Process(const event::Event& event, base::Arena& scratch,
                              std::vector<Match>& out) {
  impl_->Process(event, scratch, out, 0, false);
}

void StatementRunner::Process(const event::Event& event, base::Arena& scratch,
                              std::vector<Match>& out, std::uint64_t items) {
  impl_->Process(event, scratch, out, items, true);
}

void StatementRunner::Impl::Process(const event::Event& event, base::Arena& scratch,
                                    std::vector<Match>& out, std::uint64_t hits, bool known) {
  Impl& self = *this;
  const eql::Surroundings around = self.Around();
  // A hit decides, unless the item asks for more than its event, or shares its bit with others.
  const auto holds = [&](const Item& item, std::size_t number, bool shared) {
    if (known && (hits >> number & 1U) == 0) return false;
    if (known && !shared && !item.asks_state) return true;
    return item.asks_partial ? item.interpreter.CategoryMatches(event)
                             : item.interpreter.Matches(event, scratch, around);
  };
  if (std::holds_alternative<eql::EventQuery>(self.query->statement)) {
    if (!holds(self.items[0], 0, false)) return;
    Match match;
    const EventRef ref = self.events->Retain();
    match.events.emplace_back(*self.events, ref);
    match.last_position = match.events[0]->position;
    match.serial = self.serial++;
    out.push_back(std::move(match));
    return;
  }
  bool any = false;
  constexpr std::size_t kLastBit = StageHit::kMostItems - 1;
  for (std::size_t i = 0; i < self.items.size(); ++i) {
    const Item& item = self.items[i];
    self.item_keys[i].clear();
    const std::size_t bit = std::min(i, kLastBit);
    if (holds(item, bit, bit == kLastBit)) item.keys.Read(event, scratch, self.item_keys[i]);
    any = any || !self.item_keys[i].empty();
  }
  self.until_keys.clear();
  if (self.until && holds(*self.until, StageHit::kUntil, false)) {
    self.until->keys.Read(event, scratch, self.until_keys);
    any = any || !self.until_keys.empty();
  }
  if (!any) {
    if (self.sequence) self.sequence->AdvanceTo(event.timestamp, out);
    return;
  }
  if (self.sequence) {
    SequenceStep step;
    step.time = event.timestamp;
    step.items = self.item_keys;
    step.until = self.until_keys;
    step.ask = [&](std::uint32_t stage, std::span<const EventRef> refs) {
      return self.Ask(event, scratch, stage, refs);
    };
    self.sequence->Process(step, out);
  } else if (self.sample) {
    self.sample->Process(event.timestamp, self.item_keys, out);
  } else if (self.join) {
    self.join->Process(self.item_keys, self.until_keys, out);
  }
}

bool StatementRunner::Awaits(std::uint64_t items) const {
  return !impl_->sequence || impl_->sequence->Awaits(items);
}

void StatementRunner::AdvanceTo(base::Timestamp time, std::vector<Match>& out) {
  if (impl_->sequence) impl_->sequence->AdvanceTo(time, out);
}

void StatementRunner::Finish(std::vector<Match>& out) {
  if (impl_->sequence) impl_->sequence->Finish(out);
  if (impl_->sample) impl_->sample->Finish(out);
}

SequenceCounters StatementRunner::counters() const {
  if (impl_->sequence) return impl_->sequence->counters();
  SequenceCounters counters;
  if (impl_->sample) counters.evicted = impl_->sample->evicted();
  if (impl_->join) counters.evicted = impl_->join->evicted();
  return counters;
}

void StatementRunner::Observe(SequenceObserver observer) {
  if (impl_->sequence) impl_->sequence->Observe(std::move(observer));
}

struct QueryRunner::Impl {
  eql::Query query;
  ProcessRelations relations;
  std::optional<RetainedEvents> events;
  std::optional<StatementRunner> runner;  // after what it refers to
  std::uint64_t position = 0;
};

QueryRunner::QueryRunner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
QueryRunner::~QueryRunner() = default;
QueryRunner::QueryRunner(QueryRunner&&) noexcept = default;
const eql::Query& QueryRunner::query() const { return impl_->query; }
const RetainedEvents& QueryRunner::events() const { return *impl_->events; }
bool QueryRunner::follows_processes() const { return !impl_->relations.empty(); }
bool QueryRunner::decides_by_clock() const { return impl_->runner->decides_by_clock(); }
SequenceCounters QueryRunner::counters() const { return impl_->runner->counters(); }
void QueryRunner::Observe(SequenceObserver observer) {
  impl_->runner->Observe(std::move(observer));
}
const std::unordered_set<const eql::Relation*>& QueryRunner::holding() const {
  return impl_->relations.holding();
}

base::Result<QueryRunner> QueryRunner::Build(eql::Query query, event::FieldTable& fields,
                                             const eql::CheckOptions& check,
                                             const StatementOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->query = std::move(query);
  if (!impl->relations.Add(impl->query, fields, check)) {
    return base::Error(base::ErrorCode::kInvalidArgument,
                       "the query follows more than 64 process relations; split it");
  }
  impl->events.emplace(AliasFields(impl->query));
  impl->runner.emplace(impl->query, fields, check, options, *impl->events,
                       impl->relations.empty() ? nullptr : &impl->relations);
  return QueryRunner(std::move(impl));
}

void QueryRunner::Process(const event::Event& event, base::Arena& scratch, std::vector<Match>& out,
                          std::uint32_t source) {
  impl_->events->Begin(event, impl_->position++, source);
  if (!impl_->relations.empty()) impl_->relations.Observe(event, scratch);
  impl_->runner->Process(event, scratch, out);
}

void QueryRunner::Finish(std::vector<Match>& out) { impl_->runner->Finish(out); }

}  // namespace vedette::engine
