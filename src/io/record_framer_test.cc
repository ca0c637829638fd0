// SPDX-License-Identifier: Apache-2.0
#include "io/record_framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "io/framing_for_test.h"

namespace vedette::io {
namespace {

using std::string_literals::operator""s;
using ::testing::ElementsAreArray;

struct FramingCase {
  std::string name;
  std::string input;
  std::vector<std::string> frames;
  std::size_t max_record_bytes = 64;
};

const std::vector<FramingCase>& Cases() {
  static const std::vector<FramingCase> cases = {
      {"empty", "", {}},
      {"only blank lines", "\n \t\n\r\n", {}},
      {"one line", "{\"a\":1}\n", {"1:0:7 none {\"a\":1}"}},
      {"half line at the end",
       "{\"a\":1}\n{\"b\"",
       {"1:0:7 none {\"a\":1}", "2:8:4 none unterminated {\"b\""}},
      {"one half line", "{\"a\":[1", {"1:0:7 none unterminated {\"a\":[1"}},
      {"CRLF and blank lines", "a\r\n\r\n  \nb\r\n", {"1:0:2 none a", "4:8:2 none b"}},
      {"CR inside a line stays", "a\rb\n", {"1:0:3 none a\rb"}},
      {"NULs are kept", "a\0b\n\0\n"s, {"1:0:3 none a\0b"s, "2:4:1 none \0"s}},
      {"BOM", "\xEF\xBB\xBF{\"a\":1}\n", {"1:3:7 none {\"a\":1}"}},
      {"BOM alone", "\xEF\xBB\xBF", {}},
      {"half a BOM", "\xEF\xBB", {"1:0:2 none unterminated \xEF\xBB"}},
      {"indented first line", "\n  {\"a\":1}\n", {"2:1:9 none   {\"a\":1}"}},
      {"UTF-16 little-endian",
       "\xFF\xFE{\0"s,
       {"error this is UTF-16 or UTF-32 text; convert it first: iconv -f UTF-16 -t UTF-8"}},
      {"UTF-16 big-endian",
       "\xFE\xFF\0{"s,
       {"error this is UTF-16 or UTF-32 text; convert it first: iconv -f UTF-16 -t UTF-8"}},
      {"a line of the limit", "12345678\nx\n", {"1:0:8 none 12345678", "2:9:1 none x"}, 8},
      {"a line past the limit", "123456789\nx\n", {"1:0:9 too_long 12345678", "2:10:1 none x"}, 8},
      {"a half line past the limit", "123456789", {"1:0:9 too_long unterminated 12345678"}, 8},
      {"bracketed log lines are lines",
       "[2024-01-01] a {\n[x] b\n",
       {"1:0:16 none [2024-01-01] a {", "2:17:5 none [x] b"}},
      {"damaged first line does not stop NDJSON",
       "{\"a\":\"x\n{\"a\":2}\n",
       {"1:0:7 none {\"a\":\"x", "2:8:7 none {\"a\":2}"}},
      {"first line cut between values",
       "{\"a\":1,\n{\"a\":2}\n",
       {"1:0:7 none {\"a\":1,", "2:8:7 none {\"a\":2}"}},
      {"second line cut",
       "{}\n{\"a\":[\n{}\n",
       {"1:0:2 none {}", "2:3:6 none {\"a\":[", "3:10:2 none {}"}},

      {"array on one line",
       R"([{"a":1},{"b":"]}"} , {"c":[{}]}])",
       {R"(1:1:7 none {"a":1})", R"(1:9:10 none {"b":"]}"})", R"(1:22:10 none {"c":[{}]})"}},
      {"empty array", "[]\n", {}},
      {"pretty array",
       "[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": [\n      {\n      }\n    ]\n  }\n]\n",
       {"2:4:16 none {\n    \"a\": 1\n  }",
        "5:24:38 none {\n    \"a\": [\n      {\n      }\n    ]\n  }"}},
      {"pretty objects in a row",
       "{\n \"a\": \"}\\\"{\"\n}\n{\n \"a\": 2\n}\n",
       {"1:0:16 none {\n \"a\": \"}\\\"{\"\n}", "4:17:11 none {\n \"a\": 2\n}"}},
      {"objects without line breaks",
       R"({"a":1}{"a":2})",
       {R"(1:0:7 none {"a":1})", R"(1:7:7 none {"a":2})"}},
      {"lines with commas",
       "{\"a\":1},\n{\"a\":2}\n",
       {R"(1:0:7 none {"a":1})", R"(2:9:7 none {"a":2})"}},
      {"NDJSON after an array",
       "[{\"a\":1}]\n{\"a\":2}\n",
       {R"(1:1:7 none {"a":1})", R"(2:10:7 none {"a":2})"}},
      {"things that are no objects",
       R"([{"a":1}, 17, "x,{\"", [2], null ])",
       {R"(1:1:7 none {"a":1})", "1:10:2 none 17", R"(1:14:7 none "x,{\"")", "1:23:3 none [2]",
        "1:28:4 none null"}},
      {"array cut inside an element",
       R"([{"a":1},{"a":)",
       {R"(1:1:7 none {"a":1})", R"(1:9:5 cut_off unterminated {"a":)"}},
      {"array cut between elements",
       "[{\"a\":1},\n",
       {R"(1:1:7 none {"a":1})", "2:10:0 document_cut unterminated "}},
      {"element past the limit",
       R"([{"a":1},{"a":[1,2,3,4,5,6]},{"a":3}])",
       {R"(1:1:7 none {"a":1})", R"(1:9:19 too_long {"a":[1,2,3,)", R"(1:29:7 none {"a":3})"},
       12},

      {"missing quote",
       "[\n{\"a\":\"x},\n{\"a\":2},\n{\"a\":3}\n]",
       {R"(2:2:8 damaged_json {"a":"x})", R"(3:12:7 none {"a":2})", R"(4:21:7 none {"a":3})"}},
      {"missing brace",
       "[\n{\"a\":{\"b\":1},\n{\"a\":2}\n]",
       {R"(2:2:12 damaged_json {"a":{"b":1})", R"(3:16:7 none {"a":2})"}},
      {"missing bracket swallows its neighbours at first",
       "[\n{\"a\":[1,\n{\"a\":2},\n{\"a\":3}\n]\n",
       {R"(2:2:7 damaged_json {"a":[1)", R"(3:11:7 none {"a":2})", R"(4:20:7 none {"a":3})"}},
      {"mismatched bracket on one line",
       R"([{"a":[1},{"a":2}])",
       {R"(1:1:8 damaged_json {"a":[1})", R"(1:10:7 none {"a":2})"}},
      {"missing brace before the array's end",
       R"([{"a":1},{"a":2])",
       {R"(1:1:7 none {"a":1})", R"(1:9:6 damaged_json {"a":2)"}},
      {"stray brace",
       "[{\"a\":1}},\n{\"a\":2}]",
       {R"(1:1:7 none {"a":1})", "1:8:1 none }", R"(2:11:7 none {"a":2})"}},
      {"pretty element without its end",
       "[\n  {\n    \"a\": {\n      \"b\": 1\n  },\n  {\n    \"a\": 2\n  }\n]",
       {"2:4:29 damaged_json {\n    \"a\": {\n      \"b\": 1\n  }",
        "6:37:16 none {\n    \"a\": 2\n  }"}},
      {"indentation of nought is legal",
       "[\n{\n\"a\":[\n{\n}\n]\n}\n]\n",
       {"2:2:15 none {\n\"a\":[\n{\n}\n]\n}"}},

      {"search response on one line",
       R"({"took":3,"hits":{"total":{"value":2},"hits":[{"_source":{"a":1}},{"_id":"]"}]},"x":{}})"
       "\n",
       {R"(1:46:19 none {"_source":{"a":1}})", R"(1:66:11 none {"_id":"]"})"},
       1000},
      {"pretty search response",
       "{\n \"hits\": {\n  \"hits\": [\n   {\n    \"_id\": 1\n   }\n  ]\n }\n}\n",
       {"4:28:19 none {\n    \"_id\": 1\n   }"}},
      {"EQL search response and the next one",
       R"({"hits":{"events":[{"a":1}]}}{"hits":{"events":[{"a":2}]}})",
       {R"(1:19:7 none {"a":1})", R"(1:48:7 none {"a":2})"}},
      {"response without hits", R"({"hits":{"hits":[]}})", {}},
      {"hits elsewhere are a field",
       "{\n\"x\":{\"hits\":{\"hits\":[{}]}},\"hits\":[{}]\n}",
       {"1:0:42 none {\n\"x\":{\"hits\":{\"hits\":[{}]}},\"hits\":[{}]\n}"}},
      {"response cut in its hits",
       R"({"hits":{"hits":[{"a":1},)",
       {R"(1:17:7 none {"a":1})", "1:25:0 document_cut unterminated "}},
      {"response cut in its tail",
       R"({"hits":{"hits":[{"a":1}],"x":)",
       {R"(1:17:7 none {"a":1})", "1:30:0 document_cut unterminated "}},
  };
  return cases;
}

