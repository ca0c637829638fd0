// SPDX-License-Identifier: Apache-2.0
#include "service/event_pipeline.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "service/input_for_test.h"

namespace vedette::service {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

struct Numbers {
  std::vector<std::int64_t> found;
};
using Pipeline = EventPipeline<Numbers>;

/// All that a run gave, in its order.
struct Outcome {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> rejected;
  std::string error;
  PipelineStats stats;
};

Outcome RunOn(const std::vector<io::InputFile>& files, const PipelineOptions& options,
              std::size_t enough = SIZE_MAX) {
  Outcome outcome;
  Pipeline::Sinks sinks;
  sinks.output = [&](Numbers& numbers) -> base::Result<void> {
    outcome.numbers.insert(outcome.numbers.end(), numbers.found.begin(), numbers.found.end());
    if (outcome.numbers.size() < enough) return {};
    return base::Error(base::ErrorCode::kIo, "enough");
  };
  sinks.rejected = [&](std::string_view, const Rejected& rejected) -> base::Result<void> {
    outcome.rejected.push_back(fmt::format("{}:{}:{} {}", rejected.place.file, rejected.place.line,
                                           rejected.place.offset, rejected.record));
    return {};
  };
  const auto make_work = [] {
    return [](DecodedEvent& event, RecordDecoder&, Numbers& out) {
      out.found.push_back(event.event.document.Get("n").integer());
    };
  };
  Pipeline pipeline(files, options, make_work, std::move(sinks));
  auto stats = pipeline.Run();
  if (stats) {
    outcome.stats = std::move(*stats);
  } else {
    outcome.error = stats.error().message();
  }
  return outcome;
}

std::string Lines(std::int64_t from, std::int64_t to) {
  std::string text;
  for (std::int64_t n = from; n < to; ++n) {
    text += fmt::format("{{\"n\":{},\"text\":\"{}\"}}\n", n,
                        std::string(static_cast<std::size_t>(n % 200), 'x'));
    if (n % 97 == 0) text += "not a record\n";
    if (n % 89 == 0) text += "{\"n\":\n";
  }
  return text;
}

class Inputs : public ::testing::TestWithParam<std::size_t> {
 protected:
  PipelineOptions Options(std::size_t batch_bytes) const {
    PipelineOptions options;
    options.threads = GetParam();
    options.batch_bytes = batch_bytes;
    return options;
  }
  InputFolder folder_;
};
INSTANTIATE_TEST_SUITE_P(Threads, Inputs, ::testing::Values(1, 2, 4));

TEST_P(Inputs, OutputIsTheSameForEveryBatchSizeAndKindOfFile) {
  const std::vector<io::InputFile> files = {folder_.Make("a", Lines(0, 1500)),
                                            folder_.Make("b.zst", StoredZstd(Lines(1500, 3000))),
                                            {folder_.Path("missing"), std::nullopt},
                                            folder_.Make("c", Lines(3000, 3001))};
  std::vector<std::int64_t> expected;
  for (std::int64_t n = 0; n < 3001; ++n) expected.push_back(n);
  std::vector<std::string> rejected;
  for (const std::size_t batch_bytes : {100U, 5000U, 1U << 20U}) {
    const Outcome outcome = RunOn(files, Options(batch_bytes));
    EXPECT_EQ(outcome.error, "");
    ASSERT_THAT(outcome.numbers, ElementsAreArray(expected)) << batch_bytes;
    EXPECT_EQ(outcome.stats.problems.size(), 1U);
    EXPECT_EQ(outcome.stats.counters.events, 3001U);
    EXPECT_EQ(outcome.stats.rejected, 31U + 34U);
    if (rejected.empty()) rejected = outcome.rejected;
    EXPECT_THAT(outcome.rejected, ElementsAreArray(rejected));
  }
}

TEST_P(Inputs, ASinkThatFailsEndsTheRunAndTheReading) {
  // Nobody ever writes to the second one: reading it must be ended, too.
  ASSERT_EQ(mkfifo(folder_.Path("pipe").c_str(), 0600), 0);
  const std::vector<io::InputFile> files = {folder_.Make("a.zst", StoredZstd(Lines(0, 3000))),
                                            {folder_.Path("pipe"), std::nullopt}};
  const Outcome outcome = RunOn(files, Options(1000), 10);
  EXPECT_EQ(outcome.error, "enough");
  EXPECT_GE(outcome.numbers.size(), 10U);
  EXPECT_LT(outcome.numbers.size(), 100U);
}

TEST_P(Inputs, NamedPipeIsReadToItsEnd) {
  const std::string path = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream out(path, std::ios::binary);
    for (int part = 0; part < 5; ++part) out << Lines(part * 100, (part + 1) * 100) << std::flush;
  });
  const Outcome outcome = RunOn({{path, std::nullopt}}, Options(4096));
  writer.join();
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.numbers.size(), 500U);
}

TEST_P(Inputs, StrictFailsAfterWhatStoodBefore) {
  PipelineOptions options = Options(1000);
  options.strict = true;
  const std::vector<io::InputFile> files = {folder_.Make("a", "{\"n\":1}\n{\"n\":2}\n"),
                                            {folder_.Path("missing"), std::nullopt},
                                            folder_.Make("b", "{\"n\":3}\n")};
  const Outcome outcome = RunOn(files, options);
  EXPECT_THAT(outcome.error, HasSubstr("missing"));
  EXPECT_THAT(outcome.numbers, ElementsAreArray({1, 2}));
}

TEST_P(Inputs, NoFilesAtAll) {
  const Outcome outcome = RunOn({}, Options(1000));
  EXPECT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.numbers.empty());
}

}  // namespace
}  // namespace vedette::service
