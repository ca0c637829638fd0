// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "contenders.h"
#include "hostile.h"
#include "measure.h"
#include "parts.h"
#include "workload.h"
#include "yardstick.h"

namespace vedette::bench {
namespace {

/// The ordinary corpus is read to this size.
constexpr std::size_t kOrdinaryBytes = std::size_t{64} << 20U;
constexpr std::size_t kLeastEvents = 60;

struct Cost {
  double seconds = 0;
  double p47_seconds = 0;
  std::uint64_t matcher_bytes = 0;
  std::uint64_t flushes = 0;
  ScanTotals totals;
};

/// The first pass of a cold engine: what a flood of such events costs.
Cost FirstPass(const RuleConditions& conditions, std::string_view text) {
  Cost cost;
  Engine engine(conditions);
  Yardstick yardstick;
  Taken taken;
  cost.p47_seconds = TimeThread([&] { yardstick.Pass47(text, taken); });
  cost.seconds = TimeThread([&] { cost.totals = engine.Scan(text); });
  cost.matcher_bytes = engine.counters().bytes;
  cost.flushes = engine.counters().flushes;
  return cost;
}

/// Half of the text, by lines.
std::string_view Half(std::string_view text) {
  const std::size_t cut = text.find('\n', text.size() / 2);
  return cut == std::string_view::npos ? text : text.substr(0, cut + 1);
}

struct Ordinary {
  const RuleConditions* conditions;
  std::string_view text;
};

void Report(const HostileCase& one, const RuleConditions& conditions, std::string_view text,
            const Ordinary& ordinary, const PartOptions& options) {
  const std::uint64_t before = ResidentBytes();
  std::vector<double> factors;
  std::vector<double> doubling;
  std::vector<double> to_p47;
  Cost whole;
  const std::string_view half = Half(text);
  const double sizes = static_cast<double>(text.size()) / static_cast<double>(half.size());
  for (std::size_t pair = 0; pair < options.pairs; ++pair) {
    const Cost reference = FirstPass(*ordinary.conditions, ordinary.text);
    const Cost first = FirstPass(conditions, half);
    whole = FirstPass(conditions, text);
    factors.push_back(whole.seconds / static_cast<double>(text.size()) /
                      (reference.seconds / static_cast<double>(ordinary.text.size())));
    // 1: exactly linear in the bytes. What only the start costs makes it less.
    doubling.push_back(whole.seconds / first.seconds / sizes);
    to_p47.push_back(whole.p47_seconds / whole.seconds);
  }
  const double linear = Median(doubling);
  Row row("cliffs", one.name);
  row.Text("label", options.label).Count("rules", conditions.rules());
  row.Count("events", whole.totals.events).Count("bytes", text.size());
  row.Count("hits", whole.totals.hits).Count("irregular", whole.totals.irregular);
  row.Spread("factor_per_byte", factors).Spread("to_p47", to_p47);
  row.Real(
      "us_per_event",
      whole.seconds / static_cast<double>(std::max<std::uint64_t>(1, whole.totals.events)) * 1e6);
  row.Real("ns_per_byte", whole.seconds / static_cast<double>(text.size()) * 1e9);
  row.Spread("growth_by_bytes", doubling);
  row.Text("linear", linear <= 1.25 ? "yes" : "NO");
  const engine::MatcherOptions budgets;
  row.Count("matcher_bytes", whole.matcher_bytes).Count("flushes", whole.flushes);
  row.Text("bounded",
           whole.matcher_bytes <= budgets.memo_bytes + budgets.residual_bytes ? "yes" : "NO");
  row.Count("rss_growth", std::max(ResidentBytes(), before) - before);
}

/// Every condition must still answer as the interpreter does.
bool SameAnswers(const RuleConditions& conditions, std::string_view text) {
  Corpus all{std::string(text)};
  const Corpus sample = all.Sample(kLeastEvents);
  std::vector<Hit> found;
  std::vector<Hit> right;
  Engine(conditions).Scan(sample.text(), &found);
  Oracle(conditions).Scan(sample.text(), &right);
  std::erase_if(found,
                [&](const Hit& hit) { return conditions.conditions()[hit.condition].beyond; });
  return found == right;
}

}  // namespace

base::Result<void> RunCliffs(const PartOptions& options) {
  VED_TRY(const Corpus whole, Corpus::Load(options.corpus));
  const std::size_t parts = std::max<std::size_t>(1, whole.text().size() / kOrdinaryBytes);
  const std::string_view ordinary_text = whole.Parts(parts).front();
  VED_TRY(const auto ordinary,
          RuleConditions::Load(options.rules, {options.counts.front(), options.stages}));
  const Ordinary reference{ordinary.get(), ordinary_text};
  for (HostileCase& one : HostileCases(options.seed, 2)) {
    std::unique_ptr<RuleConditions> own;
    if (!one.rules.empty()) {
      VED_TRY(own, RuleConditions::Parse("hostile.ndjson", one.rules, {}));
    }
    const RuleConditions& conditions = own == nullptr ? *ordinary : *own;
    std::optional<Corpus> events;
    if (!one.events.empty()) events.emplace(std::move(one.events));
    const std::string_view text = events ? events->text() : ordinary_text;
    if (conditions.rules() == 0) {
      return base::Error(base::ErrorCode::kInternal, one.name + ": its rules do not compile");
    }
    Report(one, conditions, text, reference, options);
    Row("cliffs-oracle", one.name)
        .Text("answers", SameAnswers(conditions, text) ? "identical" : "DIFFERENT");
  }
  return {};
}

}  // namespace vedette::bench
