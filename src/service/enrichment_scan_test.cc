// SPDX-License-Identifier: Apache-2.0
// What parents from earlier events change in a scan, on the labelled streams of tests/data/parents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/rule_loader.h"
#include "service/scan_run.h"

namespace vedette::service {
namespace {

namespace fs = std::filesystem;
using Labels = std::map<std::string, std::set<std::string>>;  ///< case -> rules

std::string LabelOf(const rules::Rule& rule) {
  return rule.origin.path.find("initramfs") != std::string::npos ? "initramfs_cpio" : "boot_copy";
}

/// The labels of a stream: `before` without enrichment, `after` with it.
Labels Expected(const fs::path& file, const char* which) {
  Labels labels;
  std::ifstream in(file);
  base::Arena arena;
  event::JsonReader reader;
  for (std::string line; std::getline(in, line);) {
    const auto tree = reader.Read(line, arena);
    EXPECT_TRUE(tree.has_value()) << line;
    if (!tree) continue;
    const event::Value expected = tree->Get("expected");
    const event::Value rules = expected.Get(which);
    if (!rules.is_list()) continue;
    for (const auto& rule : rules.list()) {
      labels[std::string(expected.Get("case").text())].emplace(rule.text());
    }
  }
  return labels;
}

struct Outcome {
  Labels labels;
  std::map<std::string, std::string> enriched;  ///< case -> vedette.enriched as JSON
};

Outcome Scan(const DetectionSet& set, const fs::path& file, Enrichment enrichment,
             std::size_t threads) {
  Outcome outcome;
  ScanOptions options;
  options.enrichment = enrichment;
  options.pipeline.threads = threads;
  options.max_signals = 0;
  // The streams hold one scene after the other, each with a clock of its own.
  options.lateness = std::chrono::hours(24);
  ScanSinks sinks;
  sinks.alert = [&](const PendingAlert& alert) -> base::Result<void> {
    base::Arena arena;
    event::JsonReader reader;
    const auto tree = reader.Read(alert.document, arena);
    EXPECT_TRUE(tree.has_value());
    const std::string name(tree->GetPath("expected.case").text());
    outcome.labels[name].insert(LabelOf(set.rule(alert.rule)));
    std::string json;
    event::WriteJson(tree->GetPath("vedette.enriched"), json);
    outcome.enriched[name] = json;
    return {};
  };
  sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
  const std::vector<io::InputFile> files = {{file.string(), fs::file_size(file)}};
  const auto stats = RunScan(set, files, options, sinks);
  EXPECT_TRUE(stats.has_value());
  return outcome;
}

class EnrichmentScan : public ::testing::TestWithParam<const char*> {};

TEST_P(EnrichmentScan, AlertsEqualLabels) {
  const auto loaded = rules::LoadRules({std::string(VEDETTE_SOURCE_DIR) + "/rules"});
  std::vector<engine::SkippedRule> skipped;
  const DetectionSet set = DetectionSet::Build(loaded.rules, skipped);
  const fs::path file = fs::path(VEDETTE_SOURCE_DIR) / "tests" / "data" / "parents" /
                        (GetParam() + std::string(".ndjson"));
  ASSERT_TRUE(fs::exists(file));
  EXPECT_EQ(Scan(set, file, Enrichment::kNone, 1).labels, Expected(file, "before"));
  const Outcome enriched = Scan(set, file, Enrichment::kAll, 1);
  EXPECT_EQ(enriched.labels, Expected(file, "after"));
  EXPECT_EQ(Scan(set, file, Enrichment::kAll, 3).enriched, enriched.enriched);
  for (const auto& [name, fields] : enriched.enriched) {
    if (!name.starts_with("win-")) continue;
    EXPECT_THAT(fields, testing::HasSubstr("process.parent.")) << name;
  }
  // Documents that are ECS already stay as they are unless asked for.
  EXPECT_EQ(Scan(set, file, Enrichment::kRaw, 1).labels, Expected(file, "before"));
}

INSTANTIATE_TEST_SUITE_P(Sources, EnrichmentScan,
                         ::testing::Values("audit_log", "auditbeat", "crowdstrike_fdr",
                                           "elastic_defend", "sentinelone_cloud_funnel"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace vedette::service
