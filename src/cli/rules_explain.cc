// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "base/diagnostic.h"
#include "base/json_writer.h"
#include "cli/diagnostic_catalogue.h"
#include "cli/rules_explain_events.h"
#include "cli/rules_subcommands.h"
#include "cli/text_table.h"
#include "rules/guide_renderer.h"

namespace vedette::cli {
namespace {

/// E0203, R014, W0201: what no rule is named.
bool LooksLikeCode(std::string_view word) {
  return word.size() >= 4 && word[0] >= 'A' && word[0] <= 'Z' &&
         word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::string Example(std::string_view label, std::string_view query) {
  if (query.empty()) return {};
  return "\n" + std::string(label) + "\n    " + std::string(query) + "\n";
}

std::string Page(const CodeText& code, std::size_t width, bool colour) {
  std::string out = Tinted(colour, "1", std::string(code.code) + ": " + std::string(code.title));
  out += "\n\n" + rules::RenderGuide(code.text, {std::min<std::size_t>(width, 90), colour});
  out += Example("Wrong:", code.wrong) + Example("Right:", code.right);
  return out;
}

void WriteCode(base::JsonWriter& json, const CodeText& code) {
  json.BeginObject();
  json.Member("code", code.code);
  json.Member("title", code.title);
  json.Member("text", code.text);
  json.EndObject();
}

std::string AllOfThem(AnswerFormat format, std::size_t width, bool colour) {
  std::string out;
  if (format == AnswerFormat::kTable) {
    TextTable table({{"Code"}, {"Meaning", false, true, 30}});
    for (const CodeText& code : AllCodes()) {
      table.Row({{std::string(code.code)}, {std::string(code.title)}});
    }
    return table.Render(width, colour);
  }
  base::JsonWriter list(out);
  if (format == AnswerFormat::kJson) list.BeginArray();
  for (const CodeText& code : AllCodes()) {
    if (format == AnswerFormat::kJson) {
      WriteCode(list, code);
      continue;
    }
    base::JsonWriter line(out);
    WriteCode(line, code);
    out += '\n';
  }
  if (format == AnswerFormat::kJson) {
    list.EndArray();
    out += '\n';
  }
  return out;
}

int ExplainCode(const ExplainEventsFlags& flags, const Session& session) {
  const std::size_t width = flags.answer.Width(session.terminal);
  const bool colour = flags.answer.Colour(session.terminal);
  const AnswerFormat format = flags.answer.Choose(session.terminal);
  if (flags.words.empty()) {
    return GiveAnswer(session.terminal, flags.answer, AllOfThem(format, width, colour), kDone);
  }
  const std::string& wanted = flags.words.front();
  const CodeText* code = FindCode(wanted);
  if (code == nullptr) {
    std::vector<std::string_view> codes;
    for (const CodeText& known : AllCodes()) codes.push_back(known.code);
    const std::string_view near = base::Nearest(wanted, codes);
    PrintError(session.terminal, "there is no code '" + wanted + "'" +
                                     (near.empty() ? "" : "; the nearest is " + std::string(near)) +
                                     "; `vedette rules explain` lists them");
    return kWrongInput;
  }
  std::string out;
  if (flags.answer.format.empty() || flags.answer.format == "table") {
    out = Page(*code, width, colour);
  } else {
    base::JsonWriter json(out);
    WriteCode(json, *code);
    out += '\n';
  }
  return GiveAnswer(session.terminal, flags.answer, out, kDone);
}

int Run(const ExplainEventsFlags& flags, const Session& session) {
  if (flags.words.size() > 1) return RunExplainEvents(flags, session);
  if (flags.words.empty() || LooksLikeCode(flags.words.front()) ||
      FindCode(flags.words.front()) != nullptr) {
    return ExplainCode(flags, session);
  }
  PrintError(session.terminal,
             "'" + flags.words.front() +
                 "' is no code; to explain a rule, name events too: vedette rules explain RULE "
                 "EVENTS…; `-` is standard input");
  return kWrongInput;
}

}  // namespace

void AddRulesExplain(CLI::App& rules, Session& session) {
  CLI::App* command = rules.add_subcommand(
      "explain", "why a rule fires on events or does not; what a diagnostic's code means");
  auto flags = std::make_shared<ExplainEventsFlags>();
  command
      ->add_option("RULE EVENTS | CODE", flags->words,
                   "a rule (name, id, file, or words of them), then files, folders, globs, or - "
                   "for standard input; or one code: E0203, R014, …; without any all codes")
      ->type_name("");
  command
      ->add_option("-n,--limit", flags->limit,
                   "events that fire, events that nearly do, or keys: at most N of each")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--all", flags->all, "every event, in order of time; every key");
  command
      ->add_option("--enrich", flags->enrich,
                   "fill process.parent.* from earlier events: auto (raw records), parents (all), "
                   "none")
      ->type_name("WHAT")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "parents", "none"}).description(""));
  AddRuleFlags(*command, *flags, Paths::kFlagOnly);
  AddEventFlags(*command, flags->events);
  command->footer(
      "Shows the condition as a tree with the values that each part saw, nearest misses first; "
      "for\n"
      "sequences, where each join key stands and what it waits for.\n"
      "Examples:\n"
      "  vedette rules explain boot-copy logs/\n"
      "  vedette rules explain my-rule.toml events.ndjson --limit 3\n"
      "  vedette rules explain 'cron job' -r detection-rules/rules/linux logs/ -f json\n"
      "  vedette rules explain E0203");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
