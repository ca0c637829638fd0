// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/arena.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/process_relations.h"
#include "eql/ast.h"
#include "eql/explanation.h"
#include "event/event.h"

namespace vedette::engine {

/// An event and what a query thinks of it, owned.
struct ExplainedEvent {
  std::uint64_t number = 0;  ///< in the order of the input, from 1
  base::Timestamp timestamp;
  bool has_timestamp = false;
  std::string json;   ///< the ECS document
  std::string index;  ///< `_index` of a hit, else empty
  std::string id;     ///< `_id` of a hit, else empty
  /// The indices that the event lies in, when the rule's patterns select none of them.
  std::string outside_indices;
  eql::Nearness nearness;
  eql::EventExplanation explanation;
  bool fires() const { return nearness.matches() && outside_indices.empty(); }
};

/// What fails first: its indices, its category, or a part of the condition. Empty when it fires.
std::string FirstReason(const ExplainedEvent& event);

/// True when `a` should be shown before `b`: what nearly fired first, then input order. An event
/// of another index is one condition away.
bool ShownBefore(const ExplainedEvent& a, const ExplainedEvent& b);

/// An event query over a stream, with the process relations it follows. One thread.
class EventQueryExplainer {
 public:
  /// `query` holds an EventQuery, passed Check() with `fields` and `check`, and outlives this.
  /// kInvalidArgument past 64 endpoint relations.
  static base::Result<EventQueryExplainer> Build(const eql::Query& query, event::FieldTable& fields,
                                                 const eql::CheckOptions& check);

  /// The next event of the stream.
  void Observe(const event::Event& event, base::Arena& scratch);
  /// Both about the event last observed.
  eql::Nearness Measure(const event::Event& event, base::Arena& scratch) const;
  eql::EventExplanation Explain(const event::Event& event, base::Arena& scratch) const;

 private:
  EventQueryExplainer(ProcessRelations relations, eql::ConditionExplainer condition);
  ProcessRelations relations_;
  eql::ConditionExplainer condition_;
};

}  // namespace vedette::engine
