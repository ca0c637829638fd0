// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostic_catalogue.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace vedette::cli {
namespace {

/// `"E0203"`, `"R014"`, …: a quoted letter of the four kinds with three or four digits.
void CollectCodes(const std::string& text, std::set<std::string>& out) {
  for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 1)) {
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string::npos) return;
    const std::string word = text.substr(at + 1, end - at - 1);
    const bool long_code = word.size() == 5 && (word[0] == 'E' || word[0] == 'W');
    const bool short_code = word.size() == 4 && (word[0] == 'R' || word[0] == 'T');
    if ((long_code || short_code) && word.find_first_not_of("0123456789", 1) == std::string::npos) {
      out.insert(word);
    }
  }
}

TEST(DiagnosticCatalogue, ExplainsEveryCodeThatIsReported) {
  std::set<std::string> codes;
  for (const char* room : {"eql", "rules"}) {
    const auto folder = std::filesystem::path(VEDETTE_SOURCE_DIR) / "src" / room;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with("_test.cc") || (!name.ends_with(".cc") && !name.ends_with(".h"))) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      CollectCodes(text.str(), codes);
    }
  }
  EXPECT_GE(codes.size(), 100U);
  for (const std::string& code : codes) EXPECT_NE(FindCode(code), nullptr) << code;
}

TEST(DiagnosticCatalogue, FindsCodesInAnyCase) {
  EXPECT_EQ(FindCode("w0303")->code, "W0303");
  EXPECT_EQ(FindCode("W9999"), nullptr);
}

}  // namespace
}  // namespace vedette::cli
