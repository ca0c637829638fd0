// SPDX-License-Identifier: Apache-2.0
#include "cli/text_table.h"

#include <gtest/gtest.h>

#include "cli/toml_comments.h"

namespace vedette::cli {
namespace {

TEST(TextTable, AlignsAndCuts) {
  TextTable table({{"Name", false, true, 4}, {"N", true}});
  table.Row({{"a long name indeed"}, {"7"}});
  table.Row({{"b"}, {"12"}});
  EXPECT_EQ(table.Render(14, false),
            "Name         N\n"
            "a long na…   7\n"
            "b           12\n");
}

TEST(TextTable, HostileCellsCannotDriveTheTerminal) {
  TextTable table({{"Name"}});
  table.Row({{"x\x1b[2J\ny"}});
  EXPECT_EQ(table.Render(80, false), "Name\nx.[2J y\n");
}

TEST(TextTable, HugeCellEnds) {
  TextTable table({{"Name", false, true, 8}});
  table.Row({{std::string(1'000'000, 'x')}});
  EXPECT_EQ(table.Render(10, false), "Name\nxxxxxxxxx…\n");
}

struct CommentCase {
  const char* name;
  const char* toml;
  std::uint32_t line;
};
class TomlComments : public testing::TestWithParam<CommentCase> {};
TEST_P(TomlComments, FirstLine) { EXPECT_EQ(FirstCommentLine(GetParam().toml), GetParam().line); }

const CommentCase kComments[] = {
    {"None", "a = 1\n", 0},
    {"Alone", "a = 1\n# why\n", 2},
    {"Behind", "a = 1 # why\n", 1},
    {"InString", "a = \"#\"\n", 0},
    {"AfterEscapedQuote", "a = \"\\\"#\"\n", 0},
    {"InLiteral", "a = '\\#'\n", 0},
    {"InLongLiteral", "a = '''\n# no\n'''\n", 0},
    {"AfterLongLiteral", "a = '''\nx''''\n# yes\n", 3},
    {"InLongString", "a = \"\"\"\n\\\"\"\"# no\"\"\"\n", 0},
    {"NeverClosed", "a = '''# no", 0},
    {"Empty", "", 0},
};
INSTANTIATE_TEST_SUITE_P(All, TomlComments, testing::ValuesIn(kComments),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

}  // namespace
}  // namespace vedette::cli
