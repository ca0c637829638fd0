// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "base/diagnostic.h"
#include "base/json_writer.h"
#include "cli/diagnostic_catalogue.h"
#include "cli/rules_subcommands.h"
#include "cli/text_table.h"
#include "rules/guide_renderer.h"

namespace vedette::cli {
namespace {

struct ExplainFlags {
  std::string code;
  AnswerFlags answer;
};

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

int Run(const ExplainFlags& flags, const Session& session) {
  const std::size_t width = flags.answer.Width(session.terminal);
  const bool colour = flags.answer.Colour(session.terminal);
  const AnswerFormat format = flags.answer.Choose(session.terminal);
  if (flags.code.empty()) {
    return GiveAnswer(session.terminal, flags.answer, AllOfThem(format, width, colour), kDone);
  }
  const CodeText* code = FindCode(flags.code);
  if (code == nullptr) {
    std::vector<std::string_view> codes;
    for (const CodeText& known : AllCodes()) codes.push_back(known.code);
    const std::string_view near = base::Nearest(flags.code, codes);
    PrintError(session.terminal, "there is no code '" + flags.code + "'" +
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

}  // namespace

void AddRulesExplain(CLI::App& rules, Session& session) {
  CLI::App* command = rules.add_subcommand("explain", "what a diagnostic's code means");
  auto flags = std::make_shared<ExplainFlags>();
  command->add_option("CODE", flags->code, "E0203, R014, W0201, …; without it all of them")
      ->type_name("");
  AddAnswerFlags(*command, flags->answer);
  command->footer(
      "Examples:\n"
      "  vedette rules explain E0203\n"
      "  vedette rules explain -f table");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
