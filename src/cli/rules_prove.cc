// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/json_writer.h"
#include "cli/numbers.h"
#include "cli/rules_subcommands.h"
#include "cli/text_table.h"
#include "engine/proof_run.h"
#include "io/output_file.h"
#include "rules/proof_test_file.h"
#include "rules/rule_test_file.h"

namespace vedette::cli {
namespace {

using engine::ProofReport;
using rules::Rule;
using Verdict = engine::ProofReport::Verdict;

struct ProveFlags : RuleFlags {
  bool write = false;
  bool force = false;
  bool events = false;
};

struct ProvedRule {
  const Rule* rule;
  ProofReport report;
};

struct Totals {
  std::size_t proved = 0, never = 0, open = 0, near_misses = 0, findings = 0, others = 0;
};

Totals Count(const std::vector<ProvedRule>& proved, std::size_t others) {
  Totals totals;
  totals.others = others;
  for (const ProvedRule& one : proved) {
    totals.near_misses += one.report.near_misses;
    totals.findings += one.report.findings.size();
    switch (one.report.verdict) {
      case Verdict::kProved:
        ++totals.proved;
        break;
      case Verdict::kNeverFires:
        ++totals.never;
        break;
      default:
        ++totals.open;
    }
  }
  return totals;
}

void WriteList(base::JsonWriter& json, std::string_view key,
               const std::vector<std::string>& items) {
  json.Key(key);
  json.BeginArray();
  for (const std::string& item : items) json.String(item);
  json.EndArray();
}

void WriteStreams(base::JsonWriter& json, const rules::Proof& proof) {
  json.Key("streams");
  json.BeginArray();
  for (const rules::ProofStream& stream : proof.streams) {
    json.BeginObject();
    json.Member("kind", rules::StreamKindName(stream.kind));
    json.Member("name", stream.name);
    if (!stream.condition.empty()) json.Member("condition", stream.condition);
    json.MemberBool("must_fire", stream.must_fire());
    if (stream.may_fire) json.MemberBool("may_fire", true);
    json.Key("events");
    json.BeginArray();
    for (const std::string& event : stream.events) json.Raw(event);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void WriteRule(base::JsonWriter& json, const ProvedRule& one, bool events) {
  json.BeginObject();
  json.Member("rule_id", one.rule->rule_id);
  json.Member("rule", one.rule->name);
  json.Member("file", one.rule->origin.path);
  json.Member("result", engine::VerdictName(one.report.verdict));
  json.Key("near_misses");
  json.Uint(one.report.near_misses);
  WriteList(json, "reasons", one.report.reasons);
  WriteList(json, "findings", one.report.findings);
  if (events) WriteStreams(json, one.report.proof);
  json.EndObject();
}

std::string AsNdjson(const std::vector<ProvedRule>& proved, bool events) {
  std::string out;
  for (const ProvedRule& one : proved) {
    base::JsonWriter json(out);
    WriteRule(json, one, events);
    out += '\n';
  }
  return out;
}

std::string AsJson(const std::vector<ProvedRule>& proved, const Totals& totals, bool events) {
  std::string out;
  base::JsonWriter json(out);
  json.BeginObject();
  const auto count = [&](std::string_view key, std::size_t number) {
    json.Key(key);
    json.Uint(number);
  };
  count("proved", totals.proved);
  count("never_fire", totals.never);
  count("not_proved", totals.open);
  count("near_misses", totals.near_misses);
  count("not_eql", totals.others);
  json.Key("rules");
  json.BeginArray();
  for (const ProvedRule& one : proved) WriteRule(json, one, events);
  json.EndArray();
  json.EndObject();
  return out + "\n";
}

std::string Summary(const Totals& totals) {
  const std::size_t all = totals.proved + totals.never + totals.open;
  std::string out = Counted(all, "EQL rule") + ": " + WithThousands(totals.proved) + " proved, " +
                    WithThousands(totals.never) + " can never fire, " + WithThousands(totals.open) +
                    " not proved; " + Counted(totals.near_misses, "near miss event stream") +
                    " kept silent";
  if (totals.others > 0) out += "; " + Counted(totals.others, "rule") + " of other languages";
  return out + "\n";
}

std::string AsTable(const std::vector<ProvedRule>& proved, const Totals& totals, std::size_t width,
                    bool colour) {
  TextTable table(
      {{"Result"}, {"Rule", false, true, 20}, {"Near misses", true}, {"Remarks", false, true, 12}});
  for (const ProvedRule& one : proved) {
    const bool good = one.report.verdict == Verdict::kProved;
    const auto& remarks = good ? one.report.findings : one.report.reasons;
    std::string remark = remarks.empty() ? std::string() : remarks[0];
    if (remarks.size() > 1) remark = "(" + std::to_string(remarks.size()) + ") " + remark;
    const std::string_view word = good                                         ? "proved"
                                  : one.report.verdict == Verdict::kNeverFires ? "NEVER FIRES"
                                                                               : "NOT PROVED";
    table.Row({{std::string(word), good ? std::string_view("32") : std::string_view("1;31")},
               {one.rule->name},
               {std::to_string(one.report.near_misses)},
               {std::move(remark)}});
  }
  std::string out = table.empty() ? std::string() : table.Render(width, colour) + "\n";
  for (const ProvedRule& one : proved) {
    const auto& report = one.report;
    if (report.verdict == Verdict::kProved && report.findings.empty()) continue;
    const bool good = report.verdict == Verdict::kProved;
    out += Tinted(colour, good ? "33" : "1;31", good ? "proved" : "not proved") + ": " +
           WithoutControls(one.rule->name) + "\n  at " + WithoutControls(one.rule->origin.path) +
           "\n";
    for (const std::string& reason : report.reasons) out += "  " + WithoutControls(reason) + "\n";
    for (const std::string& found : report.findings) {
      out += "  note: " + WithoutControls(found) + "\n";
    }
    out += "\n";
  }
  return out + Summary(totals);
}

/// Saves the proof beside its rule. False when something could not be written.
bool Save(const ProvedRule& one, bool force, const Session& session) {
  const std::string& rule_path = one.rule->origin.path;
  if (one.report.verdict != Verdict::kProved) return true;  // told in the answer already
  if (rule_path.starts_with(kBundledPrefix) || !rule_path.ends_with(".toml")) {
    PrintWarning(session.terminal, rule_path + ": tests are written beside TOML files only");
    return true;
  }
  const std::string path = rules::TestPathFor(rule_path);
  std::error_code ignored;
  if (!force && std::filesystem::exists(path, ignored)) {
    PrintNote(session.terminal, path + " is there already; --force replaces it");
    return true;
  }
  auto file = io::OutputFile::Open(path);
  base::Result<void> done;
  if (file.has_value()) done = (*file)->Write(rules::TestFileText(one.report.proof));
  if (file.has_value() && done.has_value()) done = (*file)->Close();
  if (file.has_value() && done.has_value()) return true;
  PrintError(session.terminal, file.has_value() ? done.error().message() : file.error().message());
  return false;
}

int Run(const ProveFlags& flags, const Session& session) {
  if (flags.force && !flags.write) {
    PrintError(session.terminal, "--force is about files that --write saves; give both");
    return kWrongInput;
  }
  const RulesOrExit loaded = LoadOrExplain(session, flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  std::vector<ProvedRule> proved;
  std::size_t others = 0;
  bool saved = true;
  for (const Rule& rule : loaded.rules.rules) {
    ProofReport report = engine::ProveRule(rule);
    if (report.verdict == Verdict::kNotEql) {
      ++others;
      continue;
    }
    proved.push_back({&rule, std::move(report)});
    if (flags.write) saved = Save(proved.back(), flags.force, session) && saved;
    if (!flags.events) proved.back().report.proof = {};
  }
  const Totals totals = Count(proved, others);
  std::string out;
  switch (flags.answer.Choose(session.terminal)) {
    case AnswerFormat::kTable:
      out = AsTable(proved, totals, flags.answer.Width(session.terminal),
                    flags.answer.Colour(session.terminal));
      break;
    case AnswerFormat::kJson:
      out = AsJson(proved, totals, flags.events);
      break;
    case AnswerFormat::kNdjson:
      out = AsNdjson(proved, flags.events);
      break;
  }
  const std::string refused = RefusedNote(loaded.rules);
  int code = totals.never + totals.open > 0 || !refused.empty() ? kAnswerIsNo : kDone;
  if (!saved) code = kWorldFailed;
  code = GiveAnswer(session.terminal, flags.answer, out, code);
  if (!refused.empty()) PrintError(session.terminal, refused);
  return code;
}

}  // namespace

void AddRulesProve(CLI::App& rules, Session& session) {
  CLI::App* command =
      rules.add_subcommand("prove", "make events that fire a rule and near misses that must not");
  auto flags = std::make_shared<ProveFlags>();
  AddRuleFlags(*command, *flags, Paths::kPositionalToo);
  command->add_flag("--write", flags->write, "save the events of proved rules as NAME.test.toml");
  command->add_flag("--force", flags->force, "with --write: replace test files that exist");
  command->add_flag("--events", flags->events, "in JSON and NDJSON: the events as well");
  command->footer(
      "From the query alone: a smallest stream of events that must fire the rule, and for each\n"
      "condition a near miss that must not; then both are run. A rule that can never fire is\n"
      "named with the conditions that exclude each other.\n"
      "Examples:\n"
      "  vedette rules prove\n"
      "  vedette rules prove my-rules/ --write\n"
      "  vedette rules prove my-rule.toml -f json --events\n"
      "Exit: 0 all proved; 1 a rule is not, or was refused.");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
