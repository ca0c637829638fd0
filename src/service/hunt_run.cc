// SPDX-License-Identifier: Apache-2.0
#include "service/hunt_run.h"

#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "engine/rule_matcher.h"
#include "event/json_reader.h"
#include "service/hash_seed.h"
#include "service/record_fields.h"

namespace vedette::service {
namespace {

using base::Result;

engine::StatementOptions StatementOptionsFor(const HuntOptions& options) {
  engine::StatementOptions out;
  out.max_samples_per_key = options.max_samples_per_key;
  out.hash_seed = SecretHashSeed();
  // A file ends; nothing has to be forgotten only because it is old.
  out.sequence.time_to_live = std::chrono::hours(24 * 365 * 100);
  return out;
}

/// How the events of one query travel.
struct Route {
  bool by_arrival = false;  ///< no sorting
  bool everything = false;  ///< no event may be left out
  bool decided = false;     ///< the worker's answer is final: each event is a result
  std::string tiebreaker;   ///< field, empty for none
};

Route RouteOf(const engine::QueryRunner& runner, const event::Schema& schema,
              const eql::CheckOptions& check) {
  const eql::Query& query = runner.query();
  Route route;
  const bool endgame = query.dialect == eql::Dialect::kEndgame;
  route.by_arrival = endgame || std::holds_alternative<eql::Sample>(query.statement);
  // Unsorted, an event that takes no part still moves the clock of a legacy sequence.
  route.everything = runner.follows_processes() ||
                     (endgame && std::holds_alternative<eql::Sequence>(query.statement));
  route.decided =
      !runner.follows_processes() && std::holds_alternative<eql::EventQuery>(query.statement);
  route.tiebreaker = check.tiebreaker_field;
  const auto* known = schema.Find(route.tiebreaker);
  if (known != nullptr && !known->alias.empty()) route.tiebreaker = known->alias;
  return route;
}

/// What the workers make of a batch.
struct HuntBatch {
  std::vector<OrderedEvent> events;  ///< `arrival` counts within the batch
  std::uint64_t records = 0;
};

/// A worker: which events may take part, by the same matcher that runs rules.
class HuntWorker {
 public:
  HuntWorker(const Route& route, const engine::QueryRunner& runner,
             const engine::RuleConditions& conditions, const event::Projector& projector,
             std::uint64_t seed)
      : route_(route),
        endgame_(runner.query().dialect == eql::Dialect::kEndgame),
        projector_(projector),
        matcher_(conditions, projector, {.seed = seed}),
        origin_(matcher_.AddOrigin({true})) {}

  void Collect(DecodedEvent& decoded, RecordDecoder& decoder, HuntBatch& out) {
    event::Event& event = decoded.event;
    const std::uint64_t record = out.records++;
    if (!event.has_timestamp && !endgame_) return;
    if (!route_.everything && !TakesPart(decoded, decoder)) return;
    if (!decoder.ReadDocument(decoded)) return;
    OrderedEvent& ordered = out.events.emplace_back(MakeOrdered(decoded, record));
    if (!route_.tiebreaker.empty()) {
      ordered.tiebreaker = TiebreakerBytes(event.document.GetPath(route_.tiebreaker));
    }
  }

 private:
  bool TakesPart(DecodedEvent& decoded, RecordDecoder& decoder) {
    if (decoded.tokens != nullptr) {
      matcher_.Match(*decoded.tokens, origin_, hits_);
    } else {
      decoded.event.slots = projector_.Project(decoded.event.document, decoder.arena());
      matcher_.Match(decoded.event, origin_, hits_);
    }
    return !hits_.rules.empty() || !hits_.stages.empty();
  }

  const Route& route_;
  bool endgame_;
  const event::Projector& projector_;
  engine::RuleMatcher matcher_;
  engine::OriginId origin_;
  engine::RuleHits hits_;
};

engine::QueryResult ResultOf(const OrderedEvent& ordered, std::uint64_t position) {
  engine::QueryResult result;
  engine::ResultEvent& event = result.events.emplace_back();
  event.json = ordered.json;
  event.index = ordered.index;
  event.id = ordered.id;
  event.timestamp = ordered.timestamp;
  event.source = static_cast<std::uint32_t>(ordered.source);
  event.position = position;
  result.last_position = position;
  result.serial = position;
  return result;
}

/// The ordered end, on the calling thread.
class HuntEnd {
 public:
  HuntEnd(const Route& route, engine::QueryRunner& runner, const event::Projector& projector,
          HuntResults& results, std::size_t sort_memory)
      : route_(route),
        runner_(runner),
        projector_(projector),
        results_(results),
        sorter_(sort_memory) {}

  Result<void> Take(HuntBatch& batch) {
    for (OrderedEvent& event : batch.events) {
      event.arrival += records_;
      if (route_.by_arrival) {
        VED_TRY_VOID(Feed(event));
      } else {
        VED_TRY_VOID(sorter_.Add(std::move(event)));
      }
    }
    records_ += batch.records;
    return {};
  }

