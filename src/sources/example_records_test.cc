// SPDX-License-Identifier: Apache-2.0
// The events under examples/: recognised as what they are, and decoded to what the rules will read.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sources/decoder.h"
#include "sources/shared_samples.h"

namespace vedette::sources {
namespace {

using event::Value;

struct Example {
  const char* file;
  SourceId source;
  Form form;
  std::size_t events;
};

class Examples : public ::testing::TestWithParam<Example> {};

TEST_P(Examples, AreRecognisedAndHoldTheExtraction) {
  const Example& example = GetParam();
  const std::filesystem::path root(VEDETTE_SOURCE_DIR);
  const auto lines = testing::Lines(root / "examples" / example.file);
  ASSERT_EQ(lines.size(), example.events);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(std::string(example.file) + ":" + std::to_string(i + 1));
    base::Arena arena;
    const Value record = testing::Parse(lines[i], arena);
    const Recognition seen = Recognise(record);
    EXPECT_EQ(SourceName(seen.source), SourceName(example.source));
    EXPECT_EQ(seen.form, example.form);
    Value document = record;
    if (seen.form == Form::kRaw) {
      document = seen.source == SourceId::kCrowdstrikeFdr
                     ? DecodeCrowdstrikeFdr(record, arena)
                     : DecodeSentineloneCloudFunnel(record, arena);
    }
    EXPECT_FALSE(document.GetPath("@timestamp").is_null());
    EXPECT_EQ(testing::Json(document.GetPath("host.os.type")), R"("linux")");
    if (i + 1 == 20) {  // the line that docs/reference/sources/README.md names
      EXPECT_EQ(testing::Json(document.GetPath("process.args")), R"(["cpio","-idm","-H","newc"])");
      EXPECT_EQ(testing::Json(document.GetPath("process.parent.name")), R"("bash")");
    }
  }
}

const Example kExamples[] = {
    {"elastic_defend/events.ndjson", SourceId::kElasticDefend, Form::kEcs, 27},
    {"endgame/events.ndjson", SourceId::kEndgame, Form::kEcs, 25},
    {"auditbeat/events.ndjson", SourceId::kAuditbeat, Form::kEcs, 25},
    {"auditd_manager/events.ndjson", SourceId::kAuditdManager, Form::kEcs, 25},
    {"crowdstrike_fdr/raw.ndjson", SourceId::kCrowdstrikeFdr, Form::kRaw, 28},
    {"sentinelone_cloud_funnel/raw.ndjson", SourceId::kSentineloneCloudFunnel, Form::kRaw, 27},
};

INSTANTIATE_TEST_SUITE_P(All, Examples, ::testing::ValuesIn(kExamples), [](const auto& each) {
  return std::string(SourceName(each.param.source));
});

}  // namespace
}  // namespace vedette::sources