class Framing : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Framing, TableHoldsForEveryChunkSize) {
  for (const FramingCase& c : Cases()) {
    SCOPED_TRACE(c.name);
    FramerOptions options;
    options.max_record_bytes = c.max_record_bytes;
    EXPECT_THAT(FrameAll(c.input, GetParam(), options), ElementsAreArray(c.frames));
  }
}

INSTANTIATE_TEST_SUITE_P(ChunkBytes, Framing, ::testing::Values(1, 2, 3, 7, 64, 65536));

// Texts grown from fragments that the framer treats specially.
std::string RandomText(std::mt19937& random) {
  static const std::vector<std::string> fragments = {"{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     ",",
                                                     ":",
                                                     "\"",
                                                     "\\",
                                                     "\n",
                                                     "\r\n",
                                                     " ",
                                                     "  ",
                                                     "\n{",
                                                     "\n  {",
                                                     "\"a\":1",
                                                     "{\"a\":1}",
                                                     "{\"a\":{\"b\":[1,2]}}",
                                                     "\n{\"a\":1},",
                                                     "{\"hits\":{\"hits\":[",
                                                     "\"events\":[",
                                                     "]}}",
                                                     "null",
                                                     "\0"s,
                                                     "\xC3\xA4",
                                                     "\xEF\xBB\xBF",
                                                     "1234567890"};
  static const std::vector<std::string> openings = {
      "", "[", "{", "{\n", "[\n{", "{\"a\":1}\n", "{\"hits\":{\"hits\":["};
  std::string text = openings[random() % openings.size()];
  const std::size_t count = random() % 60;
  for (std::size_t i = 0; i < count; ++i) text += fragments[random() % fragments.size()];
  return text;
}

