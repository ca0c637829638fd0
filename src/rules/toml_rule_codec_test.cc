// SPDX-License-Identifier: Apache-2.0
#include "rules/toml_rule_codec.h"
#include "rules/bundled_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "rules/api_json_codec.h"
#include "rules/bundled_rules.h"
#include "rules/rule_loader.h"

namespace vedette::rules {
namespace {

using ::testing::HasSubstr;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

constexpr const char* kBundled[] = {"persistence_initramfs_extraction_cpio",
                                    "persistence_boot_directory_copy"};

std::string BundledPath(const std::string& name) {
  return std::string(VEDETTE_SOURCE_DIR) + "/rules/linux/" + name + ".toml";
}

/// TOML -> model -> NDJSON -> model -> TOML; [metadata] has no place in NDJSON and is carried over.
void ExpectFixedPoint(const std::string& path, const std::string& text) {
  const TomlRead first = ReadTomlRule(path, text);
  ASSERT_TRUE(first.rule.has_value());
  const std::string canonical = WriteTomlRule(*first.rule);
  ApiRead api = ReadApiRules("x.ndjson", WriteApiRule(*first.rule) + "\n");
  ASSERT_EQ(api.rules.size(), 1U);
  EXPECT_TRUE(api.diagnostics.empty()) << Render(api.diagnostics[0], false);
  api.rules[0].metadata = first.rule->metadata;
  EXPECT_EQ(WriteTomlRule(api.rules[0]), canonical);
  const TomlRead again = ReadTomlRule(path, canonical);
  ASSERT_TRUE(again.rule.has_value()) << canonical;
  EXPECT_EQ(WriteTomlRule(*again.rule), canonical);
  EXPECT_EQ(WriteApiRule(*again.rule), WriteApiRule(*first.rule));
}

TEST(TomlRuleCodec, BundledRulesAreAFixedPoint) {
  for (const char* name : kBundled) {
    SCOPED_TRACE(name);
    ExpectFixedPoint(BundledPath(name), ReadFile(BundledPath(name)));
  }
}

constexpr const char* kOdd = R"toml([metadata]
creation_date = 2026-01-02
maturity = "development"

[rule]
author = ["A \"quoted\" author", "Zoë"]
description = "one line with a \\ backslash and a \u0007 bell"
name = "Odd"
rule_id = "odd-rule"
type = "new_terms"
language = "kuery"
severity = "high"
risk_score = 73
query = """
a : "x\\y" and
'''quotes'''"""
note = '''Text
$investigate_0 and $osquery_0, not $5.

## Setup

Do this.

## More

End'''
filters = [{ "$state" = { store = "appState" }, meta = { negate = true, n = 1.0, big = 9007199254740993 } }]

[rule.alert_suppression]
group_by = ["host.id"]
[rule.alert_suppression.duration]
unit = "h"
value = 3

[rule.new_terms]
field = "new_terms_fields"
value = ["host.id", "user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-10d"

[[rule.severity_mapping]]
field = "a"
operator = "equals"
value = "b\nc"
severity = "low"

[[rule.risk_score_mapping]]
field = "a"
operator = "equals"
value = ""

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0003"
name = "Persistence"
reference = "https://attack.mitre.org/tactics/TA0003/"

[[transform.investigate]]
label = "x"
providers = [[{ field = "b", excluded = false, value = "{{b}}", queryType = "phrase", valueType = "string" }]]
[[transform.osquery]]
label = "y"
query = "SELECT '}' FROM t"
)toml";

TEST(TomlRuleCodec, BundledRulesAreCanonical) {
  for (const BundledFile& file : BundledFiles()) {
    if (file.is_test()) continue;
    const TomlRead read = ReadTomlRule(std::string(file.path), std::string(file.text));
    ASSERT_TRUE(read.rule.has_value()) << file.path;
    EXPECT_EQ(WriteTomlRule(*read.rule), file.text) << file.path << ": run `vedette rules fmt`";
  }
}

TEST(TomlRuleCodec, EverythingOddIsAFixedPoint) { ExpectFixedPoint("odd.toml", kOdd); }

TEST(TomlRuleCodec, ReadsTheApiShape) {
  const TomlRead read = ReadTomlRule("odd.toml", kOdd);
  ASSERT_TRUE(read.rule.has_value());
  const Rule& rule = *read.rule;
  EXPECT_TRUE(read.diagnostics.empty()) << Render(read.diagnostics[0], false);
  EXPECT_EQ(rule.type, RuleType::kNewTerms);
  EXPECT_THAT(rule.new_terms_fields, testing::ElementsAre("host.id", "user.name"));
  EXPECT_EQ(rule.history_window_start, "now-10d");
  EXPECT_EQ(rule.setup, "Do this.\n\n");
  EXPECT_THAT(rule.note, HasSubstr("!{osquery{\"label\":\"y\",\"query\":\"SELECT '}' FROM t\"}}"));
  EXPECT_THAT(rule.note, HasSubstr("not $5."));
  EXPECT_THAT(rule.note, HasSubstr("## More"));
  EXPECT_THAT(rule.note, testing::Not(HasSubstr("## Setup")));
  EXPECT_EQ(rule.interval, "5m");
  EXPECT_EQ(rule.from, "now-6m");
  EXPECT_EQ(rule.max_signals, 100);
  EXPECT_EQ(rule.id, UuidFromName("odd-rule"));
  EXPECT_TRUE(IsUuid(rule.id));
  EXPECT_EQ(rule.metadata.at("creation_date"), "\"2026-01-02\"");
}

TEST(TomlRuleCodec, CaretsPointIntoTheFile) {
  const std::string text =
      "[rule]\nname = \"n\"\nrule_id = \"r\"\ntype = \"eql\"\nlanguage = \"eql\"\n"
      "query = '''\nprocess where\n  process.name == == \"x\"\n'''\n";
  const RuleSetLoad load = LoadRulesFromText("f.toml", text);
  EXPECT_EQ(load.refused, 1U);
  ASSERT_FALSE(load.diagnostics.empty());
  EXPECT_EQ(load.diagnostics[0].line, 8U);
  EXPECT_GE(load.diagnostics[0].column, 16U);
  EXPECT_THAT(Render(load.diagnostics[0], false), HasSubstr("f.toml:8:"));
}

struct BadFile {
  const char* name;
  const char* text;
  const char* message;
  std::uint32_t line;
};

TEST(TomlRuleCodec, BadFilesSayWhatAndWhere) {
  const BadFile cases[] = {
      {"not toml", "[rule]\nname = = 1\n", "not TOML", 2},
      {"no rule", "[metadata]\nmaturity = \"x\"\n", "no [rule]", 1},
      {"unknown key", "[rule]\nrule_id = \"r\"\nquerry = \"x\"\n", "unknown key `querry`", 3},
      {"wrong type", "[rule]\nrule_id = \"r\"\nname = 5\n", "`name` must be a string", 3},
      {"literal plugin", "[rule]\nrule_id = \"r\"\nnote = '!{osquery{\"a\":1}}'\n", "literally", 3},
      {"unpaired", "[rule]\nrule_id = \"r\"\nnote = \"$osquery_0\"\n", "no [[transform.osquery]]",
       3},
      {"unknown table", "[rule]\nrule_id = \"r\"\n[ruel]\na = 1\n", "unknown table `ruel`", 3},
      {"two setups", "[rule]\nrule_id = \"r\"\nsetup = \"a\"\nnote = '''\n## Setup\nb'''\n",
       "`## Setup`", 3},
  };
  for (const BadFile& c : cases) {
    SCOPED_TRACE(c.name);
    const TomlRead read = ReadTomlRule("f.toml", c.text);
    ASSERT_FALSE(read.diagnostics.empty());
    EXPECT_THAT(read.diagnostics[0].diagnostic.message, HasSubstr(c.message));
    EXPECT_EQ(read.diagnostics[0].line, c.line);
  }
}

TEST(TomlRuleCodec, HostileNestingIsRefused) {
  std::string dots = "[rule]\nx";
  for (int i = 0; i < 100'000; ++i) dots += ".a";
  EXPECT_FALSE(ReadTomlRule("f.toml", dots + " = 1\n").rule.has_value());
  EXPECT_FALSE(ReadTomlRule("f.toml", "[rule]\nx = " + std::string(100'000, '[')).rule.has_value());
  EXPECT_FALSE(ReadTomlRule("f.toml", std::string(5U << 20U, ' ')).rule.has_value());
}

TEST(BehaviorRuleCodec, RoundTrip) {
  const std::string text =
      "[rule]\nid = \"0b6f0c6e-0000-4000-8000-00000000abcd\"\nname = \"B\"\n"
      "description = \"d\"\nos_list = [\"linux\"]\nversion = \"1.0.7\"\n"
      "reference = [\"https://example.org/\"]\n"
      "query = '''\nprocess where process.name == \"x\"\n'''\n\n"
      "[[actions]]\naction = \"kill_process\"\nfield = \"process.entity_id\"\nstate = 0\n\n"
      "[[threat]]\nframework = \"MITRE ATT&CK\"\n[threat.tactic]\nid = \"TA0002\"\n"
      "name = \"Execution\"\nreference = \"https://attack.mitre.org/tactics/TA0002/\"\n\n"
      "[internal]\nmin_endpoint_version = \"7.15.0\"\n";
  const TomlRead read = ReadTomlRule("b.toml", text);
  ASSERT_TRUE(read.rule.has_value());
  EXPECT_TRUE(read.diagnostics.empty());
  const Rule& rule = *read.rule;
  EXPECT_EQ(rule.form, RuleForm::kBehavior);
  EXPECT_EQ(rule.dialect(), eql::Dialect::kEndpoint);
  ASSERT_EQ(rule.behavior_actions.size(), 1U);
  ASSERT_EQ(rule.threat.size(), 1U);
  ExpectFixedPoint("b.toml", text);
}

}  // namespace
}  // namespace vedette::rules
