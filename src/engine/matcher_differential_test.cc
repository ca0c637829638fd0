// SPDX-License-Identifier: Apache-2.0
// The matcher against the interpreter: random conditions, many at once, over random events.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "engine/condition_set.h"
#include "engine/matcher.h"
#include "engine/random_query.h"
#include "engine/random_query_run.h"
#include "eql/interpreter.h"
#include "eql/parser.h"
#include "eql/walk.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kRounds = 150;
#else
constexpr std::uint64_t kRounds = 1'500;
#endif

struct Asked {
  const eql::EventQuery* query;
  eql::Dialect dialect;
  const eql::CheckOptions* options;
  bool beyond = false;  ///< reads other events: the matcher may say yes too often
};

bool ReadsBeyond(const eql::EventQuery& query) {
  bool found = false;
  const auto visit = [&](const eql::Expr& expr) {
    const auto* field = std::get_if<eql::Field>(&expr.node);
    found = found || std::holds_alternative<eql::Relation>(expr.node) ||
            (field != nullptr && field->alias_item.has_value());
  };
  if (query.condition != nullptr) eql::ForEachExpr(*query.condition, visit);
  return found;
}

void Collect(const eql::Query& query, const eql::CheckOptions& options, std::vector<Asked>& out) {
  const auto add = [&](const eql::EventQuery& one) {
    out.push_back({&one, query.dialect, &options, ReadsBeyond(one)});
  };
  const auto items = [&](const auto& statement) {
    for (const auto& item : statement.items) add(item.query);
    if constexpr (requires { statement.until; }) {
      if (statement.until) add(statement.until->query);
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) add(*event);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) items(*join);
}

/// One set of conditions over one set of laid events. (Events as text: matcher_test.)
class Round {
 public:
  Round(RandomSource& random, const MatcherOptions& options)
      : fields_(RandomSchema()), options_(options) {
    const std::size_t cases = 1 + random.Below(12);
    for (std::size_t i = 0; i < cases; ++i) {
      const RandomCase one = MakeRandomCase(random);
      events_.insert(events_.end(), one.events.begin(), one.events.end());
      const base::Source source("case", one.query);
      auto parsed = eql::Parse(source, one.dialect);
      if (!parsed.query) continue;
      std::vector<base::Diagnostic> diagnostics;
      check_.push_back(one.Options());
      if (!eql::Check(*parsed.query, fields_, check_.back(), diagnostics)) continue;
      eql::FoldConstants(*parsed.query, check_.back());
      queries_.push_back(std::move(*parsed.query));
      texts_.push_back(one.query);
      const std::size_t before = asked_.size();
      Collect(queries_.back(), check_.back(), asked_);
      of_query_.resize(asked_.size(), queries_.size() - 1);
      EXPECT_GE(asked_.size(), before);
    }
  }

  /// What differs, or nothing.
  std::string Compare() {
    ConditionSet set(fields_);
    std::vector<eql::Interpreter> interpreters;
    for (const Asked& one : asked_) {
      set.Add(*one.query, one.dialect, *one.options);
      interpreters.emplace_back(*one.query, one.dialect, fields_, *one.options);
    }
    set.Lower();
    RandomDocuments documents(events_);
    const auto laid = documents.Project(fields_);
    const event::Projector projector(fields_);
    Matcher matcher(set, projector, options_);
    const OriginId all = matcher.AddOrigin(std::vector<bool>(asked_.size(), true));
    std::vector<ConditionId> hits;
    base::Arena scratch(8192);
    // Twice: the second time from memory.
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < laid.size(); ++i) {
        matcher.Match(laid[i], all, hits);
        if (!std::is_sorted(hits.begin(), hits.end())) return "hits do not ascend";
        for (ConditionId c = 0; c < asked_.size(); ++c) {
          scratch.Reset();
          const bool expected = interpreters[c].Matches(laid[i], scratch);
          const bool found = std::binary_search(hits.begin(), hits.end(), c);
          ++decisions_;
          holding_ += expected ? 1 : 0;
          if (asked_[c].beyond ? (found || !expected) : found == expected) continue;
          std::string json;
          event::WriteJson(laid[i].document, json);
          return (found ? "the matcher alone finds\n" : "the matcher misses\n") +
                 texts_[of_query_[c]] + "\ncondition " + std::to_string(c) + " on\n" + json;
        }
      }
    }
    flushes_ = matcher.counters().flushes;
    return "";
  }
  std::uint64_t decisions() const { return decisions_; }
  std::uint64_t holding() const { return holding_; }
  std::uint64_t flushes() const { return flushes_; }

 private:
  event::FieldTable fields_;
  MatcherOptions options_;
  std::vector<std::string> events_;
  std::deque<eql::CheckOptions> check_;
  std::deque<eql::Query> queries_;
  std::vector<std::string> texts_;
  std::vector<Asked> asked_;
  std::vector<std::size_t> of_query_;
  std::uint64_t decisions_ = 0;
  std::uint64_t holding_ = 0;
  std::uint64_t flushes_ = 0;
};

TEST(MatcherDifferential, DecidesAsTheInterpreter) {
  const char* given = std::getenv("VEDETTE_DIFFERENTIAL_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  std::uint64_t decisions = 0;
  std::uint64_t holding = 0;
  int differences = 0;
  for (std::uint64_t number = 0; number < kRounds && differences < 3; ++number) {
    RandomSource random(seed * 1'000'003 + number);
    MatcherOptions options;
    options.seed = number;
    // Hardly any room: everything is forgotten every few hundred events.
    if (number % 3 == 1) options = {64, 64, number};
    Round round(random, options);
    const std::string difference = round.Compare();
    decisions += round.decisions();
    holding += round.holding();
    if (difference.empty()) continue;
    ++differences;
    ADD_FAILURE() << "seed " << seed << ", round " << number << "\n" << difference;
  }
  // Conditions that never hold would agree about anything.
  EXPECT_GT(holding * 50, decisions);
  std::cout << "[ FUZZ     ] " << decisions << " decisions, " << holding << " of them yes\n";
}

}  // namespace
}  // namespace vedette::engine