TEST(RecordFramer, ResultDoesNotDependOnChunks) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomText(random);
    FramerOptions options;
    options.max_record_bytes = 1 + random() % 80;
    const auto whole = FrameAll(text, 65536, options);
    const std::size_t chunk = 1 + random() % 50;
    ASSERT_THAT(FrameAll(text, chunk, options), ElementsAreArray(whole))
        << "chunk " << chunk << " max " << options.max_record_bytes << " text " << text;
  }
}

TEST_P(Framing, BlocksHoldTheSameRecords) {
  for (const FramingCase& c : Cases()) {
    SCOPED_TRACE(c.name);
    for (const bool take : {false, true}) {
      MemorySource source(c.input, GetParam());
      const FramerOptions options{.max_record_bytes = c.max_record_bytes, .read_bytes = GetParam()};
      EXPECT_THAT(FrameInBlocks(source, options, [&] { return take; }), ElementsAreArray(c.frames));
    }
  }
}

/// Two reads: what stands before `cut`, and what stands behind it.
class TwoReads final : public ByteSource {
 public:
  TwoReads(std::string_view text, std::size_t cut)
      : first_(text.substr(0, cut), text.size()), second_(text.substr(cut), text.size() + 1) {}
  base::Result<std::size_t> Read(std::span<char> out) override {
    auto count = first_.Read(out);
    if (*count > 0) return count;
    return second_.Read(out);
  }
  std::uint64_t bytes_read() const override { return 0; }
  std::optional<std::uint64_t> total_bytes() const override { return std::nullopt; }

 private:
  MemorySource first_;
  MemorySource second_;
};

TEST(RecordFramer, BlocksCutAtEveryByte) {
  const std::string text =
      "\xEF\xBB\xBF{\"a\":1}\r\n\n \t{\"b\":[1,2]}\n \r\n\r{}\n[1]\n{\"c\n"
      "type=EOE msg=audit(1.2:3):\n{\"d\":\"a line past the limit of this test\"}\n\0{}\n{}\n{"s;
  const FramerOptions options{.max_record_bytes = 30, .read_bytes = 256};
  const auto whole = FrameAll(text, text.size(), options);
  EXPECT_THAT(whole, ::testing::Contains("9:69:42 too_long {\"d\":\"a line past the limit of"));
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    for (const bool take : {false, true}) {
      TwoReads source(text, cut);
      ASSERT_THAT(FrameInBlocks(source, options, [&] { return take; }), ElementsAreArray(whole))
          << cut;
    }
  }
}

