// SPDX-License-Identifier: Apache-2.0
// Rules with state in a scan: what fires, and that threads, files and the sorter change nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "rules/rule_loader.h"
#include "service/event_sorter.h"
#include "service/reorder_window.h"
#include "service/scan_run.h"

namespace vedette::service {
namespace {

namespace fs = std::filesystem;

std::string RuleText(std::string_view name, std::string_view query) {
  return fmt::format(R"([metadata]
creation_date = "2026/01/01"
maturity = "production"
updated_date = "2026/01/01"
[rule]
author = ["Vedette"]
description = "test"
language = "eql"
license = "Apache-2.0"
name = "{}"
risk_score = 21
rule_id = "6f0b8f9e-0d8e-4a57-9d7c-{:012}"
severity = "low"
type = "eql"
query = '''{}'''
)",
                     name, name.size(), query);
}

std::string Event(int second, std::string_view host, std::string_view name,
                  std::string_view extra = "") {
  return fmt::format(
      R"({{"@timestamp":"2026-02-03T09:{:02}:{:02}.000Z","host":{{"id":"{}"}},"event":{{"category":["process"],"type":["start"]}},"process":{{"name":"{}"{}}}}})"
      "\n",
      second / 60, second % 60, host, name, extra);
}

class StatefulScan : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("vedette-stateful-{}", ::getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  io::InputFile Write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return {path.string(), text.size()};
  }
  DetectionSet Rules(std::string_view query) {
    const auto file = Write("rule.toml", RuleText("Steps", query));
    const auto loaded = rules::LoadRules({file.path});
    std::vector<engine::SkippedRule> skipped;
    DetectionSet set = DetectionSet::Build(loaded.rules, skipped);
    EXPECT_TRUE(skipped.empty()) << skipped.front().reason;
    EXPECT_EQ(set.size(), 1U);
    return set;
  }
  struct Outcome {
    std::string text;
    std::vector<std::size_t> blocks;
    ScanStats stats;
  };
  static Outcome Scan(const DetectionSet& set, const std::vector<io::InputFile>& files,
                      ScanOptions options = {}) {
    Outcome out;
    ScanSinks sinks;
    sinks.alert = [&](const PendingAlert& alert) -> base::Result<void> {
      for (const auto& block : alert.building_blocks) out.text += block + '\n';
      out.text += alert.document + '\n';
      out.blocks.push_back(alert.building_blocks.size());
      return {};
    };
    sinks.rejected = [](std::string_view, const Rejected&) { return base::Result<void>(); };
    auto stats = RunScan(set, files, options, sinks);
    EXPECT_TRUE(stats.has_value());
    if (stats) out.stats = std::move(*stats);
    return out;
  }
  fs::path folder_;
};

constexpr std::string_view kTwoSteps =
    "sequence by host.id with maxspan=1m [process where process.name == \"cpio\"] "
    "[process where process.name == \"cp\"]";

TEST_F(StatefulScan, ASequenceIsOneAlertWithItsBuildingBlocks) {
  const DetectionSet set = Rules(kTwoSteps);
  const auto file = Write("e.ndjson", Event(1, "a", "cpio") + Event(2, "b", "cp") +
                                          Event(30, "a", "cp") + Event(31, "a", "cp"));
  const Outcome out = Scan(set, {file});
  EXPECT_EQ(out.stats.alerts, 1U);
  ASSERT_EQ(out.blocks, std::vector<std::size_t>{2});
  EXPECT_THAT(out.text, testing::HasSubstr("\"kibana.alert.group.id\""));
}

TEST_F(StatefulScan, ThreadsAndSplitFilesChangeNothing) {
  const DetectionSet set = Rules(kTwoSteps);
  std::mt19937 random(7);
  std::string whole, odd, even;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = random() % 3 == 0 ? "cpio" : random() % 2 == 0 ? "cp" : "ls";
    const std::string event =
        Event(i / 2, "h" + std::to_string(random() % 5), name,
              fmt::format(R"(,"pid":{},"command_line":"{}")", i, std::string(600, 'x')));
    whole += event;
    (i % 2 == 0 ? even : odd) += event;
  }
  const auto file = Write("whole.ndjson", whole);
  ScanOptions options;
  options.max_signals = 0;
  const Outcome one = Scan(set, {file}, options);
  EXPECT_GT(one.stats.alerts, 100U);
  for (const std::size_t threads : {2U, 4U}) {
    options.pipeline.threads = threads;
    EXPECT_EQ(Scan(set, {file}, options).text, one.text);
  }
  // As if the files were one stream: the same results, ties in the order of the files.
  const Outcome two = Scan(set, {Write("even.ndjson", even), Write("odd.ndjson", odd)}, options);
  EXPECT_EQ(two.stats.alerts, one.stats.alerts);
}

