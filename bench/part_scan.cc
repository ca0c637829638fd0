// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "contenders.h"
#include "measure.h"
#include "parts.h"
#include "workload.h"
#include "yardstick.h"

namespace vedette::bench {
namespace {

constexpr std::size_t kFifths = 5;

/// Seconds of one pair: P47 and the engine turn about on each fifth.
struct Pass {
  std::vector<double> p47 = std::vector<double>(kFifths);
  std::vector<double> engine = std::vector<double>(kFifths);
};

double Total(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

/// Throughput by that of P47, the whole corpus, by pair.
std::vector<double> ToP47(const std::vector<Pass>& passes) {
  std::vector<double> out;
  for (const Pass& pass : passes) out.push_back(Total(pass.p47) / Total(pass.engine));
  return out;
}

std::vector<double> Totals(const std::vector<Pass>& passes) {
  std::vector<double> out;
  for (const Pass& pass : passes) out.push_back(Total(pass.engine));
  return out;
}

/// The same by fifths, medians of the pairs.
std::vector<double> FifthsToP47(const std::vector<Pass>& passes) {
  std::vector<double> out;
  for (std::size_t fifth = 0; fifth < kFifths; ++fifth) {
    std::vector<double> ratios;
    for (const Pass& pass : passes) ratios.push_back(pass.p47[fifth] / pass.engine[fifth]);
    out.push_back(Median(ratios));
  }
  return out;
}

class ScanRun {
 public:
  ScanRun(const Corpus& corpus, const RuleConditions& conditions)
      : conditions_(&conditions), fifths_(corpus.Parts(kFifths)), corpus_(&corpus) {}

  void Pair() {
    Engine engine(*conditions_);  // nothing is remembered from the pair before
    const double begun = WallSeconds();
    first_.push_back(OnePass(engine, first_hits_));
    wall_.push_back(WallSeconds() - begun - Total(first_.back().p47));
    first_counters_ = engine.counters();
    repeat_.push_back(OnePass(engine, repeat_hits_));
    counters_ = engine.counters();
    double parse = 0;
    for (const std::string_view part : fifths_) {
      parse += TimeThread([&] { irregular_ = engine.Extract(part).irregular; });
    }
    parse_.push_back(parse);
  }

  void Print(const std::string& label) const {
    const auto events = static_cast<double>(corpus_->events());
    std::vector<double> match_to_parse;
    for (std::size_t i = 0; i < parse_.size(); ++i) {
      match_to_parse.push_back((Total(repeat_[i].engine) - parse_[i]) / parse_[i]);
    }
    Row row("scan", fmt::format("{} rules", conditions_->rules()));
    row.Text("label", label).Count("rules", conditions_->rules());
    row.Count("conditions", conditions_->conditions().size());
    row.Count("skipped", conditions_->skipped()).Count("fields", conditions_->fields().size());
    row.Count("events", corpus_->events()).Count("bytes", corpus_->text().size());
    row.Count("hits_first", first_hits_).Count("hits_repeat", repeat_hits_);
    row.Spread("first_to_p47", ToP47(first_)).Spread("repeat_to_p47", ToP47(repeat_));
    row.List("first_fifths_to_p47", FifthsToP47(first_));
    row.Spread("first_cpu_seconds", Totals(first_)).Spread("repeat_cpu_seconds", Totals(repeat_));
    row.Spread("first_wall_seconds", wall_);
    row.Real("first_us_per_event", Median(Totals(first_)) / events * 1e6);
    row.Real("repeat_us_per_event", Median(Totals(repeat_)) / events * 1e6);
    row.Spread("match_to_parse", match_to_parse).Spread("parse_cpu_seconds", parse_);
    row.Real("load_seconds", conditions_->load_seconds());
    row.Real("lower_seconds", conditions_->lower_seconds());
    row.Count("irregular", irregular_);
    const auto per_event = [&](std::uint64_t after, std::uint64_t before) {
      return static_cast<double>(after - before) / events;
    };
    row.Real("value_lookups", per_event(counters_.value_lookups, first_counters_.value_lookups));
    row.Real("value_misses", per_event(counters_.value_misses, first_counters_.value_misses));
    row.Real("value_misses_first", per_event(first_counters_.value_misses, 0));
    row.Real("candidates", per_event(counters_.candidates, first_counters_.candidates));
    row.Real("asked", per_event(counters_.asked, first_counters_.asked));
    row.Count("sets_built", counters_.sets_built).Count("flushes", counters_.flushes);
    row.Count("matcher_bytes", counters_.bytes);
    const engine::MatcherOptions budgets;
    row.Count("memo_budget", budgets.memo_bytes).Count("residual_budget", budgets.residual_bytes);
  }

 private:
  Pass OnePass(Engine& engine, std::uint64_t& hits) {
    Pass pass;
    hits = 0;
    for (std::size_t i = 0; i < kFifths; ++i) {
      pass.p47[i] = TimeThread([&] { yardstick_.Pass47(fifths_[i], taken_); });
      pass.engine[i] = TimeThread([&] { hits += engine.Scan(fifths_[i]).hits; });
    }
    return pass;
  }

  const RuleConditions* conditions_;
  std::vector<std::string_view> fifths_;
  const Corpus* corpus_;
  Yardstick yardstick_;
  Taken taken_;
  std::vector<Pass> first_;
  std::vector<Pass> repeat_;
  std::vector<double> parse_;
  std::vector<double> wall_;
  std::uint64_t first_hits_ = 0;
  std::uint64_t repeat_hits_ = 0;
  std::uint64_t irregular_ = 0;
  engine::MatcherCounters first_counters_;
  engine::MatcherCounters counters_;
};

}  // namespace

base::Result<void> RunScan(const PartOptions& options) {
  VED_TRY(const Corpus corpus, Corpus::Load(options.corpus));
  for (const std::size_t count : options.counts) {
    VED_TRY(const auto conditions, RuleConditions::Load(options.rules, {count, options.stages}));
    ScanRun run(corpus, *conditions);
    for (std::size_t pair = 0; pair < options.pairs; ++pair) run.Pair();
    run.Print(options.label);
  }
  return {};
}

base::Result<void> RunGrowth(const PartOptions& options) {
  VED_TRY(const Corpus corpus, Corpus::Load(options.corpus));
  const auto parts = corpus.Parts(kFifths);
  std::vector<std::unique_ptr<RuleConditions>> sets;
  for (const std::size_t count : options.counts) {
    VED_TRY(auto conditions, RuleConditions::Load(options.rules, {count, options.stages}));
    sets.push_back(std::move(conditions));
  }
  std::vector<std::vector<double>> first(sets.size(), std::vector<double>(options.pairs));
  auto repeat = first;
  for (std::size_t pair = 0; pair < options.pairs; ++pair) {
    std::vector<Engine> engines;
    engines.reserve(sets.size());
    for (const auto& set : sets) engines.emplace_back(*set);
    for (auto* pass : {&first, &repeat}) {
      for (const std::string_view part : parts) {
        for (std::size_t i = 0; i < engines.size(); ++i) {
          (*pass)[i][pair] += TimeThread([&] { engines[i].Scan(part); });
        }
      }
    }
  }
  for (std::size_t i = 1; i < sets.size(); ++i) {
    Row row("growth", fmt::format("{} -> {} rules", sets[i - 1]->rules(), sets[i]->rules()));
    row.Text("label", options.label).Count("events", corpus.events());
    row.Spread("repeat", Ratios(repeat[i], repeat[i - 1]));
    row.Spread("first", Ratios(first[i], first[i - 1]));
  }
  return {};
}

}  // namespace vedette::bench