// Mostly objects on lines, with everything else between them.
std::string RandomLines(std::mt19937& random) {
  static const std::vector<std::string> lines = {
      "{}",
      "{\"a\":1}",
      "{\"a\":{\"b\":[1,2,3]},\"c\":\"0123456789012345678901234567890123456789\"}",
      "",
      " \t",
      "\r",
      " {}",
      "\t\t{\"",
      "{}\r",
      "[]",
      "text",
      "type=EOE msg=audit(1.2:3):",
      "{\r",
      "\r{}",
      "\0"s};
  std::string text = random() % 8 == 0 ? "\xEF\xBB\xBF" : "";
  const std::size_t count = random() % 40;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t kinds = random() % 4 == 0 ? lines.size() : 3;
    text += lines[random() % kinds] + '\n';
  }
  if (!text.empty() && random() % 2 == 0) text.pop_back();
  return text;
}

TEST(RecordFramer, BlocksHoldTheSameRecordsHoweverReadsAreCut) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random() % 3 == 0 ? RandomText(random) : RandomLines(random);
    FramerOptions options;
    options.max_record_bytes = 1 + random() % 80;
    const auto whole = FrameAll(text, 65536, options);
    const std::size_t chunk = 1 + random() % 100;
    options.read_bytes = 1 + random() % 300;
    options.block_lines = 1 + random() % 12;
    MemorySource source(text, chunk);
    ASSERT_THAT(FrameInBlocks(source, options, [&] { return random() % 2 == 0; }),
                ElementsAreArray(whole))
        << "chunk " << chunk << " read " << options.read_bytes << " max "
        << options.max_record_bytes << " text " << text;
  }
}

TEST(RecordFramer, FramesAreTheirInput) {
  for (const FramingCase& c : Cases()) {
    SCOPED_TRACE(c.name);
    MemorySource source(c.input);
    RecordFramer framer(source, {.max_record_bytes = 1000, .read_bytes = 16});
    Frame frame;
    std::uint64_t end = 0;
    for (auto more = framer.Next(frame); more.has_value() && *more; more = framer.Next(frame)) {
      EXPECT_GE(frame.offset, end);
      end = frame.offset + frame.bytes.size();
      EXPECT_EQ(c.input.substr(frame.offset, frame.bytes.size()), frame.bytes);
      const auto before = c.input.begin() + static_cast<std::ptrdiff_t>(frame.offset);
      EXPECT_EQ(frame.line,
                1U + static_cast<std::uint64_t>(std::count(c.input.begin(), before, '\n')));
    }
  }
}

TEST(RecordFramer, PaddingBehindEveryRecordIsReadable) {
  MemorySource source("{\"a\":1}\n{\"a\":2}", 8);
  RecordFramer framer(source, {.max_record_bytes = 100, .read_bytes = 8});
  Frame frame;
  while (*framer.Next(frame)) {
    int sum = 0;
    for (std::size_t i = 0; i < FrameBuffer::kPadding; ++i)
      sum += frame.bytes.data()[frame.bytes.size() + i];
    EXPECT_GE(sum, 0);
  }
}

/// `prefix`, then `count` times `unit`, then `suffix`, never in memory as a whole.
class RepeatSource final : public ByteSource {
 public:
  RepeatSource(std::string prefix, std::string unit, std::uint64_t count, std::string suffix)
      : prefix_(std::move(prefix)),
        unit_(std::move(unit)),
        suffix_(std::move(suffix)),
        unit_end_(prefix_.size() + unit_.size() * count),
        end_(unit_end_ + suffix_.size()) {}
  base::Result<std::size_t> Read(std::span<char> out) override {
    std::size_t count = 0;
    for (; count < out.size() && at_ < end_; ++count, ++at_) {
      out[count] = at_ < prefix_.size() ? prefix_[at_]
                   : at_ < unit_end_    ? unit_[(at_ - prefix_.size()) % unit_.size()]
                                        : suffix_[at_ - unit_end_];
    }
    return count;
  }
  std::uint64_t bytes_read() const override { return at_; }
  std::optional<std::uint64_t> total_bytes() const override { return end_; }