TEST_F(StatefulScan, DisorderWithinTheLatenessIsMended) {
  const DetectionSet set = Rules(kTwoSteps);
  const auto file = Write("e.ndjson", Event(30, "a", "cp") + Event(20, "a", "cpio"));
  ScanOptions options;
  EXPECT_EQ(Scan(set, {file}, options).stats.alerts, 1U);
  options.lateness = std::chrono::seconds(5);
  const Outcome late = Scan(set, {file}, options);
  EXPECT_EQ(late.stats.alerts, 0U);
  EXPECT_EQ(late.stats.late, 1U);
}

TEST_F(StatefulScan, AMissingItemAtTheEndIsDecidedByTheClock) {
  const DetectionSet set = Rules(
      "sequence by host.id with maxspan=10s [process where process.name == \"cpio\"] "
      "![process where process.name == \"cp\"]");
  const auto file = Write("e.ndjson", Event(1, "a", "cpio") + Event(5, "a", "cp") +
                                          Event(20, "b", "cpio") + Event(31, "b", "cp"));
  EXPECT_EQ(Scan(set, {file}).stats.alerts, 1U);
}

TEST_F(StatefulScan, SamplesNeedNoOrder) {
  const DetectionSet set = Rules(
      "sample by host.id [process where process.name == \"cpio\"] "
      "[process where process.name == \"cp\"]");
  const auto file = Write("e.ndjson", Event(1, "a", "cp") + Event(2, "b", "cpio") +
                                          Event(3, "a", "cpio") + Event(4, "a", "cp"));
  EXPECT_EQ(Scan(set, {file}).stats.alerts, 1U);
}

TEST(EventSorter, SpillsAndMergesInOrder) {
  std::mt19937_64 random(3);
  for (const std::size_t memory : {std::size_t{1} << 30U, std::size_t{20'000}}) {
    EventSorter sorter(memory);
    std::vector<std::pair<std::int64_t, std::uint64_t>> wanted;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      OrderedEvent event;
      event.timestamp.nanoseconds = static_cast<std::int64_t>(random() % 300);
      event.arrival = i;
      event.json = std::string(random() % 50, 'j');
      event.hits = {{static_cast<std::uint32_t>(i), 7}};
      event.enrich = i % 2 == 0;
      wanted.emplace_back(event.timestamp.nanoseconds, i);
      ASSERT_TRUE(sorter.Add(std::move(event)));
    }
    EXPECT_EQ(sorter.spilled_runs() > 1, memory == 20'000);
    std::sort(wanted.begin(), wanted.end());
    std::vector<std::pair<std::int64_t, std::uint64_t>> got;
    ASSERT_TRUE(sorter.Drain([&](const OrderedEvent& event) -> base::Result<void> {
      got.emplace_back(event.timestamp.nanoseconds, event.arrival);
      EXPECT_EQ(event.hits[0].statement, event.arrival);
      EXPECT_EQ(event.enrich, event.arrival % 2 == 0);
      return {};
    }));
    EXPECT_EQ(got, wanted);
  }
}

TEST(ReorderWindow, HandsOutInOrderAndNamesTheLate) {
  std::vector<std::int64_t> got, late;
  const auto to = [](std::vector<std::int64_t>& list) {
    return [&list](const OrderedEvent& event) -> base::Result<void> {
      list.push_back(event.timestamp.nanoseconds);
      return {};
    };
  };
  ReorderWindow window(base::Duration(10), to(got), to(late));
  std::uint64_t arrival = 0;
  for (const std::int64_t time : {5, 3, 12, 2, 20, 9, 11, 40}) {
    OrderedEvent event;
    event.timestamp.nanoseconds = time;
    event.arrival = arrival++;
    ASSERT_TRUE(window.Add(std::move(event)));
  }
  ASSERT_TRUE(window.Finish());
  EXPECT_THAT(got, testing::ElementsAre(2, 3, 5, 11, 12, 20, 40));
  EXPECT_THAT(late, testing::ElementsAre(9));
  EXPECT_EQ(window.late(), 1U);
}

}  // namespace
}  // namespace vedette::service
