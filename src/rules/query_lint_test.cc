// SPDX-License-Identifier: Apache-2.0
#include "rules/query_lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "rules/api_json_codec.h"
#include "rules/lint_allow.h"
#include "rules/lint_exclusions.h"
#include "rules/rule_loader.h"
#include "rules/version_lock.h"

namespace vedette::rules {
namespace {

using ::testing::HasSubstr;

/// A detection rule around a query; `more` are further JSON members.
RuleSetLoad Load(const std::string& query, const std::string& more = "") {
  std::string text;
  base::JsonWriter json(text);
  json.String(query);
  return LoadRulesFromText(
      "r.json",
      R"({"rule_id":"r","name":"N","description":"d","type":"eql","severity":"low",)"
      R"("risk_score":21,"timestamp_override":"event.ingested","building_block_type":"default",)"
      R"("from":"now-120m","interval":"60m","query":)" +
          text + (more.empty() ? "" : "," + more) + "}",
      {.profile = Profile::kCustom});
}

/// Codes of the query's findings, in order.
std::vector<std::string> Codes(const RuleSetLoad& load) {
  std::vector<std::string> out;
  for (const RuleDiagnostic& found : load.diagnostics) out.push_back(found.diagnostic.code);
  return out;
}

struct Case {
  const char* name;
  std::string query;
  std::vector<std::string> codes;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    const RuleSetLoad load = Load(test.query);
    std::string shown;
    for (const auto& found : load.diagnostics) shown += Render(found, false);
    EXPECT_EQ(Codes(load), test.codes) << test.name << "\n" << shown;
  }
}

TEST(QueryLint, NeverTrue) {
  Check({
      {"two values", R"(process where process.name == "a" and process.name == "b")", {"W0301"}},
      {"across lists",
       R"(process where process.name in ("a", "b") and process.name : ("c", "d*"))",
       {"W0301"}},
      {"disjoint patterns",
       R"(file where file.path like "/etc/*" and file.path like "/tmp/*")",
       {"W0301"}},
      {"patterns that overlap",
       R"(file where file.path like "/etc/*" and file.path like "*.so")",
       {}},
      {"empty range", "process where process.pid > 5 and process.pid < 3", {"W0301"}},
      {"a range of one", "process where process.pid >= 5 and process.pid <= 5", {}},
      {"an open end", "process where process.pid > 5 and process.pid <= 5", {"W0301"}},
      {"a value and its absence",
       R"(process where process.name == null and process.name == "a")",
       {"W0301"}},
      {"required and excluded",
       R"(process where process.name == "cp" and not process.name : ("CP", "x"))",
       {"W0301"}},
      {"an exclusion of another case",
       R"(process where process.name : "cp" and process.name != "CP")",
       {}},
      {"an array may hold both",
       R"(process where process.args == "a" and process.args == "b")",
       {}},
      {"an array cannot hold and lack it",
       R"(process where process.args == "a" and not process.args == "a")",
       {"W0301"}},
      {"one alternative only",
       R"(process where process.name == "a" and (process.name == "b" or process.pid == 1))",
       {"W0301"}},
      {"constants", "process where 1 == 2", {"W0301"}},
      {"below not",
       R"(process where not (process.name == "a" and process.name == "b"))",
       {"W0301"}},
      {"dates compare in their own way",
       R"(process where process.start == "2020-01-01" and process.start == "2020")",
       {}},
  });
}

TEST(QueryLint, AlwaysTrue) {
  Check({
      {"where true is any", "process where true", {}},
      {"two inequalities",
       R"(process where process.name != "a" or process.name != "b")",
       {"W0302"}},
      {"on different fields", R"(process where process.name != "a" or user.name != "b")", {}},
      {"on an array", R"(process where process.args != "a" or process.args != "b")", {}},
      {"present or not", "process where process.name != null or process.name == null", {"W0302"}},
      {"a constant side", R"(process where process.name == "a" or 1 == 1)", {"W0302"}},
      {"an idle part of an exclusion",
       R"(process where process.name == "a" and not (process.name == "a" and process.pid == 1))",
       {"W0302"}},
  });
}

TEST(QueryLint, Shadowed) {
  Check({
      {"twice", R"(process where process.name in ("a", "b", "a"))", {"W0303"}},
      {"several in a list are one finding",
       R"(process where process.name in ("a", "a", "a", "b", "b"))",
       {"W0303"}},
      {"wider sibling", R"(file where file.path : ("/etc/passwd", "/etc/*"))", {"W0303"}},
      {"pattern in pattern", R"(file where file.path : ("*a*", "*bar*", "x"))", {"W0303"}},
      {"a question mark is no star", R"(file where file.path : ("/a?", "/a*b"))", {}},
      {"case keeps them apart", R"(process where process.name in ("a", "A"))", {}},
      {"no case", R"(process where process.name in~ ("a", "A"))", {"W0303"}},
      {"or", R"(file where file.path like "/etc/*" or file.path == "/etc/shadow")", {"W0303"}},
      {"the insensitive side is wider",
       R"(file where file.path == "/etc/x" or file.path : "/etc/X")",
       {"W0303"}},
      {"the sensitive side is not",
       R"(file where file.path like "/etc/x*" or file.path : "/etc/x1")",
       {}},
      {"an and inside the or",
       R"(process where process.name == "a" or (process.name == "a" and process.pid == 1))",
       {"W0303"}},
      {"exclusions",
       R"(file where file.path != null and not file.path : "/etc/*" and not file.path : "/etc/a")",
       {"W0303"}},
  });
}

TEST(QueryLint, EventTypes) {
  Check({
      {"fits", R"(file where event.type == "creation")", {}},
      {"does not", R"(file where event.type == "start")", {"W0304"}},
      {"one of several fits", R"(file where event.type in ("start", "change"))", {}},
      {"excluded is fine", R"(file where event.type != "start")", {}},
      {"any event", R"(any where event.type == "start")", {}},
  });
}

TEST(QueryLint, LetterCase) {
  Check({
      {"program", R"(process where process.name == "cmd.exe")", {"W0305"}},
      {"path", R"(file where file.path like """C:\Windows\*""")", {"W0305"}},
      {"one per list", R"(process where process.name in ("a", "b.exe", "c.exe"))", {"W0305"}},
      {"insensitive",
       R"(process where process.name : "cmd.exe" or process.name in~ ("a.exe"))",
       {}},
      {"unix", R"(process where process.executable == "/usr/bin/exe")", {}},
      {"exclusions fail safe",
       R"(process where process.pid == 1 and process.name != "cmd.exe")",
       {}},
      {"arguments are no names", R"(process where process.args == "cmd.exe")", {}},
  });
}

TEST(QueryLint, LeadingWildcards) {
  Check({
      {"alone", R"(process where process.command_line : "*curl*")", {"R027"}},
      {"event.type narrows little",
       R"(process where event.type == "start" and process.command_line : "*curl*")",
       {"R027"}},
      {"after a name",
       R"(process where process.name == "sh" and process.command_line : "*curl*")",
       {}},
      {"every alternative is guarded",
       R"(process where (process.name == "sh" or process.name == "zsh") and process.args : "*a*")",
       {}},
      {"one alternative is not",
       R"(process where (process.name == "sh" or process.pid != 1) and process.args : "*a*")",
       {"R027"}},
      {"fixed beginning", R"(process where process.command_line : "curl*")", {}},
      {"exclusion", R"(process where process.name == "a" and not process.args : "*a*")", {}},
  });
}

TEST(QueryLint, OldNames) {
  Check({
      {"old", "process where process.ppid == 1", {"W0307"}},
      {"new", "process where process.parent.pid == 1", {}},
  });
}

TEST(QueryLint, Sequences) {
  const std::string items = R"([process where process.pid == 1] [file where file.path == "a"])";
  const struct {
    const char* name;
    std::string query, more;
    std::vector<std::string> codes;
  } cases[] = {
      {"bounded", "sequence by host.id with maxspan=1m " + items, "", {}},
      {"no end", "sequence by host.id " + items, "", {"R012"}},
      {"no key either", "sequence " + items, "", {"R012"}},
      {"longer than the window",
       "sequence by host.id with maxspan=3h " + items,
       "",
       {"R010", "R011"}},
      {"ten minutes of grace",
       "sequence by host.id with maxspan=130m " + items,
       R"("interval":"65m")",
       {}},
      {"run too often",
       "sequence by host.id with maxspan=10m " + items,
       R"("interval":"4m")",
       {"R019", "R011"}},
      {"each item is linted",
       R"(sequence by host.id with maxspan=1m [process where process.name == "a.exe"]
          [file where event.type == "start"])",
       "",
       {"W0305", "W0304"}},
  };
  for (const auto& test : cases) {
    auto codes = Codes(Load(test.query, test.more));
    auto wanted = test.codes;
    std::sort(codes.begin(), codes.end());
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(codes, wanted) << test.name;
  }
}

TEST(QueryLint, Supply) {
  const struct {
    const char* name;
    std::string query, index;
    std::vector<std::string> codes;
  } cases[] = {
      {"there",
       R"(process where process.parent.executable == "/a")",
       R"("logs-endpoint.events.process-*")",
       {}},
      {"no field",
       R"(process where process.parent.executable == "/a")",
       R"("logs-crowdstrike.fdr*")",
       {"R028"}},
      {"in one of two",
       R"(process where process.parent.executable == "/a")",
       R"("logs-crowdstrike.fdr*", "logs-endpoint.events.process*")",
       {"R028"}},
      {"an alternative does without",
       R"(process where process.parent.executable == "/a" or process.parent.name == "a")",
       R"("logs-crowdstrike.fdr*")",
       {}},
      {"marked optional",
       R"(process where ?process.parent.executable == "/a")",
       R"("logs-crowdstrike.fdr*")",
       {}},
      {"no category",
       R"(file where file.path == "/a")",
       R"("logs-endpoint.events.process*")",
       {"R028"}},
      {"a wide pattern has it",
       R"(file where file.path == "/a")",
       R"("logs-endpoint.events.*")",
       {}},
      {"no source of a wide pattern",
       R"(email where event.action == "a")",
       R"("logs-endpoint.events.process*", "logs-endpoint.events.file*")",
       {"R028"}},
      {"vendor field",
       R"(process where crowdstrike.aid == "a")",
       R"("logs-endpoint.events.process*")",
       {"R028"}},
      {"unknown index", R"(process where crowdstrike.aid == "a")", R"("logs-other*")", {}},
      {"items may come from different indices",
       R"(sequence by host.id with maxspan=1m [process where process.pid == 1]
          [file where file.path == "/a"])",
       R"("logs-endpoint.events.process*", "logs-endpoint.events.file*")",
       {}},
      {"an item that none serves",
       R"(sequence by host.id with maxspan=1m [process where process.pid == 1]
          [network where destination.port == 1])",
       R"("logs-endpoint.events.process*", "logs-endpoint.events.file*")",
       {"R028"}},
      {"idle exclusion",
       R"(process where process.name == "a" and not process.parent.executable like "/x/*")",
       R"("logs-crowdstrike.fdr*", "logs-endpoint.events.process*")",
       {"W0306"}},
      {"idle inequality",
       R"(process where process.name == "a" and process.parent.pid != 1)",
       R"("logs-crowdstrike.fdr*")",
       {"W0306"}},
      {"exclusion on what is required",
       R"(process where process.parent.pid != null and process.parent.pid != 1)",
       R"("logs-endpoint.events.process*")",
       {}},
  };
  for (const auto& test : cases) {
    const RuleSetLoad load = Load(test.query, "\"index\":[" + test.index + "]");
    std::vector<std::string> codes = Codes(load);
    // What the schema does not know, or where no source has the category, is another finding.
    std::erase_if(codes, [](const std::string& code) {
      return code == "W0201" || code == "W0202" || code == "R007";
    });
    EXPECT_EQ(codes, test.codes) << test.name;
  }
}

TEST(QueryLint, HostileListsEndInTime) {
  std::string query = "process where process.args : (";
  for (int i = 0; i < 6000; ++i) query += (i == 0 ? "\"*" : ",\"*") + std::to_string(i) + "x*\"";
  const RuleSetLoad load = Load(query + ")");
  EXPECT_EQ(load.runnable + load.refused, 1U);
}

TEST(LintAllow, NamesCodesInComments) {
  EXPECT_EQ(AllowedIn("a // vedette: allow W0303, R027 because\n"), (CodeSet{"R027", "W0303"}));
  EXPECT_EQ(AllowedIn("/* vedette: allow W0303 */ x # vedette: allow R013"),
            (CodeSet{"R013", "W0303"}));
  EXPECT_EQ(AllowedIn("vedette: allow W0303"), CodeSet{});
  EXPECT_EQ(AllowedIn("// vedette: allow W03 W030333"), CodeSet{});
  EXPECT_EQ(AllowedIn("// vedette: allow"), CodeSet{});
}

TEST(LintAllow, WarningsGoErrorsStay) {
  const std::string twice = "process where process.name in (\"a\", \"a\")";
  EXPECT_EQ(Codes(Load(twice)), std::vector<std::string>{"W0303"});
  const RuleSetLoad allowed = Load(twice + " // vedette: allow W0303");
  EXPECT_EQ(Codes(allowed), std::vector<std::string>{});
  EXPECT_EQ(allowed.allowed, 1U);
  EXPECT_THAT(WriteApiRule(allowed.rules.at(0)), HasSubstr("vedette: allow W0303"));
  const RuleSetLoad wrong = Load("process where process.pid : \"x\" // vedette: allow E0209");
  EXPECT_EQ(wrong.errors(), 1U);
}

struct RuleCase {
  const char* name;
  const char* members;
  std::vector<std::string> codes;
};

TEST(RuleLint, WhatTheEcosystemPageAsks) {
  const std::string head =
      R"({"rule_id":"r","name":"N","description":"d","severity":"low","risk_score":21,)"
      R"("timestamp_override":"event.ingested",)";
  const std::string attack =
      R"("threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution"}}],)";
  const RuleCase cases[] = {
      {"no mapping", R"j("type":"eql","query":"process where true")j", {"R031"}},
      {"KQL keywords", R"j("type":"query","language":"kuery","query":"a:1 AND b:2")j", {"R026"}},
      {"KQL good",
       R"j("type":"query","language":"kuery","query":"a:1 and (b:2 or c:\"AND\")")j",
       {}},
      {"KQL double not",
       R"j("type":"query","language":"kuery","query":"a:1 and not not b:2")j",
       {"R026"}},
      {"KQL brackets",
       R"j("type":"query","language":"kuery","query":"a:1 and ((b:2 or c:3))")j",
       {"R026"}},
      {"KQL two groups",
       R"j("type":"query","language":"kuery","query":"(a:1 or b:2) and (c:3)")j",
       {}},
      {"KQL bracketed whole",
       R"j("type":"query","language":"kuery","query":"(a:1 or b:2)")j",
       {"R026"}},
      {"lucene", R"j("type":"query","language":"lucene","query":"a:1 AND b:2")j", {}},
      {"threat match good",
       R"j("type":"threat_match","query":"a:1","threat_query":"*","threat_index":["ti-*"],
          "threat_mapping":[{"entries":[{"field":"a","type":"mapping","value":"b"}]}])j",
       {}},
      {"threat match empty",
       R"j("type":"threat_match","query":"a:1","threat_query":"*","threat_index":["ti-*"],
          "threat_mapping":[])j",
       {"R021"}},
      {"threat match negates only",
       R"j("type":"threat_match","query":"a:1","threat_query":"*","threat_index":["ti-*"],
          "threat_mapping":[{"entries":[
            {"field":"a","type":"mapping","value":"b","negate":true}]}])j",
       {"R021"}},
      {"threat match both ways",
       R"j("type":"threat_match","query":"a:1","threat_query":"*","threat_index":["ti-*"],
          "threat_mapping":[{"entries":[{"field":"a","type":"mapping","value":"b"},
            {"field":"a","type":"mapping","value":"b","negate":true}]}])j",
       {"R021"}},
  };
  for (const RuleCase& test : cases) {
    const bool bare = std::string_view(test.name) == "no mapping";
    const RuleSetLoad load = LoadRulesFromText(
        "r.json", head + (bare ? "" : attack) + test.members + "}", {.profile = Profile::kCustom});
    auto codes = Codes(load);
    std::erase_if(codes, [](const std::string& code) { return code == "R009"; });
    EXPECT_EQ(codes, test.codes) << test.name;
  }
}

