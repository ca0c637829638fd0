// SPDX-License-Identifier: Apache-2.0
// The two bundled detections over labelled events of all six sources, and what a scan must hold
// whatever the data.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "event/json_reader.h"
#include "rules/rule_loader.h"
#include "service/record_processor.h"
#include "service/scan_run.h"

namespace vedette::service {
namespace {

namespace fs = std::filesystem;

std::string SharedFolder() {
  const char* given = std::getenv("VEDETTE_SHARED");
  return given != nullptr ? given : std::string(VEDETTE_SOURCE_DIR) + "/../shared";
}

DetectionSet BundledSet() {
  const auto loaded = rules::LoadRules({std::string(VEDETTE_SOURCE_DIR) + "/rules"});
  std::vector<engine::SkippedRule> skipped;
  return DetectionSet::Build(loaded.rules, skipped);
}

/// The label of a bundled rule in the data: boot_copy or initramfs_cpio.
std::string LabelOf(const rules::Rule& rule) {
  return rule.origin.path.find("initramfs") != std::string::npos ? "initramfs_cpio" : "boot_copy";
}

TEST(BootPersistenceTest, AlertsEqualLabelsOnEverySource) {
  const fs::path folder = fs::path(SharedFolder()) / "sources" / "boot_persistence";
  if (!fs::exists(folder)) GTEST_SKIP() << "LOUD SKIP: no labelled events at " << folder;
  const DetectionSet set = BundledSet();
  ASSERT_EQ(set.size(), 2U);
  std::size_t events = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".ndjson") continue;
    RecordProcessor processor(set, nullptr, {});
    RecordDecoder decoder({});
    std::ifstream in(entry.path());
    std::string line;
    while (std::getline(in, line)) {
      base::Arena arena;
      event::JsonReader reader;
      const auto tree = reader.Read(line, arena);
      ASSERT_TRUE(tree.has_value()) << tree.error().message();
      std::multiset<std::string> expected;
      const event::Value label = tree->Get("expected");
      for (const auto& rule : label.Get("rules").list()) expected.emplace(rule.text());
      std::string record = "{";
      for (const auto& member : tree->object()) {
        if (member.key == "expected") continue;
        if (record.size() > 1) record += ',';
        record += fmt::format("\"{}\":", member.key);
        event::WriteJson(member.value, record);
      }
      record += '}';
      BatchFindings result;
      Counters counters;
      std::vector<Rejected> rejected;
      decoder.Decode({record, {}}, counters, rejected,
                     [&](DecodedEvent& decoded) { processor.Process(decoded, decoder, result); });
      std::multiset<std::string> fired;
      for (const auto& alert : result.alerts) fired.insert(LabelOf(set.rule(alert.rule)));
      EXPECT_EQ(fired, expected) << entry.path().filename() << ": " << label.Get("case").text();
      EXPECT_EQ(rejected.size(), 0U);
      ++events;
    }
  }
  EXPECT_GE(events, 446U);
}

/// A scan of text files written for the test; everything that comes out, as text.
class ScanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("vedette-scan-{}", ::getpid());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string CpioEvent(int i, std::string_view id = "", std::string_view parent = "bash") {
    return fmt::format(
        R"({{"@timestamp":"2026-02-03T09:{:02}:{:02}.000Z"{},"agent":{{"type":"endpoint"}},"data_stream":{{"dataset":"endpoint.events.process"}},)"
        R"("event":{{"action":"exec","category":["process"],"type":["start"]}},"host":{{"os":{{"type":"linux"}}}},)"
        R"("process":{{"name":"cpio","args":["cpio","-i","-H","newc"],"parent":{{"name":"{}"}}}}}})",
        i / 60 % 60, i % 60, id.empty() ? "" : fmt::format(R"(,"_x":"{}")", id), parent);
  }

  io::InputFile WriteFile(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return {path.string(), text.size()};
  }

  struct Outcome {
    std::vector<std::string> documents, uuids;
    std::vector<std::string> codes;
    ScanStats stats;
    std::string error;
  };
  Outcome Run(const std::vector<io::InputFile>& files, ScanOptions options = {}) {
    Outcome outcome;
    ScanSinks sinks;
    sinks.alert = [&](const PendingAlert& alert) -> base::Result<void> {
      outcome.documents.push_back(alert.document);
      outcome.uuids.push_back(alert.summary.uuid);
      return {};
    };
    sinks.rejected = [&](std::string_view, const Rejected& rejected) -> base::Result<void> {
      outcome.codes.emplace_back(rejected.code);
      return {};
    };
    auto stats = RunScan(set_, files, options, sinks);
    if (stats) {
      outcome.stats = std::move(*stats);
    } else {
      outcome.error = stats.error().message();
    }
    return outcome;
  }

  const DetectionSet set_ = BundledSet();
  fs::path folder_;
};

TEST_F(ScanTest, OutputIsTheSameForAnyNumberOfThreads) {
  std::string text;
  for (int i = 0; i < 6000; ++i) {
    text += i % 7 == 0 ? "{broken\n" : CpioEvent(i % 3000, "", i % 3 == 0 ? "dracut" : "sh") + "\n";
  }
  const auto file = WriteFile("events.ndjson", text);
  ScanOptions options;
  options.max_signals = 0;
  const Outcome one = Run({file}, options);
  EXPECT_GT(one.documents.size(), 3000U);
  for (const std::size_t threads : {2U, 3U, 8U}) {
    options.pipeline.threads = threads;
    const Outcome many = Run({file}, options);
    EXPECT_EQ(many.documents, one.documents) << threads;
    EXPECT_EQ(many.codes, one.codes) << threads;
  }
}

