// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/json_writer.h"
#include "cli/numbers.h"
#include "cli/rules_subcommands.h"
#include "cli/text_table.h"

namespace vedette::cli {
namespace {

using rules::Rule;

void WriteRule(base::JsonWriter& json, const Rule& rule) {
  json.BeginObject();
  json.Member("rule_id", rule.rule_id);
  json.Member("name", rule.name);
  json.Member("severity", rule.severity);
  json.MemberInt("risk_score", rule.risk_score);
  json.Member("type", rule.type_text);
  json.Member("language", rule.language);
  json.MemberBool("enabled", rule.enabled);
  json.MemberBool("runnable", rule.runnable());
  if (!rule.runnable()) json.Member("stored_only", rule.stored_only);
  const auto list = [&](std::string_view key, const std::vector<std::string>& items) {
    json.Key(key);
    json.BeginArray();
    for (const std::string& item : items) json.String(item);
    json.EndArray();
  };
  std::vector<std::string> tactics;
  std::vector<std::string> techniques;
  // A technique may serve several tactics; once is enough here.
  const auto add = [](std::vector<std::string>& to, const std::string& id) {
    if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
  };
  for (const rules::Threat& threat : rule.threat) {
    add(tactics, threat.tactic.id);
    for (const rules::ThreatTechnique& technique : threat.techniques) {
      add(techniques, technique.ref.id);
      for (const rules::AttackRef& sub : technique.subtechniques) add(techniques, sub.id);
    }
  }
  list("tactics", tactics);
  list("techniques", techniques);
  list("tags", rule.tags);
  list("index", rule.index);
  json.Member("file", rule.origin.path);
  json.EndObject();
}

std::string AsTable(const LoadedRules& loaded, std::size_t width, bool colour) {
  TextTable table({{"Name", false, true, 20},
                   {"Severity"},
                   {"Risk", true},
                   {"Type"},
                   {"Runs", false, true, 12},
                   {"Tactics", false, true, 12}});
  for (const Rule& rule : loaded.rules) {
    table.Row({{rule.name},
               {rule.severity, SeverityTint(rule.severity)},
               {std::to_string(rule.risk_score)},
               {rule.type_text},
               {rule.runnable() ? "yes" : "no: " + rule.stored_only,
                rule.runnable() ? std::string_view("32") : std::string_view("33")},
               {TacticNames(rule)}});
  }
  std::string out = table.Render(width, colour);
  out += "\n" + Counted(loaded.rules.size(), "rule") + ": " + WithThousands(loaded.runnable) +
         " run here";
  if (loaded.stored_only > 0) out += ", " + WithThousands(loaded.stored_only) + " stored only";
  return out + "\n";
}

int Run(const RuleFlags& flags, const Session& session) {
  const RulesOrExit loaded = LoadOrExplain(session, flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  const AnswerFormat format = flags.answer.Choose(session.terminal);
  std::string out;
  if (format == AnswerFormat::kTable) {
    out = AsTable(loaded.rules, flags.answer.Width(session.terminal),
                  flags.answer.Colour(session.terminal));
  } else if (format == AnswerFormat::kNdjson) {
    for (const Rule& rule : loaded.rules.rules) {
      base::JsonWriter json(out);
      WriteRule(json, rule);
      out += '\n';
    }
  } else {
    base::JsonWriter json(out);
    json.BeginArray();
    for (const Rule& rule : loaded.rules.rules) WriteRule(json, rule);
    json.EndArray();
    out += '\n';
  }
  const int code = GiveAnswer(session.terminal, flags.answer, out, kDone);
  if (const std::string note = RefusedNote(loaded.rules); !note.empty()) {
    PrintWarning(session.terminal, note);
  }
  return code;
}

}  // namespace

void AddRulesList(CLI::App& rules, Session& session) {
  CLI::App* command = rules.add_subcommand("list", "list rules, and whether they run here");
  auto flags = std::make_shared<RuleFlags>();
  AddRuleFlags(*command, *flags, Paths::kPositionalToo);
  command->footer(
      "Examples:\n"
      "  vedette rules list\n"
      "  vedette rules list -r detection-rules/rules/linux -f ndjson | jq -r .name");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
