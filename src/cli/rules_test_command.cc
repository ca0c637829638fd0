// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "base/json_writer.h"
#include "cli/numbers.h"
#include "cli/rules_subcommands.h"
#include "cli/text_table.h"
#include "engine/stream_replay.h"
#include "rules/rule_test_file.h"

namespace vedette::cli {
namespace {

using rules::Rule;

/// One row of the answer.
struct Outcome {
  const Rule* rule;
  std::string name;    ///< of the case; empty: about the rule or its test file
  std::string file;    ///< of the tests
  std::uint32_t line;  ///< in it
  bool passed;
  std::string reason;
};

struct TestRun {
  std::vector<Outcome> outcomes;
  std::vector<rules::RuleDiagnostic> diagnostics;  ///< test files that are not understood
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t tested = 0;    ///< rules with tests
  std::size_t untested = 0;  ///< rules without

  void Add(Outcome outcome) {
    ++(outcome.passed ? passed : failed);
    outcomes.push_back(std::move(outcome));
  }
};

void TestRule(const Rule& rule, TestRun& run) {
  const base::Result<TestFile> file = TestFileBeside(rule.origin.path);
  if (!file.has_value()) {
    ++run.tested;
    return run.Add(
        {&rule, "", rules::TestPathFor(rule.origin.path), 1, false, file.error().message()});
  }
  if (file->path.empty()) {
    ++run.untested;
    return;
  }
  ++run.tested;
  const rules::RuleTestFile tests = rules::ReadRuleTests(file->path, file->text);
  for (const rules::RuleDiagnostic& found : tests.diagnostics) {
    run.diagnostics.push_back(found);
    run.Add({&rule, "", found.path, found.line, false, found.diagnostic.message});
  }
  const rules::RuleTestReport report = engine::ReplayRuleTests(rule, tests);
  if (!report.cannot_run.empty()) {
    return run.Add({&rule, "", file->path, 1, false, "cannot run here: " + report.cannot_run});
  }
  for (const rules::RuleTestOutcome& outcome : report.outcomes) {
    run.Add({&rule, outcome.test->name, file->path, outcome.test->line, outcome.passed,
             outcome.reason});
  }
}

void WriteOutcome(base::JsonWriter& json, const Outcome& outcome) {
  json.BeginObject();
  json.Member("rule_id", outcome.rule->rule_id);
  json.Member("rule", outcome.rule->name);
  json.Member("case", outcome.name);
  json.Member("file", outcome.file);
  json.MemberInt("line", outcome.line);
  json.Member("result", outcome.passed ? "passed" : "failed");
  if (!outcome.passed) json.Member("reason", outcome.reason);
  json.EndObject();
}

std::string Summary(const TestRun& run) {
  std::string out = Counted(run.outcomes.size(), "case") + " of " + Counted(run.tested, "rule") +
                    ": " + WithThousands(run.passed) + " passed, " + WithThousands(run.failed) +
                    " failed";
  if (run.untested > 0) out += "; " + Counted(run.untested, "rule") + " without tests";
  return out;
}

std::string AsTable(const TestRun& run, std::size_t width, bool colour) {
  std::string out;
  if (!run.outcomes.empty()) {
    TextTable table({{"Result"}, {"Rule", false, true, 16}, {"Case", false, true, 20}});
    for (const Outcome& outcome : run.outcomes) {
      table.Row({{outcome.passed ? "passed" : "FAILED",
                  outcome.passed ? std::string_view("32") : std::string_view("1;31")},
                 {outcome.rule->name},
                 {outcome.name.empty() ? outcome.reason : outcome.name}});
    }
    out += table.Render(width, colour) + "\n";
  }
  for (const rules::RuleDiagnostic& found : run.diagnostics) {
    out += rules::Render(found, colour) + "\n";
  }
  for (const Outcome& outcome : run.outcomes) {
    if (outcome.passed || outcome.name.empty()) continue;
    out += Tinted(colour, "1;31", "failed") + ": " + WithoutControls(outcome.name) + "\n  at " +
           WithoutControls(outcome.file) + ":" + std::to_string(outcome.line) + "\n  " +
           WithoutControls(outcome.reason) + "\n\n";
  }
  return out + Summary(run) + "\n";
}

std::string AsJson(const TestRun& run) {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  const auto count = [&](std::string_view key, std::size_t number) {
    json.Key(key);
    json.Uint(number);
  };
  count("passed", run.passed);
  count("failed", run.failed);
  count("rules_tested", run.tested);
  count("rules_without_tests", run.untested);
  json.Key("cases");
  json.BeginArray();
  for (const Outcome& outcome : run.outcomes) WriteOutcome(json, outcome);
  json.EndArray();
  json.EndObject();
  return out + "\n";
}

int Run(const RuleFlags& flags, const Session& session) {
  const RulesOrExit loaded = LoadOrExplain(session, flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  TestRun run;
  for (const Rule& rule : loaded.rules.rules) TestRule(rule, run);
  std::string out;
  switch (flags.answer.Choose(session.terminal)) {
    case AnswerFormat::kTable:
      out =
          AsTable(run, flags.answer.Width(session.terminal), flags.answer.Colour(session.terminal));
      break;
    case AnswerFormat::kJson:
      out = AsJson(run);
      break;
    case AnswerFormat::kNdjson:
      for (const Outcome& outcome : run.outcomes) {
        base::JsonWriter json(out);
        WriteOutcome(json, outcome);
        out += '\n';
      }
      break;
  }
  // A refused rule was not tested: that is no success.
  const std::string refused = RefusedNote(loaded.rules);
  const int code = GiveAnswer(session.terminal, flags.answer, out,
                              run.failed > 0 || !refused.empty() ? kAnswerIsNo : kDone);
  if (!refused.empty()) PrintError(session.terminal, refused);
  return code;
}

}  // namespace

void AddRulesTest(CLI::App& rules, Session& session) {
  CLI::App* command = rules.add_subcommand("test", "run the tests that stand beside rules");
  auto flags = std::make_shared<RuleFlags>();
  AddRuleFlags(*command, *flags, Paths::kPositionalToo);
  command->footer(
      "The tests of NAME.toml are in NAME.test.toml: [[case]] tables with name, fires, and event\n"
      "(one JSON document) or events (a list of them).\n"
      "Examples:\n"
      "  vedette rules test\n"
      "  vedette rules test my-rules/ -f ndjson\n"
      "Exit: 0 all passed; 1 a case failed or a rule was refused.");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
