// SPDX-License-Identifier: Apache-2.0
#include "cli/growing_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/terminal.h"

namespace vedette::cli {
namespace {

struct Drawn {
  std::string text;
  GrowingTable::Sink sink() {
    return [this](std::string_view more) -> base::Result<void> {
      text += more;
      return {};
    };
  }
};

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(GrowingTable, WidthsFollowTheRows) {
  Drawn drawn;
  GrowingTable table({{"HOST", 10}, {"WHAT", 200}}, 60, false, drawn.sink());
  ASSERT_TRUE(table.Row({"web", "cp a b"}));
  ASSERT_TRUE(table.Row({"a-very-long-host-name", "x"}));
  EXPECT_EQ(drawn.text, "") << "rows wait until the widths are known";
  ASSERT_TRUE(table.Flush());
  EXPECT_EQ(drawn.text, "HOST        WHAT\nweb         cp a b\na-very-lo…  x\n");
}

TEST(GrowingTable, NoLineIsWiderThanTheTerminal) {
  for (const std::size_t width : {40U, 60U, 100U, 300U}) {
    Drawn drawn;
    GrowingTable table({{"TIME", 23}, {"EVENT", 24}, {"HOST", 16}, {"USER", 12}, {"WHAT", 200}},
                       width, false, drawn.sink());
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(table.Line("#" + std::string(400, 'h')));
      ASSERT_TRUE(table.Row({std::string(23, 't'), std::string(30, 'e'), std::string(30, 'o'),
                             std::string(30, 'u'), std::string(500, 'w')},
                            "  1"));
    }
    ASSERT_TRUE(table.Flush());
    const auto lines = Lines(drawn.text);
    EXPECT_GE(lines.size(), 1001U);
    for (const std::string& line : lines) EXPECT_LE(DisplayWidth(line), width) << line;
  }
}

TEST(GrowingTable, TheLastColumnGoesBelowOnNarrowTerminals) {
  Drawn drawn;
  GrowingTable table({{"A", 30}, {"B", 200}}, 44, false, drawn.sink());
  ASSERT_TRUE(table.Row({std::string(30, 'a'), std::string(40, 'b')}));
  ASSERT_TRUE(table.Row({"a", ""}));
  ASSERT_TRUE(table.Flush());
  EXPECT_EQ(drawn.text,
            "A\n    B\n" + std::string(30, 'a') + "\n    " + std::string(40, 'b') + "\na\n");
}

TEST(GrowingTable, DataCannotDriveTheTerminal) {
  Drawn drawn;
  GrowingTable table({{"A", 30}}, 60, true, drawn.sink());
  ASSERT_TRUE(table.Line("\x1b[2Jgone"));
  ASSERT_TRUE(table.Row({"\x1b]0;title\x07"}));
  ASSERT_TRUE(table.Flush());
  EXPECT_THAT(drawn.text, testing::Not(testing::HasSubstr("\x1b[2J")));
  EXPECT_THAT(drawn.text, testing::Not(testing::HasSubstr("\x07")));
}

}  // namespace
}  // namespace vedette::cli
