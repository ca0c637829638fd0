// SPDX-License-Identifier: Apache-2.0
#include "service/condition_counts.h"

#include <deque>
#include <utility>

#include "eql/interpreter.h"
#include "eql/parser.h"
#include "eql/walk.h"

namespace vedette::service {
namespace {

bool NeedsOthers(const eql::Expr& condition) {
  bool needs = false;
  auto visit = [&](const eql::Expr& expr) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    needs = needs || std::holds_alternative<eql::Relation>(expr.node) ||
            (field != nullptr && field->alias_item.has_value());
  };
  eql::ForEachExpr(condition, visit);
  return needs;
}

/// One event query, taken apart.
struct Prepared {
  eql::Interpreter category;
  std::vector<const eql::Interpreter*> parts;  ///< null: needs other events
};

struct Tally {
  std::vector<std::vector<std::uint64_t>> left;  ///< by item: of the category, then by part
  std::uint64_t events = 0;
};

class Conditions {
 public:
  explicit Conditions(const HuntQuery& query) : query_(query) {
    if (const auto* event = std::get_if<eql::EventQuery>(&query.query.statement)) {
      Add("event", *event);
    } else if (const auto* sequence = std::get_if<eql::Sequence>(&query.query.statement)) {
      AddItems(sequence->items);
      if (sequence->until) Add("until", sequence->until->query);
    } else if (const auto* sample = std::get_if<eql::Sample>(&query.query.statement)) {
      AddItems(sample->items);
    } else if (const auto* join = std::get_if<eql::Join>(&query.query.statement)) {
      AddItems(join->items);
      if (join->until) Add("until", join->until->query);
    }
  }

  void Count(const event::Event& event, base::Arena& scratch, Tally& tally) const {
    ++tally.events;
    tally.left.resize(prepared_.size());
    for (std::size_t i = 0; i < prepared_.size(); ++i) {
      const Prepared& item = prepared_[i];
      auto& left = tally.left[i];
      left.resize(item.parts.size() + 1);
      if (!item.category.CategoryMatches(event)) continue;
      ++left[0];
      for (std::size_t k = 0; k < item.parts.size(); ++k) {
        if (item.parts[k] != nullptr && !item.parts[k]->Matches(event, scratch)) break;
        ++left[k + 1];
      }
    }
  }
  std::vector<ConditionCounts>& counts() { return counts_; }

 private:
  void AddItems(const std::vector<eql::SequenceItem>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      Add((items[i].missing ? "missing item " : "item ") + std::to_string(i + 1), items[i].query);
    }
  }

  void Add(std::string role, const eql::EventQuery& query) {
    ConditionCounts counts;
    counts.role = std::move(role);
    counts.category = query.any ? "any" : query.category;
    Prepared prepared{eql::Interpreter(query, query_.query.dialect, *query_.fields, query_.check),
                      {}};
    std::vector<const eql::Expr*> parts;
    if (query.condition != nullptr) {
      const auto* logical = std::get_if<eql::Logical>(&query.condition->node);
      if (logical != nullptr && logical->op == eql::LogicalOp::kAnd) {
        for (const auto& operand : logical->operands) parts.push_back(operand.get());
      } else {
        parts.push_back(query.condition.get());
      }
    }
    for (const eql::Expr* part : parts) {
      const bool others = NeedsOthers(*part);
      counts.steps.push_back({eql::Print(*part, query_.query.dialect), 0, others});
      prepared.parts.push_back(others ? nullptr : &Alone(*part));
    }
    counts_.push_back(std::move(counts));
    prepared_.push_back(std::move(prepared));
  }

  const eql::Interpreter& Alone(const eql::Expr& part) {
    eql::EventQuery& query = queries_.emplace_back();
    query.category = "any";
    query.any = true;
    query.condition = eql::Clone(part);
    return interpreters_.emplace_back(query, query_.query.dialect, *query_.fields, query_.check);
  }

  const HuntQuery& query_;
  std::deque<eql::EventQuery> queries_;
  std::deque<eql::Interpreter> interpreters_;
  std::vector<Prepared> prepared_;
  std::vector<ConditionCounts> counts_;
};

}  // namespace

base::Result<CountedConditions> CountConditions(const HuntQuery& query,
                                                const std::vector<io::InputFile>& files,
                                                const PipelineOptions& options) {
  using Pipeline = EventPipeline<Tally>;
  Conditions conditions(query);
  const event::Projector projector(*query.fields);
  CountedConditions out;
  Pipeline::Sinks sinks;
  sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
  sinks.output = [&](Tally& tally) -> base::Result<void> {
    out.events += tally.events;
    for (std::size_t i = 0; i < tally.left.size(); ++i) {
      ConditionCounts& counts = conditions.counts()[i];
      counts.of_category += tally.left[i][0];
      for (std::size_t k = 0; k < counts.steps.size(); ++k) {
        counts.steps[k].left += tally.left[i][k + 1];
      }
    }
    return {};
  };
  PipelineOptions lenient = options;
  lenient.strict = false;
  Pipeline pipeline(
      files, lenient,
      [&]() -> Pipeline::Work {
        return [&](DecodedEvent& decoded, RecordDecoder& decoder, Tally& tally) {
          event::Event& event = decoded.event;
          event.slots = projector.Project(event.document, decoder.arena());
          conditions.Count(event, decoder.arena(), tally);
        };
      },
      std::move(sinks));
  VED_TRY([[maybe_unused]] const PipelineStats stats, pipeline.Run());
  out.items = std::move(conditions.counts());
  return out;
}

}  // namespace vedette::service
