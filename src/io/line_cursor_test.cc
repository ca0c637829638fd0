// SPDX-License-Identifier: Apache-2.0
#include "io/line_cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace vedette::io {
namespace {

using ::testing::ElementsAreArray;

struct Seen {
  std::string line;
  std::size_t offset;
  std::uint64_t lines_before;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> Walk(std::string_view text) {
  LineCursor cursor(text);
  std::vector<Seen> seen;
  for (std::string_view line; cursor.Next(line);) {
    seen.push_back({std::string(line), cursor.offset(), cursor.LinesBefore()});
  }
  return seen;
}

TEST(LineCursor, Table) {
  const std::vector<std::pair<std::string, std::vector<Seen>>> cases = {
      {"", {}},
      {"\n", {}},
      {" \t\r\n\r\n", {}},
      {"{}\n", {{"{}", 0, 0}}},
      {"{}\r\n", {{"{}", 0, 0}}},
      {"{}\r\r\n", {{"{}\r", 0, 0}}},
      {"\n\n a\n\nb\r\n\n", {{" a", 2, 2}, {"b", 6, 4}}},
      {"a\nb", {{"a", 0, 0}, {"b", 2, 1}}},
      {"\r{}\n", {{"\r{}", 0, 0}}},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_THAT(Walk(text), ElementsAreArray(expected)) << text;
  }
}

TEST(LineCursor, CountsFromWhereItWasAskedLast) {
  LineCursor cursor("a\n\nb\nc\n\n\nd\n");
  std::string_view line;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(cursor.Next(line));
  EXPECT_EQ(cursor.LinesBefore(), 3U);
  EXPECT_EQ(cursor.LinesBefore(), 3U);
  ASSERT_TRUE(cursor.Next(line));
  EXPECT_EQ(line, "d");
  EXPECT_EQ(cursor.LinesBefore(), 6U);
}

}  // namespace
}  // namespace vedette::io
