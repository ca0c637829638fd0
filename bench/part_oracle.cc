// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "contenders.h"
#include "measure.h"
#include "parts.h"
#include "workload.h"

namespace vedette::bench {
namespace {

/// Without what other events decide.
std::vector<Hit> Comparable(std::vector<Hit> hits, const RuleConditions& conditions) {
  std::erase_if(hits,
                [&](const Hit& hit) { return conditions.conditions()[hit.condition].beyond; });
  return hits;
}

base::Result<void> Compare(const Corpus& corpus, const RuleConditions& conditions,
                           const PartOptions& options) {
  const Corpus sample = corpus.Sample(options.sample);
  Engine engine(conditions);
  // Warm from the whole corpus: a memo that was filled and flushed must answer as an empty one.
  engine.Scan(corpus.text());
  const double engine_seconds = TimeThread([&] { engine.Scan(corpus.text()); });
  std::vector<Hit> cold_hits;
  std::vector<Hit> warm_hits;
  std::vector<Hit> right_hits;
  Engine cold(conditions);
  cold.Scan(sample.text(), &cold_hits);
  engine.Scan(sample.text(), &warm_hits);
  Oracle oracle(conditions);
  const double oracle_seconds = TimeThread([&] { oracle.Scan(sample.text(), &right_hits); });
  cold_hits = Comparable(std::move(cold_hits), conditions);
  warm_hits = Comparable(std::move(warm_hits), conditions);
  const bool same = cold_hits == right_hits && warm_hits == right_hits;

  const double engine_each = engine_seconds / static_cast<double>(corpus.events());
  const double oracle_each = oracle_seconds / static_cast<double>(sample.events());
  Row row("oracle", fmt::format("{} rules", conditions.rules()));
  row.Text("label", options.label).Count("rules", conditions.rules());
  row.Count("conditions", conditions.conditions().size()).Count("events", sample.events());
  row.Count("hits", right_hits.size()).Text("answers", same ? "identical" : "DIFFERENT");
  row.Real("engine_us_per_event", engine_each * 1e6);
  row.Real("oracle_us_per_event", oracle_each * 1e6);
  // A run whose answers differ has no speed.
  if (same) row.Real("speed_up", oracle_each / engine_each);
  return {};
}

}  // namespace

base::Result<void> RunOracle(const PartOptions& options) {
  VED_TRY(const Corpus corpus, Corpus::Load(options.corpus));
  for (const std::size_t count : options.counts) {
    VED_TRY(const auto conditions, RuleConditions::Load(options.rules, {count, options.stages}));
    VED_TRY_VOID(Compare(corpus, *conditions, options));
  }
  return {};
}

}  // namespace vedette::bench
