// SPDX-License-Identifier: Apache-2.0
// Every raw vendor record of the reference samples against what upstream's pipeline made of it.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "sources/decoder.h"
#include "sources/record_unwrapper.h"
#include "sources/shared_samples.h"

namespace vedette::sources {
namespace {

using event::Value;
using testing::FlatFields;

bool IsUnder(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.');
}

bool IsUnderAny(std::string_view path, const std::vector<std::string_view>& roots) {
  for (const std::string_view root : roots) {
    if (IsUnder(path, root)) return true;
  }
  return false;
}

// Compared in full, arrays as arrays.
const std::vector<std::string_view> kFdrCompared = {
    "@timestamp",  "event",   "process", "host",   "user",     "group", "file",       "source",
    "destination", "network", "dns",     "device", "observer", "rule",  "crowdstrike"};
// GeoIP lookups, the raw line, and the hash over the five-tuple.
const std::vector<std::string_view> kFdrNotOurs = {
    "event.original", "observer.geo",    "observer.type",  "observer.vendor",     "source.geo",
    "source.as",      "destination.geo", "destination.as", "network.community_id"};

struct Case {
  std::string name;
  std::string folder;
  std::string file;
  std::vector<std::string_view> compared;
  std::vector<std::string_view> ignored;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const char* file : {"linux", "fim_linux", "macos_files", "synthetic"}) {
    cases.push_back(
        {std::string("fdr_") + file, "crowdstrike_fdr", file, kFdrCompared, kFdrNotOurs});
  }
  // Made by a pipeline of 2021, which had neither the device's id nor real users, and copied less.
  std::vector<std::string_view> older = kFdrNotOurs;
  older.insert(older.end(),
               {"host.id", "device.id", "process.real_user", "process.real_group", "process.group",
                "process.group_leader", "user.Ext", "group", "crowdstrike.ContextProcessId",
                "crowdstrike.MD5HashData", "crowdstrike.SHA256HashData"});
  cases.push_back({"fdr_mixed_2021", "crowdstrike_fdr", "mixed_2021", kFdrCompared, older});
  const std::vector<std::string_view> funnel = {
      "@timestamp", "event",  "process",     "host",    "user", "group",
      "file",       "source", "destination", "network", "dns",  "sentinel_one_cloud_funnel"};
  // The time of day gets an invented date upstream; the network output is older than its action.
  cases.push_back({"funnel_windows",
                   "sentinelone_cloud_funnel",
                   "windows",
                   funnel,
                   {"event.original", "sentinel_one_cloud_funnel.event.timestamp"}});
  cases.push_back({"funnel_synthetic",
                   "sentinelone_cloud_funnel",
                   "synthetic",
                   funnel,
                   {"event.original", "sentinel_one_cloud_funnel.event.timestamp"}});
  return cases;
}

FlatFields Comparable(const Value& document, const Case& test) {
  FlatFields out;
  for (auto& [path, json] : testing::Flat(document)) {
    if (IsUnderAny(path, test.compared) && !IsUnderAny(path, test.ignored)) out[path] = json;
  }
  return out;
}

Value Decode(const Value& record, base::Arena& arena) {
  const Recognition seen = Recognise(record);
  EXPECT_EQ(seen.form, Form::kRaw);
  return seen.source == SourceId::kCrowdstrikeFdr ? DecodeCrowdstrikeFdr(record, arena)
                                                  : DecodeSentineloneCloudFunnel(record, arena);
}

class VendorSamples : public ::testing::TestWithParam<Case> {};

TEST_P(VendorSamples, AgreeWithUpstream) {
  const auto shared = testing::SharedSources();
  if (shared.empty()) GTEST_SKIP() << "NO SHARED REFERENCE DATA: vendor samples not compared";
  const Case& test = GetParam();
  const auto folder = shared / "samples" / test.folder;
  const auto raw = testing::Lines(folder / (test.file + ".ndjson"));
  const auto expected = testing::Lines(folder / (test.file + ".expected.ndjson"));
  ASSERT_FALSE(raw.empty());
  ASSERT_EQ(raw.size(), expected.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    SCOPED_TRACE("record " + std::to_string(i + 1));
    base::Arena arena;
    const FlatFields want = Comparable(testing::Parse(expected[i], arena), test);
    FlatFields have = Comparable(Decode(testing::Parse(raw[i], arena), arena), test);
    if (test.name == "funnel_windows" && i == 2) have.erase("event.action");
    for (const auto& [path, json] : want) {
      const auto found = have.find(path);
      EXPECT_EQ(found == have.end() ? "(absent)" : found->second, json) << path;
      ++compared;
    }
    for (const auto& [path, json] : have) {
      EXPECT_TRUE(want.contains(path)) << path << " = " << json << " is not upstream's";
    }
  }
  RecordProperty("fields_compared", static_cast<int>(compared));
}

INSTANTIATE_TEST_SUITE_P(All, VendorSamples, ::testing::ValuesIn(Cases()),
                         [](const auto& each) { return each.param.name; });

TEST(SharedWrappers, AllHoldTheSameDocument) {
  const auto shared = testing::SharedSources();
  if (shared.empty()) GTEST_SKIP() << "NO SHARED REFERENCE DATA: wrappers not compared";
  const auto folder = shared / "samples" / "wrappers";
  std::vector<std::vector<FlatFields>> documents;
  for (const char* name :
       {"hits.ndjson", "dotted_keys.ndjson", "fields_response.ndjson", "search_response.json"}) {
    SCOPED_TRACE(name);
    const bool whole = std::string_view(name).ends_with(".json");
    const auto texts =
        whole ? std::vector{testing::WholeText(folder / name)} : testing::Lines(folder / name);
    std::vector<FlatFields> found;
    for (const std::string& text : texts) {
      base::Arena arena;
      UnwrapRecords(testing::Parse(text, arena), arena, [&](const UnwrappedRecord& record) {
        EXPECT_EQ(Recognise(record.document).source, SourceId::kElasticDefend);
        FlatFields flat = testing::Flat(record.document);
        // A `fields` request answers with leaves only: this array of objects is not in it.
        std::erase_if(flat,
                      [](const auto& leaf) { return IsUnder(leaf.first, "process.previous"); });
        found.push_back(flat);
      });
    }
    EXPECT_GE(found.size(), 1U);
    documents.push_back(found);
  }
  for (const auto& other : documents) {
    const std::size_t both = std::min(other.size(), documents.front().size());
    for (std::size_t i = 0; i < both; ++i) {
      for (const auto& [path, json] : documents.front()[i]) {
        const auto found = other[i].find(path);
        EXPECT_EQ(found == other[i].end() ? "(absent)" : found->second, json) << path;
      }
      EXPECT_EQ(other[i].size(), documents.front()[i].size());
    }
  }
}

struct Folder {
  std::string file;
  SourceId source;
};

TEST(SharedRecognition, EveryRecordOfEverySource) {
  const auto shared = testing::SharedSources();
  if (shared.empty()) GTEST_SKIP() << "NO SHARED REFERENCE DATA: recognition not tried on samples";
  const std::vector<Folder> files = {
      {"boot_persistence/elastic_defend.ndjson", SourceId::kElasticDefend},
      {"boot_persistence/endgame.ndjson", SourceId::kEndgame},
      {"boot_persistence/auditbeat.ndjson", SourceId::kAuditbeat},
      {"boot_persistence/auditd_manager.ndjson", SourceId::kAuditdManager},
      {"boot_persistence/crowdstrike_fdr.ndjson", SourceId::kCrowdstrikeFdr},
      {"boot_persistence/sentinelone_cloud_funnel.ndjson", SourceId::kSentineloneCloudFunnel},
      {"samples/elastic_defend/synthetic.ndjson", SourceId::kElasticDefend},
      {"samples/elastic_defend/upstream_sample_events.ndjson", SourceId::kElasticDefend},
      {"samples/elastic_defend/upstream_schema_examples.ndjson", SourceId::kElasticDefend},
      {"samples/endgame/synthetic.ndjson", SourceId::kEndgame},
      {"samples/auditbeat/synthetic.ndjson", SourceId::kAuditbeat},
      {"samples/auditbeat/auditd_records.expected.ndjson", SourceId::kAuditbeat},
      {"samples/auditbeat/upstream_meta_examples.ndjson", SourceId::kAuditbeat},
      {"samples/auditd_manager/synthetic.ndjson", SourceId::kAuditdManager},
      {"samples/auditd_manager/sample_event.ndjson", SourceId::kAuditdManager},
      {"samples/crowdstrike_fdr/linux.expected.ndjson", SourceId::kCrowdstrikeFdr},
      {"samples/crowdstrike_fdr/mixed_2021.expected.ndjson", SourceId::kCrowdstrikeFdr},
      {"samples/sentinelone_cloud_funnel/windows.expected.ndjson",
       SourceId::kSentineloneCloudFunnel},
      {"samples/sentinelone_cloud_funnel/synthetic.expected.ndjson",
       SourceId::kSentineloneCloudFunnel},
  };
  std::size_t records = 0;
  for (const Folder& file : files) {
    std::size_t line = 0;
    for (const std::string& text : testing::Lines(shared / file.file)) {
      ++line;
      base::Arena arena;
      const Recognition seen = Recognise(testing::Parse(text, arena));
      if (file.file == "samples/auditbeat/upstream_meta_examples.ndjson" && line == 4) {
        // A document of 2017 with nothing but event.module: the table has no row for it.
        EXPECT_EQ(seen.source, SourceId::kUnknown);
        continue;
      }
      EXPECT_EQ(SourceName(seen.source), SourceName(file.source)) << file.file << ':' << line;
      EXPECT_EQ(seen.form, Form::kEcs) << file.file << ':' << line;
      ++records;
    }
    EXPECT_GT(line, 0U) << file.file;
  }
  RecordProperty("records", static_cast<int>(records));
}

}  // namespace
}  // namespace vedette::sources
