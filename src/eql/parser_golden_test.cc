// SPDX-License-Identifier: Apache-2.0
// The diagnostics as a person sees them. VEDETTE_UPDATE_GOLDEN=1 rewrites the file after a
// deliberate change.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "eql/parser.h"

namespace vedette::eql {
namespace {

constexpr Dialect kES = Dialect::kElasticsearch;
constexpr Dialect kEP = Dialect::kEndpoint;
constexpr Dialect kEG = Dialect::kEndgame;

struct Slip {
  Dialect dialect;
  const char* text;
};

constexpr Slip kSlips[] = {
    {kES, "process where process.name = 'bash' AND user.id == \"0\""},
    {kES, "process where process.name == \"C:\\Windows\""},
    {kES, "process where process.name == \"open"},
    {kES, "process where event.sequence == 1"},
    {kES, "process wher true"},
    {kES, "process where (a or b"},
    {kES, "process where a < b < c"},
    {kES, "process where a not like \"b*\""},
    {kES, "process where a like b"},
    {kES, "process where a in ()"},
    {kES, "process where a && b"},
    {kES, "process where true | heads 5"},
    {kES, "process where true | sort a"},
    {kES, "sequence with maxspan=30 [a where b] [c where d]"},
    {kES, "sequence with maxspan=1m by k\n  [a where b]\n  [c where d]"},
    {kES, "sequence by k\n  [a where b] by x\n  [c where d]"},
    {kES, "sequence [a where b]"},
    {kES, "sequence [a where b] ![c where d]"},
    {kES, "file where descendant of [process where true]"},
    {kEP, "process where ?a == 1 and b[0] == 2"},
    {kEP, "sequence [a where b] with runs=3 [c where d]"},
    {kEG, "process where name like \"a*\""},
    {kEG, "process where name : \"a*\""},
    {kEG, "macro A(x) A(x) any where A(1)"},
};

std::string RenderAll() {
  std::string all;
  for (const Slip& slip : kSlips) {
    const base::Source source("query.eql", slip.text);
    for (const base::Diagnostic& diagnostic : Parse(source, slip.dialect).diagnostics) {
      all += RenderDiagnostic(diagnostic, &source, false);
    }
    all += "----\n";
  }
  return all;
}

TEST(ParserGoldenTest, DiagnosticsReadWell) {
  const std::string path =
      std::string(VEDETTE_SOURCE_DIR) + "/src/eql/testdata/parser_diagnostics.txt";
  const std::string rendered = RenderAll();
  if (std::getenv("VEDETTE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << rendered;
    return;
  }
  std::ifstream in(path);
  ASSERT_TRUE(in.good()) << path;
  const std::string golden((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_EQ(rendered, golden);
}

}  // namespace
}  // namespace vedette::eql