TEST(RuleLint, AttackIds) {
  const struct {
    const char* name;
    const char* technique;
    std::size_t errors, warnings;
  } cases[] = {
      {"known", R"({"id":"T1059","name":"Command and Scripting Interpreter"})", 0, 0},
      {"unknown", R"({"id":"T9999","name":"From the Future"})", 0, 1},
      {"revoked", R"({"id":"T1086","name":"PowerShell"})", 1, 0},
      {"malformed", R"({"id":"1059","name":"x"})", 1, 0},
  };
  for (const auto& test : cases) {
    const RuleSetLoad load =
        Load("process where true",
             R"("threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0002","name":"Execution"},)"
             R"("technique":[)" +
                 std::string(test.technique) + "]}]");
    EXPECT_EQ(load.errors(), test.errors) << test.name;
    EXPECT_EQ(load.warnings(), test.warnings) << test.name;
  }
}

TEST(Derived, RelatedIntegrationsOfATomlRule) {
  const RuleSetLoad load = LoadRulesFromText("r.toml", R"([metadata]
integration = ["endpoint", "auditd_manager", "crowdstrike"]
[rule]
name = "N"
rule_id = "r"
type = "eql"
index = ["logs-endpoint.events.process*", "logs-auditd_manager.auditd-*"]
query = "any where true"
)");
  ASSERT_EQ(load.rules.size(), 1U);
  const std::string json = WriteApiRule(load.rules[0]);
  EXPECT_THAT(json, HasSubstr(R"("related_integrations":[{"package":"auditd_manager",)"
                              R"("version":"^1.18.0","integration":"auditd"},)"
                              R"({"package":"crowdstrike","version":"*"},)"
                              R"({"package":"endpoint","version":"^9.0.0"}])"));
}

