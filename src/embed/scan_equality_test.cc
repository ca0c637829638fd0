// SPDX-License-Identifier: Apache-2.0
// The engine finds what a scan finds, byte for byte, however its input is cut.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "embed/embedded_for_test.h"
#include "embed/rule_text_for_test.h"
#include "rules/rule_loader.h"
#include "service/scan_run.h"

namespace vedette {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> SampleFiles() {
  std::vector<std::string> files;
  for (const char* folder : {"/examples", "/tests/data/parents"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(std::string(VEDETTE_SOURCE_DIR) + folder)) {
      const std::string suffix = entry.path().extension();
      if (suffix == ".ndjson" || suffix == ".log") files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The bundled rules, and some that find much: in each event, and in pairs of events.
const std::vector<std::pair<std::string, std::string>>& Texts() {
  static const std::vector<std::pair<std::string, std::string>> texts = {
      {"any.toml", RuleText("Any", 1, "any where true")},
      {"parent.toml", RuleText("Parent", 2, "process where process.parent.name != null")},
      {"pair.toml", RuleText("Pair", 3, kPairOfProcesses)},
  };
  return texts;
}

const RuleSet& Rules() {
  static const RuleSet rules = [] {
    RuleLoader loader;
    loader.AddBundled();
    for (const auto& [name, text] : Texts()) loader.AddText(name, text);
    return loader.Compile();
  }();
  return rules;
}

/// The same rules for RunScan, loaded apart from the embedding API.
const service::DetectionSet& ScanRules() {
  static const service::DetectionSet set = [] {
    rules::RuleSetLoad all = rules::LoadRules({VEDETTE_SOURCE_DIR "/rules"});
    for (const auto& [name, text] : Texts()) {
      for (auto& rule : rules::LoadRulesFromText(name, text).rules) all.rules.push_back(rule);
    }
    std::vector<engine::SkippedRule> skipped;
    return service::DetectionSet::Build(all.rules, skipped);
  }();
  return set;
}

service::ScanOptions ScanOptionsOf(std::int64_t max_alerts) {
  service::ScanOptions options;
  options.stamp.created = {kNow};
  options.max_signals = max_alerts;
  return options;
}

struct ScanOutcome {
  std::string documents;
  service::ScanStats stats;
};

ScanOutcome Scan(const std::vector<std::string>& paths, const service::ScanOptions& options) {
  std::vector<io::InputFile> files;
  for (const auto& path : paths) files.push_back({path, {}});
  ScanOutcome out;
  service::ScanSinks sinks;
  sinks.alert = [&](const service::PendingAlert& alert) -> base::Result<void> {
    for (const auto& block : alert.building_blocks) out.documents += block + '\n';
    out.documents += alert.document + '\n';
    return {};
  };
  sinks.rejected = [](std::string_view, const service::Rejected&) { return base::Result<void>(); };
  auto stats = service::RunScan(ScanRules(), files, options, sinks);
  EXPECT_TRUE(stats.has_value());
  if (stats) out.stats = std::move(*stats);
  return out;
}

TEST(ScanEquality, FindsWhatAScanFindsWhateverTheCuts) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  std::size_t alerts = 0;
  for (const std::string& path : SampleFiles()) {
    SCOPED_TRACE(path);
    const ScanOutcome scan = Scan({path}, ScanOptionsOf(0));
    alerts += scan.stats.alerts;
    const std::string text = ReadFile(path);
    for (const std::size_t most : {std::size_t{7}, std::size_t{5000}, text.size()}) {
      const Outcome embedded = Embedded(Rules(), FixedOptions(), {text}, random, most);
      ASSERT_TRUE(embedded.status.ok()) << embedded.status.message();
      ASSERT_EQ(embedded.documents, scan.documents);
      EXPECT_EQ(embedded.counters.events, scan.stats.counters.events);
      EXPECT_EQ(embedded.counters.detections, scan.stats.alerts);
      EXPECT_EQ(embedded.counters.duplicates, scan.stats.duplicates);
      EXPECT_EQ(embedded.counters.rejected, scan.stats.rejected);
      EXPECT_EQ(embedded.counters.enriched, scan.stats.enriched);
      EXPECT_EQ(embedded.counters.late, scan.stats.late);
      EXPECT_EQ(embedded.counters.bytes, text.size());
    }
  }
  EXPECT_GT(alerts, 200U);
}

TEST(ScanEquality, SortsSeveralInputsAsAScanDoes) {
  std::vector<std::string> texts;
  for (const std::string& path : SampleFiles()) texts.push_back(ReadFile(path));
  const ScanOutcome scan = Scan(SampleFiles(), ScanOptionsOf(-1));
  EngineOptions options = FixedOptions();
  options.max_alerts = -1;
  options.sort_inputs = true;
  std::mt19937 random(2);
  const Outcome embedded = Embedded(Rules(), options, texts, random, 60'000);
  ASSERT_TRUE(embedded.status.ok());
  EXPECT_EQ(embedded.documents, scan.documents);
  EXPECT_EQ(embedded.counters.truncated, scan.stats.truncated);
  EXPECT_GT(embedded.counters.truncated, 0U);
}

TEST(ScanEquality, LoneMatchesAreTheAlertsWithoutTheirDocuments) {
  for (const std::string& path : SampleFiles()) {
    SCOPED_TRACE(path);
    EngineOptions options = FixedOptions();
    options.enrichment = ParentEnrichment::kNone;
    const auto run = [&](Output output) {
      options.output = output;
      std::vector<std::string> found_ids;
      auto engine = Engine::Create(Rules(), options, [&](const Detection& found) {
        EXPECT_EQ(found.document().empty(),
                  output == Output::kMatches && !Rules().rule(found.rule()).stateful);
        EXPECT_EQ(found.document().empty(), !found.event().empty());
        std::string ids(found.rule_id());
        for (const auto& id : found.event_ids()) ids += " " + id;
        found_ids.push_back(ids);
      });
      EXPECT_TRUE(engine.ok());
      EXPECT_TRUE(engine->Feed(ReadFile(path)).ok());
      EXPECT_TRUE(engine->Finish().ok());
      EXPECT_EQ(engine->counters().detections, found_ids.size());
      std::sort(found_ids.begin(), found_ids.end());
      // Without ids, twins and duplicates look alike.
      found_ids.erase(std::unique(found_ids.begin(), found_ids.end()), found_ids.end());
      return found_ids;
    };
    EXPECT_EQ(run(Output::kMatches), run(Output::kAlerts));
  }
}

TEST(ScanEquality, EnginesOfOneSetRunSideBySide) {
  const std::string text = ReadFile(SampleFiles().front());
  const std::string alone = EmbeddedWhole(Rules(), FixedOptions(), text).documents;
  std::vector<std::string> found(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& one : found) {
      threads.emplace_back(
          [&one, &text] { one = EmbeddedWhole(Rules(), FixedOptions(), text).documents; });
    }
  }
  for (const std::string& one : found) EXPECT_EQ(one, alone);
}

}  // namespace
}  // namespace vedette
