// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "rules/api_json_codec.h"
#include "rules/attack.h"
#include "rules/guide_renderer.h"
#include "rules/rule_test_file.h"
#include "rules/toml_rule_codec.h"

namespace vedette::rules {
namespace {

using ::testing::HasSubstr;

const std::string kBundled = std::string(VEDETTE_SOURCE_DIR) + "/rules";

std::string Problems(const RuleSetLoad& load) {
  std::string out;
  for (const auto& diagnostic : load.diagnostics) out += Render(diagnostic, false);
  return out;
}

TEST(RuleLoader, BundledRulesAreClean) {
  const RuleSetLoad load = LoadRules({kBundled}, {.profile = Profile::kElastic});
  EXPECT_GE(load.rules.size(), 2U);
  EXPECT_EQ(load.runnable, load.rules.size());
  EXPECT_TRUE(load.diagnostics.empty()) << Problems(load);
  for (const Rule& rule : load.rules) EXPECT_FALSE(rule.required_fields.empty());
}

TEST(RuleLoader, BundledRulesPassTheirTests) {
  const RuleSetLoad load = LoadRules({kBundled});
  std::size_t cases = 0;
  for (const Rule& rule : load.rules) {
    SCOPED_TRACE(rule.name);
    const auto tests = LoadRuleTests(TestPathFor(rule.origin.path));
    ASSERT_TRUE(tests.has_value()) << tests.error().message();
    ASSERT_TRUE(tests->ok()) << Render(tests->diagnostics[0], false);
    const RuleTestReport report = RunRuleTests(rule, *tests);
    EXPECT_EQ(report.cannot_run, "");
    for (const RuleTestOutcome& outcome : report.outcomes) {
      EXPECT_TRUE(outcome.passed) << outcome.test->name << ": " << outcome.reason;
      ++cases;
    }
  }
  EXPECT_GE(cases, 150U);
}

TEST(RuleLoader, ExportBundleIsReadLineByLine) {
  const std::string bundle =
      R"({"rule_id":"a","name":"A","type":"eql","language":"eql","query":"process where true","severity":"low","risk_score":21,"x_new":{"k":[1,null]}})"
      "\n{broken\n"
      R"({"rule_id":"b","name":"B","type":"query","query":"a:b"})"
      "\n"
      R"({"rule_id":"c","name":"C","type":"eql","query":"process where (("})"
      "\n"
      R"({"list_id":"l","type":"detection","name":"list"})"
      "\n"
      R"({"item_id":"i","list_id":"l","entries":[],"name":"item"})"
      "\n"
      R"({"id":"k","type":"action","attributes":{"name":"hook"}})"
      "\n"
      R"({"exported_count":6})"
      "\n";
  const RuleSetLoad load = LoadRulesFromText("bundle.ndjson", bundle);
  EXPECT_EQ(load.runnable, 1U);
  EXPECT_EQ(load.stored_only, 1U);
  EXPECT_EQ(load.refused, 2U);
  EXPECT_EQ(load.exception_lists, 1U);
  EXPECT_EQ(load.exception_items, 1U);
  EXPECT_EQ(load.connectors, 1U);
  ASSERT_EQ(load.rules.size(), 2U);
  EXPECT_THAT(load.rules[1].stored_only, HasSubstr("kuery"));
  EXPECT_THAT(WriteApiRule(load.rules[0]), HasSubstr(R"("x_new":{"k":[1,null]})"));
  EXPECT_THAT(WriteApiExport(load.rules), HasSubstr("\"exported_rules_count\":2"));
  EXPECT_THAT(Problems(load), HasSubstr("bundle.ndjson:2"));
}

TEST(RuleLoader, ArrayAndSingleObject) {
  const char* one = R"({"name":"N","rule_id":"r","type":"eql","query":"any where true"})";
  EXPECT_EQ(LoadRulesFromText("a.json", "[" + std::string(one) + "]").runnable, 1U);
  EXPECT_EQ(LoadRulesFromText("a.json", one).runnable, 1U);
  EXPECT_EQ(LoadRulesFromText("a.json", "{\"data\":[" + std::string(one) + "]}").runnable, 1U);
  EXPECT_EQ(LoadRulesFromText("a.json",
                              "{\n\"name\":\"N\",\n\"query\":\"any where true\",\"type\":"
                              "\"eql\"}")
                .runnable,
            1U);
  EXPECT_EQ(LoadRulesFromText("a.json", "").rules.size(), 0U);
}

TEST(RuleLoader, AMemberOfTheWrongTypeRefusesTheRule) {
  const std::string good = R"({"name":"N","rule_id":"r","type":"eql","query":"any where true")";
  const struct {
    const char* name;
    const char* member;
    std::size_t refused;
  } cases[] = {
      {"nothing wrong", "", 0},
      {"index is a number", R"(,"index":5)", 1},
      {"list of numbers", R"(,"index":[5])", 1},
      {"risk score is a text", R"(,"risk_score":"high")", 1},
      {"enabled is a text", R"(,"enabled":"no")", 1},
      {"threat is a text", R"(,"threat":"T1542")", 1},
      {"tactic is a text", R"(,"threat":[{"framework":"MITRE ATT&CK","tactic":"TA0003"}])", 1},
      {"null counts as absent", R"(,"index":null)", 0},
      {"an unknown name changes nothing that runs", R"(,"indx":["a"])", 0},
  };
  for (const auto& test : cases) {
    const RuleSetLoad load = LoadRulesFromText("a.json", good + test.member + "}");
    EXPECT_EQ(load.refused, test.refused) << test.name;
    EXPECT_EQ(load.runnable, 1U - test.refused) << test.name << "\n" << Problems(load);
    EXPECT_EQ(load.errors(), test.refused) << test.name;
  }
}

TEST(RuleLoader, MissingPathIsAFinding) {
  const RuleSetLoad load = LoadRules({"/nowhere/at/all", kBundled});
  EXPECT_EQ(load.refused, 1U);
  EXPECT_GE(load.runnable, 2U);
}

struct LintCase {
  const char* name;
  const char* members;  ///< appended to a good rule; later duplicates of a TOML key are avoided
  const char* code;
};

TEST(RuleLint, FindsWhatIsWrong) {
  const LintCase cases[] = {
      {"severity", R"("severity":"urgent","risk_score":21)", "R003"},
      {"risk range", R"("severity":"low","risk_score":101)", "R003"},
      {"risk fits", R"("severity":"low","risk_score":99)", "R013"},
      {"date math", R"("from":"yesterday")", "R008"},
      {"window order", R"("from":"now","to":"now-5m")", "R008"},
      {"hole", R"("from":"now-1m","interval":"10m")", "R008"},
      {"interval", R"("interval":"often")", "R008"},
      {"override", R"("timestamp_override":"@timestamp")", "R009"},
      {"many", R"("max_signals":5000)", "R018"},
      {"index", R"("index":["elsewhere-*"])", "R007"},
      {"language", R"("language":"kuery")", "R006"},
      {"timeline", R"("timeline_id":"x")", "R003"},
      {"suppression", R"("alert_suppression":{"group_by":[]})", "R020"},
      {"guide name", R"("note":"### Investigating Other\n")", "R016"},
      {"tactic",
       R"("threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0003","name":"Execution","reference":"https://attack.mitre.org/tactics/TA0003/"}}])",
       "R014"},
      {"url",
       R"("threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0003","name":"Persistence","reference":"https://attack.mitre.org/tactics/TA0003"}}])",
       "R014"},
      {"other tactic's",
       R"("threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution","reference":"https://attack.mitre.org/tactics/TA0002/"},"technique":[{"id":"T1542","name":"Pre-OS Boot","reference":"https://attack.mitre.org/techniques/T1542/"}]}])",
       "R014"},
      {"revoked",
       R"("threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution","reference":"https://attack.mitre.org/tactics/TA0002/"},"technique":[{"id":"T1064","name":"Scripting","reference":"https://attack.mitre.org/techniques/T1064/"}]}])",
       "R014"},
      {"unknown", R"("severty":"low")", "R001"},
      {"type", R"("tags":{"a":1})", "R001"},
  };
  for (const LintCase& c : cases) {
    SCOPED_TRACE(c.name);
    std::string text =
        R"({"rule_id":"r","name":"N","description":"d","type":"eql","query":"any where true",)";
    const std::string members = c.members;
    for (const auto& [key, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"severity", "\"low\""},
             {"risk_score", "21"},
             {"language", "\"eql\""},
             {"threat",
              R"([{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution"}}])"},
             {"timestamp_override", "\"event.ingested\""}}) {
      if (members.find(std::string("\"") + key + "\"") == std::string::npos) {
        text += std::string("\"") + key + "\":" + value + ",";
      }
    }
    const RuleSetLoad load =
        LoadRulesFromText("l.ndjson", text + members + "}", {.profile = Profile::kCustom});
    ASSERT_EQ(load.diagnostics.size(), 1U) << Problems(load);
    EXPECT_EQ(load.diagnostics[0].diagnostic.code, c.code) << Problems(load);
  }
}

TEST(RuleLint, DuplicatesAreRefusedAndNamed) {
  const std::string rule = R"({"rule_id":"r","name":"N","type":"eql","query":"any where true"})"
                           "\n";
  const RuleSetLoad load = LoadRulesFromText("l.ndjson", rule + rule);
  EXPECT_EQ(load.rules.size(), 1U);
  EXPECT_EQ(load.refused, 1U);
  EXPECT_THAT(Problems(load), HasSubstr("R002"));
}

TEST(Attack, TableIsWhole) {
  EXPECT_EQ(AllTactics().size(), 14U);
  EXPECT_EQ(FindTechnique("T1542.003")->name, "Bootkit");
  EXPECT_TRUE(TechniqueInTactic("T1574.006", "TA0005"));
  EXPECT_FALSE(TechniqueInTactic("T1059.004", "TA0003"));
  EXPECT_TRUE(TechniqueInTactic("T9999", "TA0003"));
  std::string_view before;
  for (const auto& technique : AllTechniques()) {
    EXPECT_LT(before, technique.id);
    before = technique.id;
    EXPECT_TRUE(technique.revoked_by.empty() || technique.revoked_by == kNoSuccessor ||
                FindTechnique(technique.revoked_by) != nullptr);
    if (technique.id.find('.') != std::string_view::npos) {
      EXPECT_NE(FindTechnique(technique.id.substr(0, 5)), nullptr) << technique.id;
    }
  }
}

TEST(Identity, UuidVersionFive) {
  EXPECT_EQ(UuidFromName("a").size(), 36U);
  EXPECT_EQ(UuidFromName("a")[14], '5');
  EXPECT_NE(UuidFromName("a"), UuidFromName("b"));
  Rule rule;
  rule.rule_id = "6C1F0D0E-7B6A-4E0C-9A52-3D1E9F7C84B1";
  AssignIdentity(rule);
  EXPECT_EQ(rule.id, "6c1f0d0e-7b6a-4e0c-9a52-3d1e9f7c84b1");
}

TEST(GuideRenderer, TerminalText) {
  const std::string guide =
      "## Triage\n\nA long paragraph with **bold** and `code` that must be wrapped somewhere "
      "here.\n"
      "- one item that is also long enough to wrap\n\n```\nls -la   /boot\n```\n"
      "!{investigate{\"label\":\"L\\u001b[31m\",\"providers\":[[{\"field\":\"host.id\","
      "\"excluded\":"
      "false,"
      "\"queryType\":\"phrase\",\"value\":\"{{host.id}}\",\"valueType\":\"string\"}]],"
      "\"relativeFrom\":\"now-1h\"}}\n!{osquery{\"label\":\"Q\",\"query\":\"SELECT "
      "1\"}}\n!{osquery{";
  const std::string text = RenderGuide(guide, {.width = 40, .colour = false});
  EXPECT_THAT(text, HasSubstr("Triage\n======\n"));
  EXPECT_THAT(text, HasSubstr("any where host.id == \"{{host.id}}\""));
  EXPECT_THAT(text, HasSubstr("    SELECT 1\n"));
  EXPECT_THAT(text, HasSubstr("    ls -la   /boot\n"));
  EXPECT_THAT(text, HasSubstr("!{osquery{"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(RenderGuide(guide, {.width = 40, .colour = true}).find("\x1b[1m"), std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("    ", 0) == 0) continue;
    EXPECT_LE(line.size(), 40U) << line;
  }
}

TEST(Corpora, LoadThroughTheApiCodec) {
  const char* shared = std::getenv("VEDETTE_SHARED");
  const std::string folder =
      (shared != nullptr ? std::string(shared) : std::string(VEDETTE_SOURCE_DIR) + "/../shared") +
      "/corpora";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "SKIPPED: no corpora under " << folder << "; set VEDETTE_SHARED";
  }
  struct File {
    const char* name;
    std::size_t rules;
  };
  for (const File& file :
       {File{"detection-rules-eql.jsonl", 585}, File{"detection-rules-other.jsonl", 475},
        File{"endpoint-behavior.jsonl", 792}}) {
    SCOPED_TRACE(file.name);
    const RuleSetLoad load = LoadRules({folder + "/" + file.name});
    EXPECT_EQ(load.rules.size() + load.refused, file.rules);
    EXPECT_EQ(load.refused, 0U) << Problems(load).substr(0, 3000);
    std::cout << file.name << ": runnable " << load.runnable << ", stored only " << load.stored_only
              << ", refused " << load.refused << "\n";
    for (const Rule& rule : load.rules) {
      const ApiRead back = ReadApiRules("x", WriteApiRule(rule));
      ASSERT_EQ(back.rules.size(), 1U) << rule.name;
      ASSERT_EQ(WriteTomlRule(back.rules[0]), WriteTomlRule(rule)) << rule.name;
      const TomlRead toml = ReadTomlRule("x.toml", WriteTomlRule(rule));
      ASSERT_TRUE(toml.rule.has_value()) << WriteTomlRule(rule);
      ASSERT_EQ(toml.rule->query, rule.query);
    }
  }
}

}  // namespace
}  // namespace vedette::rules