TEST(VersionLock, SaysWhatWasPublished) {
  VersionLock lock;
  ASSERT_TRUE(ReadVersionLock(R"({"a":{"type":"query","sha256":"00","version":3}})", lock));
  ASSERT_TRUE(ReadDeprecatedRules(R"({"b":{"rule_name":"Old"}})", lock));
  EXPECT_EQ(lock.rules["a"].version, 3);
  EXPECT_FALSE(ReadVersionLock("[]", lock));
  EXPECT_FALSE(ReadVersionLock(R"({"a":1})", lock));
  EXPECT_FALSE(ReadDeprecatedRules("{", lock));
  const auto toml = [](const std::string& id, const std::string& more) {
    return "[metadata]\nmaturity = \"production\"\n[rule]\nrule_id = \"" + id +
           "\"\nname = \"N\"\ntype = \"eql\"\nquery = \"any where true\"\n" + more;
  };
  const struct {
    const char* name;
    std::string id, more;
    std::vector<std::string> codes;
  } cases[] = {
      {"another type", "a", "", {"R024"}},
      {"deprecated", "b", "", {"R024"}},
      {"new", "c", "", {}},
      {"counts itself", "c", "version = 2\n", {"R025"}},
      {"allowed", "b", "# vedette: allow R024\n", {}},
  };
  for (const auto& test : cases) {
    const RuleSetLoad load = LoadRulesFromText("r.toml", toml(test.id, test.more));
    std::vector<std::string> codes;
    for (const auto& found : LintAgainstLock(load.rules, lock)) {
      codes.push_back(found.diagnostic.code);
    }
    EXPECT_EQ(codes, test.codes) << test.name;
  }
}

