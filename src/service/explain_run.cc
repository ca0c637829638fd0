// SPDX-License-Identifier: Apache-2.0
#include "service/explain_run.h"

#include <algorithm>
#include <utility>

#include "engine/parent_enrichment.h"
#include "eql/checker.h"
#include "eql/parser.h"
#include "event/json_reader.h"
#include "rules/query_check.h"
#include "service/event_sorter.h"
#include "service/hash_seed.h"
#include "sources/index_patterns.h"

namespace vedette::service {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using engine::ExplainedEvent;

struct ExplainBatch {
  std::vector<OrderedEvent> events;  ///< `arrival` counts within the batch
  std::vector<bool> timed;           ///< by event
  std::uint64_t records = 0;
};

bool WantsParents(const DecodedEvent& decoded, Enrichment enrichment) {
  if (enrichment == Enrichment::kNone || !decoded.event.has_timestamp) return false;
  return enrichment == Enrichment::kAll || decoded.raw;
}

void Collect(const DecodedEvent& decoded, Enrichment enrichment, ExplainBatch& out) {
  OrderedEvent& ordered = out.events.emplace_back();
  out.timed.push_back(decoded.event.has_timestamp);
  ordered.timestamp = decoded.event.timestamp;
  ordered.arrival = out.records++;
  ordered.source = decoded.source;
  event::WriteJson(decoded.event.document, ordered.json);
  ordered.index = decoded.event.index;
  ordered.id = decoded.event.id;
  ordered.enrich = WantsParents(decoded, enrichment);
}

std::string JoinNames(const sources::RecordOrigin& origin) {
  std::string out;
  for (const std::string_view name : origin.Names()) {
    out.append(out.empty() ? "" : ", ").append(name);
  }
  return out;
}

/// At most so many, those to be shown first.
class BestEvents {
 public:
  explicit BestEvents(std::size_t limit) : limit_(limit) {}
  bool Wants(const ExplainedEvent& event) const {
    return limit_ != 0 && (events_.size() < limit_ || ShownBefore(event, events_.front()));
  }
  void Add(ExplainedEvent event) {
    events_.push_back(std::move(event));
    std::push_heap(events_.begin(), events_.end(), engine::ShownBefore);
    if (events_.size() <= limit_) return;
    std::pop_heap(events_.begin(), events_.end(), engine::ShownBefore);
    events_.pop_back();
  }
  std::vector<ExplainedEvent> Take() && {
    std::sort_heap(events_.begin(), events_.end(), engine::ShownBefore);
    return std::move(events_);
  }

 private:
  std::size_t limit_;
  std::vector<ExplainedEvent> events_;  ///< a heap, the one to be shown last in front
};

/// The ordered end, on the calling thread. Exactly one of the explainers is there.
class ExplainEnd {
 public:
  ExplainEnd(const rules::Rule& rule, const event::FieldTable& fields,
             const ExplainOptions& options, const ExplainSinks& sinks)
      : options_(options),
        sinks_(sinks),
        selector_(rule.index),
        projector_(fields),
        hits_(options.limit),
        misses_(options.limit) {}

  void Use(engine::EventQueryExplainer explainer) { single_.emplace(std::move(explainer)); }
  void Use(engine::StatementExplainer explainer) { several_.emplace(std::move(explainer)); }

  Result<void> Take(ExplainBatch& batch) {
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      OrderedEvent& event = batch.events[i];
      event.arrival += records_;
      if (batch.timed[i]) {
        VED_TRY_VOID(sorter_.Add(std::move(event)));
      } else if (single_) {
        // Nothing that came before or comes after decides over it.
        VED_TRY_VOID(Feed(event, false));
      }
    }
    records_ += batch.records;
    return {};
  }

  Result<void> Finish(ExplainStats& stats) {
    VED_TRY_VOID(sorter_.Drain([this](const OrderedEvent& event) { return Feed(event, true); }));
    stats.matching = matching_;
    stats.outside_indices = outside_;
    stats.enriched = parents_.counters().enriched;
    if (several_) stats.statement = several_->Finish(options_.all ? SIZE_MAX : options_.limit);
    for (BestEvents* best : {&hits_, &misses_}) {
      for (const ExplainedEvent& event : std::move(*best).Take()) VED_TRY_VOID(sinks_.event(event));
    }
    return {};
  }

