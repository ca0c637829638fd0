// SPDX-License-Identifier: Apache-2.0
// engine_bench PART [--NAME VALUE]…
// One part of the benchmark; bench/run-bench calls it with the corpora and rules of each. Prints a
// line of JSON for each result. docs/reference/bench.md.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "parts.h"

namespace {

using vedette::bench::PartOptions;
using Part = vedette::base::Result<void> (*)(const PartOptions&);

constexpr std::pair<std::string_view, Part> kParts[] = {
    {"limits", vedette::bench::RunLimits},       {"scan", vedette::bench::RunScan},
    {"oracle", vedette::bench::RunOracle},       {"growth", vedette::bench::RunGrowth},
    {"cores", vedette::bench::RunCores},         {"memory", vedette::bench::RunMemory},
    {"sequences", vedette::bench::RunSequences}, {"latency", vedette::bench::RunLatency},
    {"cliffs", vedette::bench::RunCliffs},
};

template <typename Number>
bool ReadNumber(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

template <typename Number>
bool ReadNumbers(std::string_view text, std::vector<Number>& out) {
  out.clear();
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    Number number{};
    if (!ReadNumber(one, number)) return false;
    out.push_back(number);
  }
  return !out.empty();
}

bool ReadOption(std::string_view name, std::string_view value, PartOptions& options) {
  if (name == "--corpus") return (options.corpus = value, true);
  if (name == "--rules") return (options.rules = value, true);
  if (name == "--label") return (options.label = value, true);
  if (name == "--counts") return ReadNumbers(value, options.counts);
  if (name == "--stages") return (options.stages = value == "1", true);
  if (name == "--pairs") return ReadNumber(value, options.pairs) && options.pairs > 0;
  if (name == "--sample") return ReadNumber(value, options.sample);
  if (name == "--seed") return ReadNumber(value, options.seed);
  if (name == "--keys") return ReadNumbers(value, options.keys);
  if (name == "--rates") return ReadNumbers(value, options.rates);
  if (name == "--seconds") return ReadNumber(value, options.seconds);
  return false;
}

int Usage() {
  std::string parts;
  for (const auto& [name, part] : kParts)
    parts += fmt::format("{}{}", parts.empty() ? "" : "|", name);
  fmt::print(stderr, "usage: engine_bench {} [--corpus FILE] [--rules FILE] [--NAME VALUE]…\n",
             parts);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc % 2 != 0) return Usage();
  PartOptions options;
  for (int i = 2; i < argc; i += 2) {
    if (!ReadOption(argv[i], argv[i + 1], options)) return Usage();
  }
  for (const auto& [name, part] : kParts) {
    if (name != argv[1]) continue;
    if (const auto done = part(options); !done) {
      fmt::print(stderr, "engine_bench {}: {}\n", name, done.error().message());
      return 3;
    }
    return 0;
  }
  return Usage();
}
