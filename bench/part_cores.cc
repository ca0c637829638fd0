// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "contenders.h"
#include "measure.h"
#include "parts.h"
#include "workload.h"

namespace vedette::bench {
namespace {

constexpr std::size_t kBlocks = 256;

/// Hits of every block in the order of the input: what any number of threads must give.
struct Outcome {
  double seconds = 0;
  std::uint64_t checksum = 0;
};

Outcome ScanWith(std::size_t threads, const std::vector<std::string_view>& blocks,
                 std::vector<Engine>& engines) {
  std::vector<std::uint64_t> sums(blocks.size());
  std::atomic<std::size_t> next{0};
  const double begun = WallSeconds();
  {
    std::vector<std::jthread> workers;
    workers.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
      workers.emplace_back([&, i] {
        for (std::size_t block = 0; (block = next.fetch_add(1)) < blocks.size();) {
          sums[block] = engines[i].Scan(blocks[block]).checksum;
        }
      });
    }
  }
  Outcome outcome{WallSeconds() - begun, 0};
  for (const std::uint64_t sum : sums) outcome.checksum = outcome.checksum * 31 + sum;
  return outcome;
}

}  // namespace

base::Result<void> RunCores(const PartOptions& options) {
  VED_TRY(const Corpus corpus, Corpus::Load(options.corpus));
  VED_TRY(const auto conditions,
          RuleConditions::Load(options.rules, {options.counts.front(), options.stages}));
  const auto blocks = corpus.Parts(kBlocks);
  const std::size_t most = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  std::vector<std::size_t> steps;
  for (std::size_t threads = 1; threads < most; threads *= 2) steps.push_back(threads);
  steps.push_back(most);
  std::vector<Engine> engines;
  engines.reserve(most);
  for (std::size_t i = 0; i < most; ++i) engines.emplace_back(*conditions);
  for (Engine& engine : engines) engine.Scan(corpus.text());  // the repeat pass is what scales
  std::vector<std::vector<double>> seconds(steps.size());
  std::vector<std::uint64_t> sums(steps.size());
  for (std::size_t pair = 0; pair < options.pairs; ++pair) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Outcome outcome = ScanWith(steps[i], blocks, engines);
      seconds[i].push_back(outcome.seconds);
      sums[i] = outcome.checksum;
    }
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::vector<double> efficiency = Ratios(seconds[0], seconds[i]);
    for (double& value : efficiency) value /= static_cast<double>(steps[i]);
    Row row("cores", fmt::format("{} threads", steps[i]));
    row.Text("label", options.label).Count("rules", conditions->rules()).Count("threads", steps[i]);
    row.Spread("efficiency", efficiency).Spread("wall_seconds", seconds[i]);
    row.Text("answers", sums[i] == sums[0] ? "identical" : "DIFFERENT");
  }
  return {};
}

}  // namespace vedette::bench
