// SPDX-License-Identifier: Apache-2.0
#include "engine/explain_statement.h"

#include <algorithm>
#include <utility>

#include "engine/join_key.h"
#include "eql/parser.h"
#include "eql/walk.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

std::string Print(const eql::SequenceItem& item, eql::Dialect dialect) {
  std::string out = item.missing ? "![" : "[";
  out += item.query.any ? "any" : item.query.category;
  out += " where ";
  out += item.query.condition == nullptr ? "true" : eql::Print(*item.query.condition, dialect);
  return out + "]";
}

bool AsksEarlier(const eql::EventQuery& query) {
  bool found = false;
  auto visit = [&](const eql::Expr& expr) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    found = found || (field != nullptr && field->alias_item.has_value());
  };
  if (query.condition != nullptr) eql::ForEachExpr(*query.condition, visit);
  return found;
}

/// A file ends; nothing has to be forgotten only because it is old.
StatementOptions OptionsFor(std::uint64_t hash_seed) {
  StatementOptions options;
  options.hash_seed = hash_seed;
  options.sequence.time_to_live = std::chrono::hours(24 * 365 * 100);
  return options;
}

}  // namespace

struct StatementExplainer::Impl {
  struct Item {
    eql::ConditionExplainer condition;
    eql::Interpreter interpreter;
    JoinKeyReader keys;
  };
  explicit Impl(QueryRunner built) : runner(std::move(built)) {}

  void Add(const eql::SequenceItem& item, const std::vector<eql::ExprPtr>& keys,
           ExplainedItem::Role role, event::FieldTable& fields, const eql::CheckOptions& check,
           std::uint64_t hash_seed);
  void TakeItem(std::uint32_t number, const event::Event& event, std::uint64_t ordinal,
                base::Arena& scratch);
  void KeepNearest(std::uint32_t number, const eql::Nearness& nearness, const event::Event& event,
                   std::uint64_t ordinal, base::Arena& scratch);
  void TakeResults();

  QueryRunner runner;
  std::vector<Item> items;
  std::optional<ExplainedKeys> keys;
  StatementReport report;
  std::vector<SequenceMove> moves;
  std::vector<Match> matches;
  std::vector<std::vector<JoinKey>> came;  // by item, of the event at hand
  base::Timestamp now;
};

StatementExplainer::StatementExplainer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StatementExplainer::~StatementExplainer() = default;
StatementExplainer::StatementExplainer(StatementExplainer&&) noexcept = default;

void StatementExplainer::Impl::Add(const eql::SequenceItem& item,
                                   const std::vector<eql::ExprPtr>& global,
                                   ExplainedItem::Role role, event::FieldTable& fields,
                                   const eql::CheckOptions& check, std::uint64_t hash_seed) {
  const eql::Dialect dialect = runner.query().dialect;
  items.push_back({eql::ConditionExplainer(item.query, dialect, fields, check),
                   eql::Interpreter(item.query, dialect, fields, check),
                   JoinKeyReader(global, item.keys, dialect, check, hash_seed)});
  if (report.items.empty()) {
    for (const auto& key : global) report.key_names.push_back(eql::Print(*key, dialect));
    for (const auto& key : item.keys) report.key_names.push_back(eql::Print(*key, dialect));
  }
  ExplainedItem& told = report.items.emplace_back();
  told.role = item.missing ? ExplainedItem::Role::kMissing : role;
  told.text = Print(item, dialect);
  told.runs = item.runs;
  told.asks_earlier = AsksEarlier(item.query);
}

base::Result<StatementExplainer> StatementExplainer::Build(eql::Query query,
                                                           event::FieldTable& fields,
                                                           const eql::CheckOptions& check,
                                                           std::uint64_t hash_seed) {
  using Role = ExplainedItem::Role;
  VED_TRY(QueryRunner runner,
          QueryRunner::Build(std::move(query), fields, check, OptionsFor(hash_seed)));
  auto impl = std::make_unique<Impl>(std::move(runner));
  const auto add = [&](const auto& statement) {
    for (const auto& item : statement.items) {
      impl->Add(item, statement.keys, Role::kItem, fields, check, hash_seed);
    }
  };
  ExplainShape shape;
  const auto& statement = impl->runner.query().statement;
  if (const auto* sequence = std::get_if<eql::Sequence>(&statement)) {
    impl->report.kind = "sequence";
    add(*sequence);
    if (sequence->until) {
      impl->Add(*sequence->until, sequence->keys, Role::kUntil, fields, check, hash_seed);
    }
    shape.maxspan = sequence->maxspan;
    impl->report.maxspan = sequence->maxspan_text;
  } else if (const auto* sample = std::get_if<eql::Sample>(&statement)) {
    impl->report.kind = "sample";
    add(*sample);
  } else if (const auto* join = std::get_if<eql::Join>(&statement)) {
    impl->report.kind = "join";
    add(*join);
    if (join->until) impl->Add(*join->until, join->keys, Role::kUntil, fields, check, hash_seed);
  } else {
    return base::Error(base::ErrorCode::kInvalidArgument, "the query is about single events");
  }
  shape.ordered = impl->report.kind == "sequence";
  shape.items = impl->report.items.size();
  for (std::uint32_t i = 0; i < shape.items; ++i) {
    if (impl->report.items[i].role != Role::kItem) continue;
    shape.stages.insert(shape.stages.end(), impl->report.items[i].runs, i);
  }
  impl->report.stages = static_cast<std::uint32_t>(shape.stages.size());
  impl->keys.emplace(std::move(shape));
  impl->came.resize(impl->report.items.size());
  Impl* self = impl.get();
  self->runner.Observe([self](const SequenceMove& move) { self->moves.push_back(move); });
  return StatementExplainer(std::move(impl));
}