TEST(LintExclusions, EachValueOfALongListNeedsATest) {
  std::string list;
  std::string cases;
  for (int i = 0; i < 12; ++i) {
    const std::string name = "tool" + std::to_string(i);
    list += (i == 0 ? "\"" : ", \"") + name + "\"";
    if (i == 7) continue;
    cases += "[[case]]\nname = \"" + name +
             "\"\nfires = false\nevent = '''{\"process\":{\"name\":\"" + name + "\"}}'''\n";
  }
  const RuleSetLoad load =
      Load("process where process.pid > 1 and not process.name in (" + list + ")");
  const auto found =
      LintExclusions(load.rules.at(0), ReadRuleTests("r.test.toml", std::string(cases)));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].diagnostic.message, HasSubstr("1 of 12"));
  cases +=
      "[[case]]\nname = \"seven\"\nfires = false\nevent = '''{\"process.name\":[\"tool7\"]}'''\n";
  EXPECT_TRUE(LintExclusions(load.rules[0], ReadRuleTests("r.test.toml", cases)).empty());
}

/// Every EQL rule of the public corpora: nothing that its home accepts is an error here, and the
/// findings per code are printed for comparison.
TEST(QueryLint, Corpora) {
  const char* given = std::getenv("VEDETTE_SHARED");
  const std::filesystem::path shared =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(VEDETTE_SOURCE_DIR) / ".." / "shared";
  if (!std::filesystem::exists(shared / "corpora")) {
    GTEST_SKIP() << "no corpora at " << shared << "; set VEDETTE_SHARED";
  }
  for (const char* name : {"detection-rules-eql.jsonl", "endpoint-behavior.jsonl"}) {
    const RuleSetLoad load =
        LoadRules({(shared / "corpora" / name).string()}, {.profile = Profile::kCustom});
    std::map<std::string, int> counts;
    for (const RuleDiagnostic& found : load.diagnostics) {
      // The corpora hold no descriptions.
      if (found.diagnostic.message.starts_with("`description` is required")) continue;
      ++counts[found.diagnostic.code];
      EXPECT_FALSE(found.is_error()) << Render(found, false);
    }
    std::cout << "[ LINT     ] " << name << ": " << load.rules.size() << " rules;";
    for (const auto& [code, count] : counts) std::cout << " " << code << " x" << count;
    std::cout << "\n";
    EXPECT_GE(load.rules.size(), 500U);
  }
}

}  // namespace
}  // namespace vedette::rules
