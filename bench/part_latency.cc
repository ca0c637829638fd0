// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "contenders.h"
#include "measure.h"
#include "parts.h"
#include "workload.h"
#include "yardstick.h"

namespace vedette::bench {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20U;

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// When event i has to be in the pipe. Latency counts from here, whatever the feeder does: an event
/// that had to wait because the reader was late is late (no coordinated omission).
struct Schedule {
  double begin = 0;
  double step = 0;
  double Due(std::uint64_t event) const { return begin + static_cast<double>(event) * step; }
};

/// Writes the lines over and over, each when it is due.
void Feed(int pipe, const std::vector<std::string_view>& lines, const Schedule& schedule,
          std::uint64_t events) {
  for (std::uint64_t i = 0; i < events;) {
    const double now = WallSeconds();
    const double ahead = schedule.Due(i) - now;
    if (ahead > 0.0002) {
      std::this_thread::sleep_for(std::chrono::duration<double>(ahead - 0.0001));
      continue;
    }
    if (ahead > 0) continue;
    std::string_view line = lines[i % lines.size()];
    while (!line.empty()) {
      const ssize_t put = write(pipe, line.data(), line.size());
      if (put <= 0) return;
      line.remove_prefix(static_cast<std::size_t>(put));
    }
    ++i;
  }
}

double Quantile(const std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share);
  return sorted[at];
}

/// Reads the pipe to its end; seconds from due to done, by event. Without an engine lines are only
/// found: what pipe and scheduling cost.
std::vector<double> Drain(int pipe, Engine* engine, const Schedule& schedule) {
  std::vector<double> latencies;
  std::string buffer(kBuffer + kTextPadding, '\0');
  std::size_t held = 0;
  for (;;) {
    const ssize_t got = read(pipe, buffer.data() + held, kBuffer - held);
    if (got <= 0) break;
    held += static_cast<std::size_t>(got);
    std::size_t begin = 0;
    while (const void* end = std::memchr(buffer.data() + begin, '\n', held - begin)) {
      const std::size_t next =
          static_cast<std::size_t>(static_cast<const char*>(end) - buffer.data()) + 1;
      if (engine != nullptr) engine->Scan({buffer.data() + begin, next - begin});
      latencies.push_back(WallSeconds() - schedule.Due(latencies.size()));
      begin = next;
    }
    std::memmove(buffer.data(), buffer.data() + begin, held - begin);
    held -= begin;
  }
  return latencies;
}

base::Result<std::vector<double>> Measure(const std::vector<std::string_view>& lines,
                                          std::uint64_t rate, double seconds, Engine* engine) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return base::Error(base::ErrorCode::kIo, "pipe: cannot be made");
  const auto events = static_cast<std::uint64_t>(static_cast<double>(rate) * seconds);
  const Schedule schedule{WallSeconds() + 0.02, 1 / static_cast<double>(rate)};
  std::jthread feeder([&, write_end = ends[1]] {
    Feed(write_end, lines, schedule, events);
    close(write_end);
  });
  std::vector<double> latencies = Drain(ends[0], engine, schedule);
  feeder.join();
  close(ends[0]);
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

}  // namespace

base::Result<void> RunLatency(const PartOptions& options) {
  VED_TRY(const Corpus corpus, Corpus::Load(options.corpus));
  VED_TRY(const auto conditions,
          RuleConditions::Load(options.rules, {options.counts.front(), options.stages}));
  const auto lines = LinesOf(corpus.text());
  for (const std::uint64_t rate : options.rates) {
    for (const bool empty : {true, false}) {
      Engine engine(*conditions);
      engine.Scan(corpus.Parts(2).front());  // a service that has run for a while
      VED_TRY(const auto latencies,
              Measure(lines, rate, options.seconds, empty ? nullptr : &engine));
      if (latencies.empty()) continue;
      Row row("latency", fmt::format("{} events/s{}", rate, empty ? ", lines only" : ""));
      row.Text("label", options.label).Count("rate", rate).Count("events", latencies.size());
      row.Count("rules", empty ? 0 : conditions->rules());
      row.Real("p50_us", Quantile(latencies, 0.5) * 1e6);
      row.Real("p99_us", Quantile(latencies, 0.99) * 1e6);
      row.Real("p9999_us", Quantile(latencies, 0.9999) * 1e6);
      row.Real("max_us", latencies.back() * 1e6);
    }
  }
  return {};
}

}  // namespace vedette::bench