 private:
  std::string prefix_, unit_, suffix_;
  std::uint64_t unit_end_, end_, at_ = 0;
};

TEST(RecordFramer, HundredMegabyteLineIsSkippedInConstantMemory) {
  RepeatSource source("{}\n", "x", 100'000'000, "\n{\"a\":1}\n");
  FramerOptions options;
  options.max_record_bytes = 1 << 20;
  RecordFramer framer(source, options);
  Frame frame;
  ASSERT_TRUE(*framer.Next(frame));
  ASSERT_TRUE(*framer.Next(frame));
  EXPECT_EQ(frame.fault, FrameFault::kTooLong);
  EXPECT_EQ(frame.offset, 3U);
  EXPECT_EQ(frame.line, 2U);
  EXPECT_EQ(frame.length, 100'000'000U);
  EXPECT_EQ(frame.bytes.size(), RecordFramer::kSampleBytes);
  EXPECT_LT(framer.buffer_bytes(), 4U << 20);
  ASSERT_TRUE(*framer.Next(frame));
  EXPECT_EQ(frame.bytes, "{\"a\":1}");
  EXPECT_EQ(frame.line, 3U);
  EXPECT_FALSE(*framer.Next(frame));
}

TEST(RecordFramer, BlocksAreWholeReadsInConstantMemory) {
  const std::string line = "{\"n\":\"" + std::string(2800, 'x') + "\"}\n";
  RepeatSource source("", line, 5000, "{\"half");
  FramerOptions options;
  options.read_bytes = 64 * 1024;
  RecordFramer framer(source, options);
  Frame frame;
  LineBlock block;
  std::uint64_t bytes = 0;
  ByteBuffer memory;
  while (*framer.NextPiece(frame, block) == Piece::kBlock) {
    EXPECT_EQ(block.offset, bytes);
    EXPECT_EQ(block.line, 1 + bytes / line.size());
    bytes += block.bytes.size();
    EXPECT_LE(block.bytes.size(), options.read_bytes + line.size());
    const bool last = bytes > line.size() * 4900;
    EXPECT_TRUE(last || block.bytes.size() + line.size() >= options.read_bytes);
    memory = framer.TakeMemory(std::move(memory));
    EXPECT_EQ(memory.size(), FrameBuffer::BytesFor(options.read_bytes));
    EXPECT_GE(block.bytes.data(), memory.data());
    EXPECT_LE(block.bytes.data() + block.bytes.size() + FrameBuffer::kPadding,
              memory.data() + memory.size());
    EXPECT_EQ(std::string_view(block.bytes.data() + block.bytes.size(), FrameBuffer::kPadding),
              std::string(FrameBuffer::kPadding, '\0'));
  }
  EXPECT_EQ(bytes, line.size() * 5000);
  EXPECT_TRUE(frame.unterminated);
  EXPECT_EQ(frame.bytes, "{\"half");
  EXPECT_EQ(frame.line, 5001U);
}

TEST(RecordFramer, LongSearchResponseTakesConstantMemory) {
  const std::string hit = R"({"_source":{"process":{"name":"bash"}}},)";
  RepeatSource source(R"({"hits":{"hits":[)", hit, 500'000, R"({}]},"took":1})");
  RecordFramer framer(source);
  Frame frame;
  std::size_t count = 0;
  while (*framer.Next(frame)) {
    ++count;
    ASSERT_EQ(frame.fault, FrameFault::kNone);
  }
  EXPECT_EQ(count, 500'001U);
  EXPECT_LT(framer.buffer_bytes(), 1U << 20);
}

TEST(RecordFramer, HostileNestingIsLinear) {
  for (const std::string unit : {"[", "{\"a\":", "[\n{", "\n{\"a\":[", "\"\n{", "]", "}"}) {
    RepeatSource source("[{\"a\":1},\n{\"a\":[", unit, 500'000, "");
    RecordFramer framer(source, {.max_record_bytes = 1 << 20, .read_bytes = 65536});
    Frame frame;
    while (*framer.Next(frame)) EXPECT_LE(frame.bytes.size(), 1U << 20);
  }
}

}  // namespace
}  // namespace vedette::io