void StatementExplainer::Impl::KeepNearest(std::uint32_t number, const eql::Nearness& nearness,
                                           const event::Event& event, std::uint64_t ordinal,
                                           base::Arena& scratch) {
  std::optional<ExplainedEvent>& nearest = report.items[number].nearest;
  if (nearest && nearest->nearness <= nearness) return;
  ExplainedEvent& kept = nearest.emplace();
  kept.number = ordinal;
  kept.timestamp = event.timestamp;
  kept.has_timestamp = event.has_timestamp;
  event::WriteJson(event.document, kept.json);
  kept.index = event.index;
  kept.id = event.id;
  kept.nearness = nearness;
  kept.explanation = items[number].condition.Explain(event, scratch, {{}, &runner.holding()});
}

void StatementExplainer::Impl::TakeItem(std::uint32_t number, const event::Event& event,
                                        std::uint64_t ordinal, base::Arena& scratch) {
  ExplainedItem& told = report.items[number];
  const Item& item = items[number];
  came[number].clear();
  if (told.asks_earlier) {
    // Whether it matches only the partial knows; its moves tell.
    if (item.interpreter.CategoryMatches(event)) item.keys.Read(event, scratch, came[number]);
    return;
  }
  const eql::Nearness nearness = item.condition.Measure(event, scratch, {{}, &runner.holding()});
  if (!nearness.matches()) return KeepNearest(number, nearness, event, ordinal, scratch);
  ++told.events;
  item.keys.Read(event, scratch, came[number]);
  if (came[number].empty()) ++told.without_key;
  for (const JoinKey& key : came[number]) keys->Came(number, key, now);
}

void StatementExplainer::Impl::TakeResults() {
  for (const Match& match : matches) {
    ++report.results;
    keys->Result(match.join_keys);
  }
  matches.clear();
}

void StatementExplainer::Take(const event::Event& event, std::uint64_t number,
                              base::Arena& scratch) {
  Impl& self = *impl_;
  ++self.report.events;
  self.now = event.timestamp;
  self.runner.Process(event, scratch, self.matches);
  for (std::uint32_t i = 0; i < self.items.size(); ++i) self.TakeItem(i, event, number, scratch);
  const ExplainShape& shape = self.keys->shape();
  for (const SequenceMove& move : self.moves) {
    const std::uint32_t item = shape.stages[move.stage];
    if (move.what == SequenceMove::What::kAdvanced && self.report.items[item].asks_earlier) {
      ++self.report.items[item].events;
    }
    self.keys->Moved(move, self.now);
  }
  self.moves.clear();
  for (std::uint32_t i = 0; i < self.items.size(); ++i) {
    if (self.report.items[i].asks_earlier) continue;
    for (const JoinKey& key : self.came[i]) self.keys->Settled(i, key, self.now);
  }
  self.TakeResults();
}

StatementReport StatementExplainer::Finish(std::size_t limit) {
  Impl& self = *impl_;
  self.runner.Finish(self.matches);
  self.TakeResults();
  self.keys->Finish(self.now);
  StatementReport report = std::move(self.report);
  report.evicted = self.runner.counters().evicted;
  report.key_count = self.keys->size();
  report.keys_left_out = self.keys->left_out();
  for (const ExplainedKey* key : self.keys->Sorted()) {
    for (std::size_t i = 0; i < report.items.size(); ++i) {
      report.items[i].keys += key->events[i] != 0 ? 1U : 0U;
    }
    // The answer may be about a key that no longer fits; it is the first without a result.
    report.keys.push_back({*key, {}});
  }
  for (StatementReport::Key& key : report.keys) {
    key.stands = KeyInWords(key, report, self.keys->shape());
  }
  Conclude(report, self.keys->shape());
  if (report.keys.size() > limit) report.keys.resize(limit);
  return report;
}

}  // namespace vedette::engine