TEST_F(ScanTest, TwinsHaveTheirOwnIdsAndKeepThemElsewhere) {
  const std::string event = CpioEvent(1) + "\n";
  const Outcome here = Run({WriteFile("a.ndjson", event + event + event)});
  const Outcome there = Run({WriteFile("b.ndjson", event + event + event)});
  EXPECT_EQ(here.uuids.size(), 3U);
  EXPECT_EQ(std::set<std::string>(here.uuids.begin(), here.uuids.end()).size(), 3U);
  EXPECT_EQ(here.uuids, there.uuids);
}

TEST_F(ScanTest, EventsWithAnIdAlertOnce) {
  std::string event = CpioEvent(1);
  event.insert(event.find("\"action\""), "\"id\":\"e1\",");
  const Outcome outcome = Run({WriteFile("a.ndjson", event + "\n" + event + "\n")});
  EXPECT_EQ(outcome.uuids.size(), 1U);
  EXPECT_EQ(outcome.stats.duplicates, 1U);
}

TEST_F(ScanTest, MaxSignalsKeepsTheEarliestAndSaysWhatItCut) {
  std::string late, early;
  for (int i = 0; i < 150; ++i) (i % 2 == 0 ? early : late) += CpioEvent(i) + "\n";
  const Outcome outcome = Run({WriteFile("a.ndjson", late), WriteFile("b.ndjson", early)});
  EXPECT_EQ(outcome.documents.size(), 100U);
  EXPECT_EQ(outcome.stats.truncated, 50U);
  // Both files as one stream: the hundredth alert is of the hundredth second.
  EXPECT_NE(outcome.documents.back().find("\"kibana.alert.original_time\":\"2026-02-03T09:01:39"),
            std::string::npos);
}

TEST_F(ScanTest, BadRecordsAreCountedAndTheRestIsRead) {
  const std::string good = CpioEvent(1) + "\n";
  std::string text = good + "{\"half\":\n" + good;
  text += std::string("{\"a\":\"\0\"}\n", 10);
  text += std::string(10'000, '[') + std::string(10'000, ']') + "\n";
  text += "plain words\n5\n";
  text += "{\"x\":\"" + std::string(200'000, 'y') + "\"}\n" + CpioEvent(2);
  ScanOptions options;
  options.pipeline.max_record_bytes = 100'000;
  const Outcome outcome = Run({WriteFile("bad.ndjson", text)}, options);
  EXPECT_EQ(outcome.documents.size(), 3U);
  EXPECT_EQ(outcome.stats.rejected, 6U) << fmt::format("{}", fmt::join(outcome.codes, " "));
  EXPECT_EQ(outcome.stats.rejected_by.at("too_long"), 1U);
  EXPECT_EQ(outcome.stats.rejected_by.at("limit_exceeded"), 1U);
  options.pipeline.strict = true;
  EXPECT_NE(Run({WriteFile("bad.ndjson", text)}, options).error.find("bad.ndjson:2:"),
            std::string::npos);
}

TEST_F(ScanTest, HalfALineAtTheStartLosesNothingAfterIt) {
  const Outcome outcome =
      Run({WriteFile("half.ndjson", "{\"half\":\n" + CpioEvent(1) + "\n" + CpioEvent(2) + "\n")});
  EXPECT_EQ(outcome.documents.size(), 2U);
  EXPECT_EQ(outcome.stats.rejected, 1U);
}

TEST_F(ScanTest, WindowAndMissingFile) {
  ScanOptions options;
  options.pipeline.decoder.from = base::ParseIsoTime("2026-02-03T09:00:01Z");
  options.pipeline.decoder.to = base::ParseIsoTime("2026-02-03T09:00:03Z");
  std::string text;
  for (int i = 0; i < 5; ++i) text += CpioEvent(i) + "\n";
  const Outcome outcome =
      Run({WriteFile("w.ndjson", text), {"/nonexistent/x", std::nullopt}}, options);
  EXPECT_EQ(outcome.documents.size(), 2U);
  EXPECT_EQ(outcome.stats.counters.outside_window, 3U);
  EXPECT_EQ(outcome.stats.problems.size(), 1U);
}

TEST_F(ScanTest, WrongTypesNeitherAlertNorFail) {
  std::string text;
  for (const char* args :
       {"\"cpio -H newc\"", "5", "{\"0\":\"-H\"}", "null", "[[\"-H\"],[\"newc\"]]"}) {
    std::string event = CpioEvent(1);
    const auto at = event.find("[\"cpio\"");
    event.replace(at, event.find(']', at) + 1 - at, args);
    text += event + "\n";
  }
  const Outcome outcome = Run({WriteFile("t.ndjson", text)});
  // Nested arrays are flattened, as the index would flatten them.
  EXPECT_EQ(outcome.documents.size(), 1U);
  EXPECT_EQ(outcome.stats.rejected, 0U);
}

}  // namespace
}  // namespace vedette::service
