// SPDX-License-Identifier: Apache-2.0
#include "service/cost_clock.h"

#include <ctime>
#include <utility>

#include "base/arena.h"
#include "engine/predicate_oracle.h"
#include "engine/residual_program.h"
#include "event/json_reader.h"

namespace vedette::service {

using engine::ConditionId;
using engine::ConditionSet;
using engine::PredicateId;

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

bool SpreadSample::Wants() { return seen_++ % stride_ == 0; }

void SpreadSample::Add(std::string json) {
  if (json.size() > kMaxBytes) return;
  documents_.push_back(std::move(json));
  if (documents_.size() < kMost) return;
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < documents_.size(); i += 2) kept.push_back(std::move(documents_[i]));
  documents_ = std::move(kept);
  stride_ *= 2;
}

std::vector<double> TimeRuns(const DetectionSet& set, const MatchCosts& costs) {
  constexpr std::uint32_t kRounds = 64;
  const ConditionSet& conditions = set.conditions().set();
  std::vector<double> out(costs.conditions.size());
  engine::ResidualPrograms programs;
  std::uint32_t round = 0;
  // Any fixed mixture does: it must be cheap, and must not favour an order of predicates.
  const auto answer = [&](PredicateId id) {
    return ((id * 0x9E3779B9U + round * 0x85EBCA6BU) >> 16U & 1U) != 0;
  };
  std::uint64_t held = 0;  // keeps the runs from being left out
  for (ConditionId i = 0; i < out.size(); ++i) {
    if (costs.conditions[i].candidates == 0) continue;
    programs.Run(conditions.root(i), conditions.trees(), answer);  // compiles it
    const double begin = ThreadSeconds();
    for (round = 0; round < kRounds; ++round) {
      held += programs.Run(conditions.root(i), conditions.trees(), answer) ? 1U : 0U;
    }
    out[i] = (ThreadSeconds() - begin) / kRounds;
  }
  return held == UINT64_MAX ? std::vector<double>() : out;
}

std::vector<double> TimeQuestions(const DetectionSet& set, const MatchCosts& costs,
                                  const std::vector<std::string>& documents) {
  std::vector<double> out(costs.asked.size());
  engine::PredicateOracle oracle(set.conditions().set());
  std::vector<std::uint64_t> questions(out.size());
  event::JsonReader reader;
  base::Arena arena;
  base::Arena scratch;
  for (const std::string& json : documents) {
    arena.Reset();
    const auto document = reader.Read(json, arena);
    if (!document) continue;
    event::Event event;
    event.document = *document;
    event.slots = set.projector().Project(event.document, arena);
    for (PredicateId id = 0; id < out.size(); ++id) {
      if (costs.asked[id] == 0) continue;
      scratch.Reset();
      oracle.Holds(id, event, scratch);  // warm
      const double begin = ThreadSeconds();
      oracle.Holds(id, event, scratch);
      out[id] += ThreadSeconds() - begin;
      ++questions[id];
    }
  }
  for (PredicateId id = 0; id < out.size(); ++id) {
    if (questions[id] != 0) out[id] /= static_cast<double>(questions[id]);
  }
  return out;
}

}  // namespace vedette::service
