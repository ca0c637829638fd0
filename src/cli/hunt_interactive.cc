// SPDX-License-Identifier: Apache-2.0
#include "cli/hunt_interactive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "cli/command.h"
#include "cli/line_reader.h"
#include "cli/numbers.h"
#include "cli/text_table.h"
#include "service/condition_counts.h"
#include "service/field_survey.h"

namespace vedette::cli {
namespace {

constexpr std::string_view kHelp =
    "A line is a query: process where process.name == \"cp\"\n"
    "A line that ends with \\ goes on in the next one. Tab completes, the arrows bring old lines "
    "back.\n"
    "  :explain [QUERY]   where the query, or the last one, loses its events, and what it reads\n"
    "  :fields [PREFIX]   the fields of the data\n"
    "  :help              this text\n"
    "  :quit              leave; so does the end of input\n";

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view TypeName(const std::string& path) {
  const auto* known = event::EcsSchema().Find(path);
  return known == nullptr ? std::string_view("-") : std::string_view(known->type_name);
}

std::string Share(std::uint64_t part, std::uint64_t whole) {
  if (part == 0 || whole == 0) return "0 %";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  return percent < 1 ? "< 1 %" : fmt::format("{:.0f} %", percent);
}

class Interactive {
 public:
  Interactive(const HuntSession& session, bool on_terminal)
      : session_(session), on_terminal_(on_terminal) {}

  int Run() {
    std::unique_ptr<LineReader> lines;
    if (on_terminal_) {
      lines = EditedLines({StateFile("hunt_history"), [this](std::string_view before) {
                             return CompleteHunt(before, dialect(), Survey());
                           }});
      fmt::print(stderr, "{}; :help tells what can be done here\n",
                 Counted(session_.plan().files.size(), "file"));
    }
    if (lines == nullptr) lines = PlainLines();
    while (!done_) {
      const auto text = NextText(*lines);
      if (!text) break;
      Take(*text);
    }
    return on_terminal_ ? static_cast<int>(kDone) : worst_;
  }

 private:
  eql::Dialect dialect() const { return session_.plan().language.dialect; }

  static std::optional<std::string> NextText(LineReader& lines) {
    auto text = lines.Read("eql> ");
    while (text && text->ends_with('\\')) {
      text->back() = '\n';
      const auto more = lines.Read("...> ");
      if (!more) break;
      *text += *more;
    }
    return text;
  }

