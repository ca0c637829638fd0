// SPDX-License-Identifier: Apache-2.0
#include "sources/index_patterns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/shared_samples.h"

namespace vedette::sources {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> patterns;
  SourceId source;
  const char* document;
  const char* index;
  bool selects;
};

class Selecting : public ::testing::TestWithParam<Case> {};

TEST_P(Selecting, ByIndexStreamOrSource) {
  const Case& test = GetParam();
  base::Arena arena;
  const event::Value document = testing::Parse(test.document, arena);
  EXPECT_EQ(SelectsSource(test.patterns, test.source, document, test.index), test.selects);
}

constexpr const char* kBacking = ".ds-logs-endpoint.events.process-default-2026.02.01-000001";
constexpr const char* kStream =
    R"({"data_stream":{"type":"logs","dataset":"endpoint.events.process","namespace":"lab"}})";

std::vector<Case> Cases() {
  using enum SourceId;
  return {
      {"no_patterns", {}, kElasticDefend, "{}", "anything", true},
      {"empty_text", {""}, kElasticDefend, "{}", "anything", true},
      {"exact", {"a-1"}, kUnknown, "{}", "a-1", true},
      {"other", {"a-1"}, kUnknown, "{}", "a-2", false},
      {"all", {"_all"}, kUnknown, "{}", "a-2", true},
      {"wildcard", {"logs-*"}, kUnknown, "{}", "logs-x", true},
      {"question_mark_is_literal", {"log?"}, kUnknown, "{}", "logs", false},
      {"backing_index", {"logs-endpoint.events.process*"}, kElasticDefend, "{}", kBacking, true},
      {"backing_index_other",
       {"logs-endpoint.events.file*"},
       kElasticDefend,
       "{}",
       kBacking,
       false},
      {"backing_index_by_itself", {".ds-logs-endpoint*"}, kElasticDefend, "{}", kBacking, true},
      {"mounted",
       {"logs-endpoint.events.*"},
       kElasticDefend,
       "{}",
       "partial-.ds-logs-endpoint.events.process-default-2026.02.01-000001",
       true},
      {"ds_without_date", {"logs-a"}, kUnknown, "{}", ".ds-logs-a-000001", false},
      {"index_beats_stream", {"logs-endpoint*"}, kElasticDefend, kStream, "copy-of-it", false},
      {"stream", {"logs-endpoint.events.process-*"}, kElasticDefend, kStream, "", true},
      {"stream_namespace",
       {"logs-endpoint.events.process-default"},
       kElasticDefend,
       kStream,
       "",
       false},
      {"stream_dotted",
       {"logs-x.y-default"},
       kUnknown,
       R"({"data_stream.dataset":"x.y"})",
       "",
       true},
      {"negated", {"logs-*", "-logs-endpoint*"}, kElasticDefend, "{}", "logs-endpoint.a-b", false},
      {"negated_leaves_others", {"logs-*", "-logs-endpoint*"}, kUnknown, "{}", "logs-a", true},
      {"order_counts", {"-logs-a", "logs-*"}, kUnknown, "{}", "logs-a", true},
      {"only_negations", {"-logs-a*"}, kUnknown, "{}", "logs-b", true},
      {"comma_list", {"a, b"}, kUnknown, "{}", "b", true},
      {"date_math",
       {"<logs-{now/d{yyyy.MM.dd|+01:00}}-x>"},
       kUnknown,
       "{}",
       "logs-2026.02.01-x",
       true},
      {"cluster_star", {"*:logs-*"}, kUnknown, "{}", "logs-a", true},
      {"cluster_named", {"eu:logs-*"}, kUnknown, "{}", "eu:logs-a", true},
      {"cluster_other", {"eu:logs-*"}, kUnknown, "{}", "us:logs-a", false},
      {"cluster_in_record_only", {"logs-*"}, kUnknown, "{}", "us:logs-a", true},
      {"cluster_negated", {"logs-*", "us:-logs-a"}, kUnknown, "{}", "us:logs-a", false},
      {"raw_fdr", {"logs-crowdstrike.fdr*"}, kCrowdstrikeFdr, "{}", "", true},
      {"raw_fdr_elsewhere", {"logs-endpoint.events.*"}, kCrowdstrikeFdr, "{}", "", false},
      {"raw_funnel", {"logs-sentinel_one_cloud_funnel.*"}, kSentineloneCloudFunnel, "{}", "", true},
      {"audit_log_auditbeat", {"auditbeat-*"}, kAuditLog, "{}", "", true},
      {"audit_log_manager", {"logs-auditd_manager.auditd-*"}, kAuditLog, "{}", "", true},
      {"audit_log_file", {"logs-auditd.log-*"}, kAuditLog, "{}", "", true},
      {"audit_log_elsewhere", {"endgame-*"}, kAuditLog, "{}", "", false},
      {"auditbeat_any_version", {"auditbeat-8.*"}, kAuditbeat, "{}", "", true},
      {"auditbeat_excluded", {"*", "-auditbeat-*"}, kAuditbeat, "{}", "", false},
      {"auditbeat_maybe_excluded", {"*", "-auditbeat-7*"}, kAuditbeat, "{}", "", true},
      {"endgame", {"endgame-*"}, kEndgame, "{}", "", true},
      {"vedette_dataset",
       {"logs-endpoint.events.file*"},
       kVedette,
       R"({"event":{"dataset":"endpoint.events.file"}})",
       "",
       true},
      {"vedette_category",
       {"logs-endpoint.events.network*"},
       kVedette,
       R"({"event":{"category":["process"]}})",
       "",
       false},
      {"vedette_unknown_part", {"logs-endpoint.events.network*"}, kVedette, "{}", "", true},
      {"defend_bare",
       {"logs-endpoint.events.process*"},
       kElasticDefend,
       R"({"event":{"category":"process"}})",
       "",
       true},
      {"unknown_is_not_excluded", {"logs-endpoint*"}, kUnknown, "{}", "", true},
  };
}

INSTANTIATE_TEST_SUITE_P(Table, Selecting, ::testing::ValuesIn(Cases()),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace vedette::sources