 private:
  Result<void> Feed(const OrderedEvent& ordered, bool timed) {
    arena_.Reset();
    const auto document = reader_.Read(ordered.json, arena_);
    if (!document) {
      return Error(ErrorCode::kInternal, "an event that was read before does not read again: " +
                                             document.error().message());
    }
    event::Event event;
    event.document = *document;
    event.index = ordered.index;
    event.id = ordered.id;
    event.timestamp = ordered.timestamp;
    event.has_timestamp = timed;
    event.arrival = ordered.arrival;
    if (ordered.enrich) {
      std::vector<std::string_view> names;
      parents_.Enrich(event, arena_, names);
    }
    event.slots = projector_.Project(event.document, arena_);
    const auto origin = sources::OriginOf(ordered.source, event.document, event.index, arena_);
    const bool selected = selector_.Selects(origin);
    outside_ += selected ? 0U : 1U;
    if (several_) {
      if (selected) several_->Take(event, ordered.arrival + 1, arena_);
      return {};
    }
    return FeedSingle(event, selected ? std::string() : JoinNames(origin));
  }

  Result<void> FeedSingle(const event::Event& event, std::string outside) {
    single_->Observe(event, arena_);
    ExplainedEvent explained;
    explained.number = event.arrival + 1;
    explained.timestamp = event.timestamp;
    explained.has_timestamp = event.has_timestamp;
    explained.outside_indices = std::move(outside);
    explained.nearness = single_->Measure(event, arena_);
    matching_ += explained.fires() ? 1U : 0U;
    BestEvents& best = explained.fires() ? hits_ : misses_;
    if (!options_.all && !best.Wants(explained)) return {};
    explained.explanation = single_->Explain(event, arena_);
    event::WriteJson(event.document, explained.json);
    explained.index = event.index;
    explained.id = event.id;
    if (options_.all) return sinks_.event(explained);
    best.Add(std::move(explained));
    return {};
  }

  const ExplainOptions& options_;
  const ExplainSinks& sinks_;
  sources::IndexSelector selector_;
  event::Projector projector_;
  std::optional<engine::EventQueryExplainer> single_;
  std::optional<engine::StatementExplainer> several_;
  engine::ParentEnrichment parents_;
  EventSorter sorter_;
  BestEvents hits_, misses_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::uint64_t records_ = 0;
  std::uint64_t matching_ = 0;
  std::uint64_t outside_ = 0;
};

/// As written: constants stay where the author put them.
Result<eql::Query> CompileRule(const rules::Rule& rule, event::FieldTable& fields) {
  if (!rule.runnable() || rule.query_source == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the rule does not run here: " + rule.stored_only);
  }
  eql::ParseResult parsed = eql::Parse(*rule.query_source, rule.dialect());
  std::vector<base::Diagnostic> found;
  if (!parsed.query || !eql::Check(*parsed.query, fields, rules::CheckOptionsFor(rule), found)) {
    return Error(ErrorCode::kInvalidArgument,
                 "the rule's query has an error; `vedette rules check` names it");
  }
  return std::move(*parsed.query);
}

}  // namespace

Result<ExplainStats> RunExplain(const rules::Rule& rule, const std::vector<io::InputFile>& files,
                                const ExplainOptions& options, const ExplainSinks& sinks) {
  using Pipeline = EventPipeline<ExplainBatch>;
  event::FieldTable fields(event::EcsSchema());
  VED_TRY(eql::Query query, CompileRule(rule, fields));
  const eql::CheckOptions check = rules::CheckOptionsFor(rule);
  std::optional<engine::EventQueryExplainer> single;
  std::optional<engine::StatementExplainer> several;
  if (std::holds_alternative<eql::EventQuery>(query.statement)) {
    VED_TRY(auto built, engine::EventQueryExplainer::Build(query, fields, check));
    single.emplace(std::move(built));
  } else {
    VED_TRY(auto built,
            engine::StatementExplainer::Build(std::move(query), fields, check, SecretHashSeed()));
    several.emplace(std::move(built));
  }
  // Explainers add the fields that they read; the projector takes the table as it is.
  ExplainEnd end(rule, fields, options, sinks);
  if (single) end.Use(std::move(*single));
  if (several) end.Use(std::move(*several));
  Pipeline::Sinks pipeline_sinks;
  pipeline_sinks.output = [&](ExplainBatch& batch) { return end.Take(batch); };
  pipeline_sinks.rejected = sinks.rejected;
  pipeline_sinks.progress = sinks.progress;
  Pipeline pipeline(
      files, options.pipeline,
      [&]() -> Pipeline::Work {
        return [&](DecodedEvent& event, RecordDecoder&, ExplainBatch& out) {
          Collect(event, options.enrichment, out);
        };
      },
      std::move(pipeline_sinks));
  ExplainStats stats;
  VED_TRY(static_cast<PipelineStats&>(stats), pipeline.Run());
  VED_TRY_VOID(end.Finish(stats));
  return stats;
}

}  // namespace vedette::service