  void Take(std::string_view text) {
    text = Trim(text);
    if (text.empty()) return;
    if (!text.starts_with(':')) {
      last_ = text;
      Note(Query());
      return;
    }
    const std::size_t blank = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view command = text.substr(0, blank);
    const std::string_view argument = Trim(text.substr(blank));
    if (command == ":quit" || command == ":q") {
      done_ = true;
    } else if (command == ":help") {
      Say(std::string(kHelp));
    } else if (command == ":fields") {
      Fields(argument);
    } else if (command == ":explain") {
      if (!argument.empty()) last_ = argument;
      Note(Explain());
    } else {
      const std::string_view near = base::Nearest(command, HuntCommands());
      PrintError(session_.terminal(),
                 fmt::format("unknown command '{}'{}; :help lists them", command,
                             near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
      worst_ = std::max(worst_, static_cast<int>(kWrongInput));
    }
  }

  void Note(const base::Result<int>& result) {
    if (!result) PrintError(session_.terminal(), result.error().message());
    worst_ = std::max(worst_, result ? *result : static_cast<int>(ExitCodeFor(result.error())));
  }

  base::Result<int> Query() {
    const base::Source source("query", last_);
    auto query = session_.Compile(source);
    if (!query) return static_cast<int>(kWrongInput);
    VED_TRY(const auto out, io::OutputFile::Open("-"));
    auto outcome = session_.Run(std::move(*query), *out);
    if (out->closed_pipe()) {
      done_ = true;
      return static_cast<int>(kDone);
    }
    VED_TRY_VOID(out->Close());
    if (!outcome) return std::move(outcome).error();
    PrintHuntSummary(session_, *outcome);
    return outcome->exit_code;
  }

  base::Result<int> Explain() {
    if (last_.empty()) {
      return base::Error(base::ErrorCode::kInvalidArgument,
                         "there is no query yet; write it after :explain");
    }
    const base::Source source("query", last_);
    const auto query = session_.Compile(source, service::Folding::kOff);
    if (!query) return static_cast<int>(kWrongInput);
    VED_TRY(const auto counted, service::CountConditions(*query, session_.plan().files,
                                                         session_.plan().options.pipeline));
    Say(Funnel(counted) + QueryFields(*query));
    return static_cast<int>(kDone);
  }

  std::string Funnel(const service::CountedConditions& counted) const {
    std::string out = Counted(counted.events, "event") + "\n";
    for (const service::ConditionCounts& item : counted.items) {
      out += fmt::format("{}\n{:>12}  of category {}\n", item.role, WithThousands(item.of_category),
                         WithoutControls(item.category));
      bool told = item.of_category == 0;
      if (told) out.insert(out.size() - 1, "   <- no event is left");
      for (const auto& step : item.steps) {
        const bool empty = step.left == 0 && !told;
        out += fmt::format("{:>12}  {}{}\n", step.needs_others ? "?" : WithThousands(step.left),
                           WithoutControls(step.text),
                           step.needs_others ? "   <- depends on other events"
                           : empty           ? "   <- no event is left"
                                             : "");
        told = told || empty;
      }
    }
    return out;
  }

  std::string QueryFields(const service::HuntQuery& query) {
    std::set<std::string> paths;
    for (std::size_t i = 0; i < query.fields->size(); ++i) {
      paths.insert(query.fields->entry(static_cast<event::FieldId>(i)).path);
    }
    if (paths.empty()) return {};
    TextTable table(
        {{"FIELD", false, true, 16}, {"TYPE"}, {"EVENTS", true}, {"EXAMPLE", false, true}});
    const service::FieldSurvey& survey = Survey();
    for (const std::string& path : paths) AddField(path, survey, table);
    return Render(table);
  }

  static void AddField(const std::string& path, const service::FieldSurvey& survey,
                       TextTable& table) {
    const auto seen = survey.fields.find(path);
    const bool known = seen != survey.fields.end();
    table.Row({{path},
               {std::string(TypeName(path))},
               {Share(known ? seen->second.events : 0, survey.events)},
               {known ? seen->second.example : std::string()}});
  }

  std::string Render(const TextTable& table) const {
    return table.Render(session_.plan().answer.Width(session_.terminal()),
                        session_.plan().answer.Colour(session_.terminal()));
  }

  void Fields(std::string_view prefix) {
    const service::FieldSurvey& survey = Survey();
    TextTable table(
        {{"FIELD", false, true, 16}, {"TYPE"}, {"EVENTS", true}, {"EXAMPLE", false, true}});
    for (const auto& [path, seen] : survey.fields) {
      if (path.starts_with(prefix)) AddField(path, survey, table);
    }
    if (table.empty()) {
      Say(fmt::format("no field begins with '{}'\n", WithoutControls(prefix)));
      return;
    }
    std::string text = Render(table);
    if (!survey.whole) {
      text += fmt::format("from the first {} of the files\n", Counted(survey.events, "event"));
    }
    Say(text);
  }

  /// Read when it is first needed: starting must not take as long as reading.
  const service::FieldSurvey& Survey() {
    if (survey_) return *survey_;
    auto survey = service::SurveyFields(session_.plan().files, session_.plan().options.pipeline);
    if (!survey) PrintError(session_.terminal(), survey.error().message());
    survey_ = survey ? std::move(*survey) : service::FieldSurvey();
    return *survey_;
  }

  static void Say(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  const HuntSession& session_;
  bool on_terminal_;
  bool done_ = false;
  int worst_ = kDone;
  std::string last_;
  std::optional<service::FieldSurvey> survey_;
};

}  // namespace

int RunHuntInteractive(const HuntSession& session, bool on_terminal) {
  return Interactive(session, on_terminal).Run();
}

}  // namespace vedette::cli