  Result<void> Finish() {
    auto drained = sorter_.Drain([this](const OrderedEvent& event) -> Result<void> {
      VED_TRY_VOID(Feed(event));
      // Whatever follows is not wanted: the error only ends the merge.
      if (results_.full()) return base::Error(base::ErrorCode::kInternal, "enough");
      return {};
    });
    if (!drained && !results_.full()) return drained;
    if (!results_.full()) {
      runner_.Finish(matches_);
      VED_TRY_VOID(HandOn());
    }
    return results_.Finish();
  }

 private:
  Result<void> Feed(const OrderedEvent& ordered) {
    if (results_.full()) return {};
    if (route_.decided) return results_.Add(ResultOf(ordered, position_++));
    arena_.Reset();
    VED_TRY(event::Event event, ReadOrdered(ordered, reader_, arena_));
    event.slots = projector_.Project(event.document, arena_);
    runner_.Process(event, arena_, matches_, static_cast<std::uint32_t>(ordered.source));
    return HandOn();
  }

  Result<void> HandOn() {
    // Matches hold places among the retained events; results own what they say.
    std::vector<engine::QueryResult> found;
    for (const engine::Match& match : matches_) found.push_back(engine::ToResult(match));
    matches_.clear();
    for (engine::QueryResult& result : found) VED_TRY_VOID(results_.Add(std::move(result)));
    return {};
  }

  const Route& route_;
  engine::QueryRunner& runner_;
  const event::Projector& projector_;
  HuntResults& results_;
  EventSorter sorter_;
  std::vector<engine::Match> matches_;
  event::JsonReader reader_;
  base::Arena arena_;
  std::uint64_t records_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace

std::string TiebreakerBytes(const event::Value& value) {
  using event::ValueKind;
  const auto number = [](char kind, std::uint64_t bits) {
    std::string out(1, kind);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>((bits >> shift) & 0xFFU);
    return out;
  };
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  constexpr std::size_t kMaxText = 256;
  switch (value.kind()) {
    case ValueKind::kInteger:
      return number('\1', static_cast<std::uint64_t>(value.integer()) ^ kSign);
    case ValueKind::kDouble:
      // Fractions tie; arrival decides between them.
      if (std::abs(value.real()) < 9e18) {
        return number('\1', static_cast<std::uint64_t>(std::llround(value.real())) ^ kSign);
      }
      return number(value.real() < 0 ? '\1' : '\3', 0);
    case ValueKind::kUnsigned:
      return number('\2', value.unsigned_integer());
    case ValueKind::kString:
      return '\4' + std::string(value.text().substr(0, kMaxText));
    case ValueKind::kList:
      return value.list().empty() ? "\xff" : TiebreakerBytes(value.list().front());
    default:
      return "\xff";
  }
}

Result<HuntStats> RunHunt(HuntQuery query, const std::vector<io::InputFile>& files,
                          const HuntOptions& options, const HuntSinks& sinks) {
  using Pipeline = EventPipeline<HuntBatch>;
  VED_TRY(engine::QueryRunner runner,
          engine::QueryRunner::Build(std::move(query.query), *query.fields, query.check,
                                     StatementOptionsFor(options)));
  const Route route = RouteOf(runner, query.fields->schema(), query.check);
  engine::RuleConditions conditions(*query.fields);
  if (route.decided) {
    conditions.AddDecided(runner.query(), query.check);
  } else {
    conditions.AddStateful(runner.query(), query.check);
  }
  conditions.Lower();
  const RecordFields record_fields(*query.fields, options.pipeline.decoder.timestamp_field);
  PipelineOptions pipeline_options = options.pipeline;
  pipeline_options.decoder.fields = &record_fields;
  const std::uint64_t seed = SecretHashSeed();
  const event::Projector projector(*query.fields);
  const bool sort = runner.decides_by_clock() && !route.by_arrival;
  HuntResults results(runner.query(), *query.fields, query.check, options.limits, sort,
                      sinks.result);
  HuntEnd end(route, runner, projector, results, options.sort_memory_bytes);
  Pipeline::Sinks pipeline_sinks;
  pipeline_sinks.output = [&](HuntBatch& batch) { return end.Take(batch); };
  pipeline_sinks.rejected = sinks.rejected;
  if (sinks.progress) {
    pipeline_sinks.progress = [&](const PipelineProgress& at) {
      sinks.progress({at, results.handed_out()});
    };
  }
  Pipeline pipeline(
      files, pipeline_options,
      [&]() -> Pipeline::Work {
        auto worker = std::make_shared<HuntWorker>(route, runner, conditions, projector, seed);
        return [worker](DecodedEvent& event, RecordDecoder& decoder, HuntBatch& out) {
          worker->Collect(event, decoder, out);
        };
      },
      std::move(pipeline_sinks));
  HuntStats stats;
  VED_TRY(static_cast<PipelineStats&>(stats), pipeline.Run());
  VED_TRY_VOID(end.Finish());
  stats.matches = results.handed_out();
  stats.evicted = runner.counters().evicted;
  stats.cut = results.cut();
  return stats;
}

}  // namespace vedette::service
