// SPDX-License-Identifier: Apache-2.0
// generate_corpus EVENTS SEED > FILE
// Linux telemetry as NDJSON; the same arguments give the same bytes. The number of alerts that the
// bundled rules must find in it goes to stderr, and to FILE.expected by way of run-bench.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>

#include "fleet.h"

namespace {

/// One true positive in as many events: four per 100,000.
constexpr std::uint64_t kPlantEvery = 25'000;
/// One event that only resembles a true positive in as many.
constexpr std::uint64_t kNearMissEvery = 1'000;
constexpr std::size_t kFlushBytes = std::size_t{1} << 20U;

std::optional<std::uint64_t> ReadNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool WriteAll(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

}  // namespace

int main(int argc, char** argv) {
  using vedette::bench::Plot;
  const auto events = argc == 3 ? ReadNumber(argv[1]) : std::nullopt;
  const auto seed = argc == 3 ? ReadNumber(argv[2]) : std::nullopt;
  if (!events || !seed) {
    fmt::print(stderr, "usage: generate_corpus EVENTS SEED > FILE\n");
    return 2;
  }
  vedette::bench::Fleet fleet(*seed);
  // A small corpus has one, too.
  const std::uint64_t first_planted =
      *events == 0 ? 0 : std::min(vedette::bench::Random(*seed).Below(kPlantEvery), *events - 1);
  std::uint64_t planted = 0;
  std::string out;
  for (std::uint64_t i = 0; i < *events; ++i) {
    Plot plot = Plot::kEveryday;
    if (i % kPlantEvery == first_planted) {
      plot = Plot::kPlanted;
      ++planted;
    } else if (i % kNearMissEvery == kNearMissEvery / 2) {
      plot = Plot::kNearMiss;
    }
    fleet.Append(i, plot, out);
    out += '\n';
    if (out.size() >= kFlushBytes) {
      if (!WriteAll(out)) return 3;
      out.clear();
    }
  }
  if (!WriteAll(out) || std::fflush(stdout) != 0) return 3;
  fmt::print(stderr, "{}\n", planted);
  return 0;
}
