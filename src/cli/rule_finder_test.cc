// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vedette::cli {
namespace {

std::vector<rules::Rule> SomeRules() {
  std::vector<rules::Rule> rules(3);
  rules[0].rule_id = "b2a7e9c4-15f3-4d68-8e07-94c0d6a1f35e";
  rules[0].name = "Boot Directory File Copy";
  rules[0].origin.path = "bundled:linux/persistence_boot_directory_copy.toml";
  rules[1].rule_id = "6c1f0d0e-7b6a-4e0c-9a52-3d1e9f7c84b1";
  rules[1].name = "Image Unpacked";
  rules[1].origin.path = "x/persistence_initramfs_extraction.toml";
  rules[2].rule_id = "made-by-hand";
  rules[2].name = "Boot Loader Changed";
  rules[2].description = "Somebody edits grub.";
  rules[2].origin.path = "x/impact_loader.toml";
  return rules;
}

struct FindCase {
  const char* name;
  const char* wanted;
  std::vector<std::size_t> found;
  const char* suggestion = "";
};

class RuleFinder : public testing::TestWithParam<FindCase> {};

TEST_P(RuleFinder, Finds) {
  const std::vector<rules::Rule> rules = SomeRules();
  const FoundRules found = FindRule(rules, GetParam().wanted);
  std::vector<std::size_t> indexes;
  for (const rules::Rule* rule : found.rules) {
    indexes.push_back(static_cast<std::size_t>(rule - rules.data()));
  }
  EXPECT_EQ(indexes, GetParam().found);
  EXPECT_EQ(found.suggestion, GetParam().suggestion);
}

const FindCase kCases[] = {
    {"Id", "B2A7E9C4-15f3-4d68-8e07-94c0d6a1f35e", {0}},
    {"Name", "boot loader changed", {2}},
    {"FileStem", "persistence_initramfs_extraction", {1}},
    {"WordOfFile", "initramfs", {1}},
    {"WordsInAnyOrder", "copy-boot", {0}},
    {"WordBeginnings", "init ext", {1}},
    {"FileBeforeName", "directory", {0}},
    {"Ambiguous", "persistence", {0, 1}},
    {"PartOfName", "age unp", {1}},
    {"WordOfDescription", "grub", {2}},
    {"Misspelt", "initramsf", {}, "initramfs"},
    {"Nothing", "zzzzzzzz", {}},
    {"Empty", "", {}},
};
INSTANTIATE_TEST_SUITE_P(All, RuleFinder, testing::ValuesIn(kCases),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

}  // namespace
}  // namespace vedette::cli
