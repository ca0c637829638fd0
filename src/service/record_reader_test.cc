// SPDX-License-Identifier: Apache-2.0
#include "service/record_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "io/line_cursor.h"
#include "service/input_for_test.h"

namespace vedette::service {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

/// What a reader says, whatever its batches: `FILE:LINE:OFFSET KIND BYTES`. Rejects and problems
/// have lists of their own, because a batch does not order them against its records.
struct Said {
  std::vector<std::string> records;
  std::vector<std::string> rejected;
  std::vector<std::string> problems;
  std::size_t batches = 0;
  std::size_t large_blocks = 0;
  std::size_t most_records = 0;
  bool operator==(const Said& other) const {
    return records == other.records && rejected == other.rejected && problems == other.problems;
  }
};

std::string Line(const RecordPlace& place, std::string_view kind, std::string_view bytes) {
  return fmt::format("{}:{}:{} {} {}", place.file, place.line, place.offset, kind, bytes);
}

std::size_t TellItem(const RecordBatch& batch, const RecordBatch::Item& item, Said& said) {
  using Kind = RecordBatch::Kind;
  const std::string_view bytes = batch.BytesOf(item);
  if (item.kind == Kind::kRecord || item.kind == Kind::kAuditRecord) {
    said.records.push_back(
        Line(item.place, item.kind == Kind::kRecord ? "record" : "audit", bytes));
    return 1;
  }
  said.large_blocks += item.kind == Kind::kLargeBlock ? 1 : 0;
  unsigned padding = 0;
  for (std::size_t i = 0; i < io::FrameBuffer::kPadding; ++i) {
    padding += static_cast<unsigned char>(bytes.data()[bytes.size() + i]);
  }
  EXPECT_LE(padding, 255U * io::FrameBuffer::kPadding);
  io::LineCursor lines(bytes);
  std::size_t count = 0;
  for (std::string_view line; lines.Next(line); ++count) {
    said.records.push_back(Line({item.place.file, item.place.line + lines.LinesBefore(),
                                 item.place.offset + lines.offset()},
                                "record", line));
  }
  return count;
}

Said ReadAll(const std::vector<io::InputFile>& files, const RecordReaderOptions& options) {
  io::BufferPool pool(RecordReader::BufferBytes(options.batch_bytes));
  const io::StopSignal stop;
  RecordReader reader(files, options, pool, stop);
  Said said;
  RecordBatch batch;
  while (reader.Next(batch)) {
    ++said.batches;
    std::size_t records = batch.rejected.size();
    for (const auto& item : batch.items) records += TellItem(batch, item, said);
    said.most_records = std::max(said.most_records, records);
    for (const auto& rejected : batch.rejected) {
      said.rejected.push_back(Line(rejected.place, rejected.code, rejected.record));
    }
    for (const auto& problem : batch.problems) said.problems.push_back(problem.error.message());
    pool.Give(std::move(batch.memory));
    batch.Clear();
  }
  std::uint64_t total = 0;
  for (const auto& file : files) total += file.bytes.value_or(0);
  EXPECT_EQ(reader.bytes_read(), total);
  return said;
}

constexpr std::string_view kMixed =
    "{\"a\":1}\r\n\n  {\"a\":2}\n[{\"a\":3}]\nrubbish\n{\"a\n"
    "type=SYSCALL msg=audit(1700000000.100:7): arch=c000003e syscall=59 success=yes pid=9\n"
    "type=EOE msg=audit(1700000000.100:7):\n{\"a\":4}\n{\"a\":5}";

TEST(RecordReader, EveryKindOfLineInItsPlace) {
  const InputFolder folder;
  const Said said = ReadAll({folder.Make("mixed", kMixed)}, {});
  ASSERT_EQ(said.records.size(), 7U);
  EXPECT_THAT(said.records[0], "0:1:0 record {\"a\":1}");
  EXPECT_THAT(said.records[1], "0:3:10 record   {\"a\":2}");
  EXPECT_THAT(said.records[2], "0:4:20 record [{\"a\":3}]");
  EXPECT_THAT(said.records[3], "0:6:38 record {\"a");
  EXPECT_THAT(said.records[4], HasSubstr(" audit {"));
  EXPECT_THAT(said.records[5], HasSubstr("0:9:"));
  EXPECT_THAT(said.records[6], HasSubstr("0:10:"));
  EXPECT_THAT(said.rejected, ElementsAre("0:5:30 unknown_format rubbish"));
}

TEST(RecordReader, ResultDoesNotDependOnBatches) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  const InputFolder folder;
  for (int round = 0; round < 40; ++round) {
    std::vector<io::InputFile> files;
    for (std::size_t i = 0; i < 1 + random() % 4; ++i) {
      std::string text;
      for (std::size_t k = random() % 60; k > 0; --k) {
        text += random() % 8 == 0 ? std::string(kMixed) + "\n"
                                  : "{\"n\":\"" + std::string(random() % 90, 'x') + "\"}\n";
      }
      const std::string name = fmt::format("{}-{}", round, i);
      files.push_back(folder.Make(name, random() % 3 == 0 ? StoredZstd(text) : text));
    }
    files.insert(files.begin(), {folder.Path("missing"), std::nullopt});
    RecordReaderOptions options;
    options.max_record_bytes = 60;
    const Said whole = ReadAll(files, options);
    EXPECT_EQ(whole.problems.size(), 1U);
    for (const std::size_t bytes : {1U, 50U, 300U, 4096U}) {
      options.batch_bytes = bytes;
      options.batch_records = 1 + random() % 50;
      const Said said = ReadAll(files, options);
      ASSERT_THAT(said.records, ElementsAreArray(whole.records));
      ASSERT_THAT(said.rejected, ElementsAreArray(whole.rejected));
      ASSERT_THAT(said.problems, ElementsAreArray(whole.problems));
    }
  }
}

TEST(RecordReader, LongRunsOfLinesTravelInTheMemoryTheyWereReadInto) {
  const InputFolder folder;
  const std::string line = "{\"n\":\"" + std::string(1000, 'x') + "\"}\n";
  std::string text;
  for (int i = 0; i < 1000; ++i) text += line;
  RecordReaderOptions options;
  options.batch_bytes = 64 * 1024;
  const Said said = ReadAll({folder.Make("lines", text)}, options);
  EXPECT_EQ(said.records.size(), 1000U);
  EXPECT_GE(said.large_blocks, text.size() / options.batch_bytes);
}

TEST(RecordReader, TinyRecordsFillABatchByTheirNumber) {
  const InputFolder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += i % 100 == 0 ? "x\n" : "{\n";
  RecordReaderOptions options;
  options.batch_records = 64;
  const Said said = ReadAll({folder.Make("tiny", "{}\n" + text)}, options);
  EXPECT_EQ(said.records.size() + said.rejected.size(), 5001U);
  EXPECT_LE(said.most_records, 2 * options.batch_records);
}

TEST(RecordReader, ProblemsAreOfTheFileAndTheRestIsRead) {
  const InputFolder folder;
  const std::string packed = StoredZstd("{\"a\":1}\n{\"a\":2}\n");
  const Said said =
      ReadAll({{folder.Path("none"), std::nullopt},
               folder.Make("cut", std::string_view(packed).substr(0, packed.size() - 5)),
               folder.Make("good", "{}\n")},
              {});
  EXPECT_THAT(said.problems, ElementsAre(HasSubstr("no such file"), HasSubstr("truncated zstd")));
  EXPECT_EQ(said.records.back(), "2:1:0 record {}");
}

}  // namespace
}  // namespace vedette::service
