// SPDX-License-Identifier: Apache-2.0
// generate_corpus EVENTS SEED [--NAME VALUE]… > FILE
// Linux telemetry as NDJSON; the same arguments give the same bytes. --planted FILE gets one JSON
// line for each planted event. docs/reference/bench.md has the names.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>

#include "fleet.h"
#include "member_order.h"

namespace {

using vedette::bench::CorpusOptions;
using vedette::bench::Entropy;
using vedette::bench::MemberOrder;

constexpr std::size_t kFlushBytes = std::size_t{1} << 20U;
/// Below this there is no room for all kinds of incident.
constexpr std::uint64_t kLeastForIncidents = 2'000;

struct Arguments {
  CorpusOptions corpus;
  MemberOrder order;
  std::string planted;
};

std::optional<std::uint64_t> ReadNumber(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool ReadOption(std::string_view name, std::string_view value, Arguments& arguments) {
  if (name == "--planted") {
    arguments.planted = value;
    return true;
  }
  CorpusOptions& corpus = arguments.corpus;
  if (name == "--entropy") {
    if (value != "low" && value != "mid" && value != "high") return false;
    corpus.entropy = value == "low"   ? Entropy::kLow
                     : value == "mid" ? Entropy::kMid
                                      : Entropy::kHigh;
    return true;
  }
  const auto number = ReadNumber(value);
  if (!number) return false;
  if (name == "--hosts" && *number > 0 && *number <= 100'000) {
    corpus.hosts = *number;
  } else if (name == "--attacks") {
    corpus.attacks = *number;
  } else if (name == "--look-alikes") {
    corpus.look_alikes = *number;
  } else if (name == "--disorder" && *number <= 3600) {
    corpus.disorder_seconds = *number;
  } else if (name == "--full-size" && *number <= 1) {
    corpus.full_size = *number == 1;
  } else if (name == "--shuffled" && *number <= 100) {
    arguments.order.shuffled = *number;
  } else if (name == "--dotted" && *number <= 100) {
    arguments.order.dotted = *number;
  } else {
    return false;
  }
  return true;
}

std::optional<Arguments> ReadArguments(int argc, char** argv) {
  if (argc < 3 || argc % 2 == 0) return std::nullopt;
  const auto events = ReadNumber(argv[1]);
  const auto seed = ReadNumber(argv[2]);
  if (!events || !seed) return std::nullopt;
  Arguments arguments;
  arguments.corpus.events = *events;
  arguments.corpus.seed = *seed;
  if (*events >= kLeastForIncidents) {
    // 24 and 9 in 200,000 events, 60 and 20 in a million.
    arguments.corpus.attacks = 15 + *events * 45 / 1'000'000;
    arguments.corpus.look_alikes = (25 + *events * 55 / 1'000'000) / 4;
  }
  for (int i = 3; i < argc; i += 2) {
    if (!ReadOption(argv[i], argv[i + 1], arguments)) return std::nullopt;
  }
  return arguments;
}

bool WriteAll(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

bool WritePlanted(const std::string& path, const std::vector<vedette::bench::Planted>& planted) {
  std::ofstream file(path);
  for (const auto& step : planted) {
    file << fmt::format(
        R"({{"incident":{},"kind":"{}","benign":{},"step":{},"bundled":{},"event_id":"{}","host":"{}"}})"
        "\n",
        step.incident, step.kind->name, step.kind->benign, step.step,
        step.kind->steps[step.step].bundled, step.event_id, step.host);
  }
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = ReadArguments(argc, argv);
  if (!arguments) {
    fmt::print(stderr,
               "usage: generate_corpus EVENTS SEED [--hosts N] [--entropy low|mid|high]\n"
               "         [--attacks N] [--look-alikes N] [--disorder SECONDS] [--full-size 0|1]\n"
               "         [--shuffled PERCENT] [--dotted PERCENT] [--planted FILE] > FILE\n");
    return 2;
  }
  vedette::bench::Fleet fleet(arguments->corpus);
  // A stream of its own: the layout must not change what is told.
  vedette::bench::Random layout(arguments->corpus.seed + 1);
  const bool reorder = arguments->order.shuffled != 0 || arguments->order.dotted != 0;
  std::string out;
  std::string document;
  for (std::uint64_t i = 0; i < arguments->corpus.events; ++i) {
    if (reorder) {
      document.clear();
      fleet.Append(i, document);
      vedette::bench::AppendReordered(document, arguments->order, layout, out);
    } else {
      fleet.Append(i, out);
    }
    out += '\n';
    if (out.size() >= kFlushBytes) {
      if (!WriteAll(out)) return 3;
      out.clear();
    }
  }
  if (!WriteAll(out) || std::fflush(stdout) != 0) return 3;
  if (!arguments->planted.empty() && !WritePlanted(arguments->planted, fleet.planted())) return 3;
  return 0;
}
