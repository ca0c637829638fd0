// SPDX-License-Identifier: Apache-2.0
// Every EQL rule of the shared corpora is proved from its query alone; the rest are named.
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "engine/proof_run.h"
#include "eql/conformance_support.h"

namespace vedette::engine {
namespace {

using eql::conformance::Json;
using eql::conformance::ReadLines;
using eql::conformance::Text;

struct Table {
  std::size_t rules = 0, proved = 0, never = 0, near_misses = 0, findings = 0;
};

/// The part of the corpus that must be proved.
constexpr double kBar = 0.99;

void ProveCorpus(const std::filesystem::path& path, eql::Dialect dialect) {
  Table table;
  double slowest = 0;
  std::string slowest_name;
  const bool verbose = std::getenv("VEDETTE_VERBOSE") != nullptr;
  const char* only = std::getenv("VEDETTE_ONLY");
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string& line : ReadLines(path)) {
    const Json record(line);
    const std::string name = Text(record->Get("name"));
    if (only != nullptr && name.find(only) == std::string::npos) continue;
    eql::CheckOptions options;
    if (const auto category = record->Get("event_category_override"); category.is_string()) {
      options.category_field = category.text();
    }
    const base::Source source("rule", Text(record->Get("query")));
    const auto started = std::chrono::steady_clock::now();
    const ProofReport report = ProveQuery(source, dialect, options);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (seconds > slowest) {
      slowest = seconds;
      slowest_name = name;
    }
    ++table.rules;
    table.near_misses += report.near_misses;
    table.findings += report.findings.size();
    if (report.verdict == ProofReport::Verdict::kProved) {
      ++table.proved;
    } else {
      if (report.verdict == ProofReport::Verdict::kNeverFires) ++table.never;
      std::cout << "[ PROOF    ] " << VerdictName(report.verdict) << "  " << name << "\n";
      for (const std::string& reason : report.reasons)
        std::cout << "             " << reason << "\n";
    }
    if (!verbose) continue;
    std::cout << "## " << name << " " << seconds << "s\n";
    for (const std::string& finding : report.findings) std::cout << "   ! " << finding << "\n";
    for (const auto& stream : report.proof.streams) {
      std::cout << "   " << stream.name << "\n";
      for (const auto& event : stream.events) std::cout << "      " << event << "\n";
    }
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cout << "[ PROOF    ] " << path.filename().string() << ": " << table.rules << " rules, "
            << table.proved << " proved, " << table.never << " can never fire, "
            << table.rules - table.proved - table.never << " not proved; " << table.near_misses
            << " near misses, " << table.findings << " findings; " << seconds << " s, slowest "
            << slowest << " s (" << slowest_name << ")\n";
  if (only != nullptr) return;
  EXPECT_GE(static_cast<double>(table.proved), kBar * static_cast<double>(table.rules));
}

TEST(ProofCorpus, DetectionRules) {
  VEDETTE_NEED_SHARED(shared);
  ProveCorpus(shared / "corpora" / "detection-rules-eql.jsonl", eql::Dialect::kElasticsearch);
}

TEST(ProofCorpus, BehaviorRules) {
  VEDETTE_NEED_SHARED(shared);
  ProveCorpus(shared / "corpora" / "endpoint-behavior.jsonl", eql::Dialect::kEndpoint);
}

}  // namespace
}  // namespace vedette::engine
