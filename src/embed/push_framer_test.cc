// SPDX-License-Identifier: Apache-2.0
// Pushed bytes make the frames that pulled ones do, whatever the cuts.
#include "embed/push_framer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "io/framing_for_test.h"

namespace vedette::embed {
namespace {

using std::string_literals::operator""s;

/// As io::FrameAll, through a PushFramer that gets `text` in `pieces`.
std::vector<std::string> PushAll(const std::vector<std::string>& pieces,
                                 const io::FramerOptions& options) {
  PushFramer framer(options);
  std::vector<std::string> out;
  const PushFramer::Take take = [&](const io::Frame& frame) {
    out.push_back(fmt::format("{}:{}:{} {}{} {}", frame.line, frame.offset, frame.length,
                              io::FrameFaultCode(frame.fault),
                              frame.unterminated ? " unterminated" : "", frame.bytes));
    return base::Result<void>();
  };
  for (const std::string& piece : pieces) {
    if (auto fed = framer.Feed(piece, take); !fed) {
      out.push_back("error " + fed.error().message());
      return out;
    }
  }
  if (auto ended = framer.End(take); !ended) out.push_back("error " + ended.error().message());
  return out;
}

std::vector<std::string> Cut(const std::string& text, std::mt19937& random, std::size_t most) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = 1 + random() % most;
    pieces.push_back(text.substr(at, size));
    at += pieces.back().size();
  }
  return pieces;
}

const std::vector<std::string>& Beginnings() {
  static const std::vector<std::string> all = {
      "",
      "\n",
      "\xEF\xBB\xBF",
      "  \n",
      "[",
      R"({"hits":{"hits":[)",
      "[2024-01-01] text\n",
      "type=EXECVE msg=audit(1.0:1): a\n",
      "{\"a\":1}\n",
      "{\"a\":\"x\n",
      "\xFF\xFE{\0"s,
  };
  return all;
}

const std::vector<std::string>& Parts() {
  static const std::vector<std::string> all = {
      "{\"a\":1}",
      "{\"a\":\"}\\\"{\"}",
      "{\n \"a\": [\n  {}\n ]\n}",
      "{\"a\":[1",
      "\n",
      "\r\n",
      ",",
      " \t",
      "]",
      "[",
      "]}}",
      "12",
      "\"x",
      "{}",
      "\0"s,
      "plain",
      "}",
      "\n\n",
  };
  return all;
}

TEST(PushFramer, MakesTheFramesOfRecordFramer) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 4000; ++round) {
    std::string text = Beginnings()[random() % Beginnings().size()];
    const bool lines = random() % 2 == 0;
    for (std::size_t parts = random() % 12; parts > 0; --parts) {
      text += Parts()[random() % Parts().size()];
      if (lines) text += '\n';
    }
    io::FramerOptions options;
    options.max_record_bytes = 8 + random() % 64;
    ASSERT_EQ(PushAll(Cut(text, random, 1 + random() % 20), options),
              io::FrameAll(text, 1 + random() % 20, options))
        << "limit " << options.max_record_bytes << ", text:\n"
        << text;
  }
}

TEST(PushFramer, TakesALineWhenItsLastByteIsThere) {
  PushFramer framer({});
  std::vector<std::string> seen;
  const PushFramer::Take take = [&](const io::Frame& frame) {
    seen.emplace_back(frame.bytes);
    return base::Result<void>();
  };
  ASSERT_TRUE(framer.Feed("{\"a\":1}\n{\"b\"", take));
  EXPECT_EQ(seen, (std::vector<std::string>{"{\"a\":1}"}));
  ASSERT_TRUE(framer.Feed(":2}", take));
  EXPECT_EQ(seen.size(), 1U);
  ASSERT_TRUE(framer.Feed("\n", take));
  EXPECT_EQ(seen.back(), "{\"b\":2}");
}

TEST(PushFramer, TakesAnElementWhenItsLastByteIsThere) {
  PushFramer framer({});
  std::size_t seen = 0;
  const PushFramer::Take take = [&](const io::Frame&) {
    ++seen;
    return base::Result<void>();
  };
  ASSERT_TRUE(framer.Feed("[\n{\"a\":1},{\"b\":[", take));
  EXPECT_EQ(seen, 1U);
  ASSERT_TRUE(framer.Feed("2]}", take));
  EXPECT_EQ(seen, 2U);
}

TEST(PushFramer, DroppedInTheMiddleOfADocument) {
  PushFramer framer({});
  const PushFramer::Take take = [](const io::Frame&) { return base::Result<void>(); };
  EXPECT_TRUE(framer.Feed("[\n{\"a\":1},{\"b\":[", take));
}

TEST(PushFramer, ATakerThatFailsEndsTheInput) {
  for (const std::string text : {"{\"a\":1}\n{\"a\":2}\n", "[\n{\"a\":1},{\"a\":2}]"}) {
    PushFramer framer({});
    int seen = 0;
    const PushFramer::Take take = [&](const io::Frame&) -> base::Result<void> {
      ++seen;
      return base::Error(base::ErrorCode::kInternal, "enough");
    };
    const auto fed = framer.Feed(text, take);
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().message(), "enough");
    EXPECT_EQ(seen, 1);
  }
}

TEST(PushFramer, MuchMoreThanOneTurnHolds) {
  std::string text = "[";
  for (int i = 0; i < 60000; ++i) text += fmt::format("{}{{\"number\":{}}}", i == 0 ? "" : ",", i);
  text += "]";
  EXPECT_EQ(PushAll({text}, {}), io::FrameAll(text, 4096));
}

}  // namespace
}  // namespace vedette::embed
