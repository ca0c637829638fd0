// SPDX-License-Identifier: Apache-2.0
#include "engine/explain_event.h"

#include <tuple>
#include <utility>

namespace vedette::engine {

std::string FirstReason(const ExplainedEvent& event) {
  if (!event.outside_indices.empty()) {
    return "the rule's index patterns leave it out: it lies in " + event.outside_indices;
  }
  return eql::FirstReason(event.explanation);
}

bool ShownBefore(const ExplainedEvent& a, const ExplainedEvent& b) {
  const auto order = [](const ExplainedEvent& event) {
    const eql::Nearness& nearness = event.nearness;
    const std::uint32_t outside = event.outside_indices.empty() ? 0 : 1;
    return std::tuple(nearness.other_category, nearness.distance + outside, nearness.untried,
                      event.number);
  };
  return order(a) < order(b);
}

EventQueryExplainer::EventQueryExplainer(ProcessRelations relations,
                                         eql::ConditionExplainer condition)
    : relations_(std::move(relations)), condition_(std::move(condition)) {}

base::Result<EventQueryExplainer> EventQueryExplainer::Build(const eql::Query& query,
                                                             event::FieldTable& fields,
                                                             const eql::CheckOptions& check) {
  ProcessRelations relations;
  if (!relations.Add(query, fields, check)) {
    return base::Error(base::ErrorCode::kInvalidArgument,
                       "the query follows more than 64 process relations; split it");
  }
  return EventQueryExplainer(std::move(relations),
                             eql::ConditionExplainer(std::get<eql::EventQuery>(query.statement),
                                                     query.dialect, fields, check));
}

void EventQueryExplainer::Observe(const event::Event& event, base::Arena& scratch) {
  if (!relations_.empty()) relations_.Observe(event, scratch);
}

eql::Nearness EventQueryExplainer::Measure(const event::Event& event, base::Arena& scratch) const {
  return condition_.Measure(event, scratch, {{}, &relations_.holding()});
}

eql::EventExplanation EventQueryExplainer::Explain(const event::Event& event,
                                                   base::Arena& scratch) const {
  return condition_.Explain(event, scratch, {{}, &relations_.holding()});
}

}  // namespace vedette::engine
