// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "cli/command.h"
#include "cli/hunt_interactive.h"
#include "cli/hunt_session.h"
#include "cli/rule_sources.h"

namespace vedette::cli {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// As typed.
struct HuntFlags {
  std::vector<std::string> words;  ///< the query, unless interactive, then EVENTS
  EventFlags events;
  AnswerFlags answer;
  std::string dialect = "elasticsearch";
  std::string timestamp_field, tiebreaker_field, category_field;
  std::string result_position = "tail";
  std::int64_t size = -1;
  std::int64_t samples = 1;
  std::vector<std::string> fields;
  bool case_sensitive = false;
  bool interactive = false;
};

/// No query is a path: it has blanks or brackets.
bool NamesEvents(const std::string& word) {
  std::error_code error;
  return word == "-" ||
         (word.find_first_of(" \n[") == std::string::npos && std::filesystem::exists(word, error));
}

Result<HuntPlan> MakePlan(const HuntFlags& flags) {
  HuntPlan plan;
  if (flags.dialect == "endpoint") plan.language.dialect = eql::Dialect::kEndpoint;
  if (flags.dialect == "endgame") plan.language.dialect = eql::Dialect::kEndgame;
  const bool endgame = plan.language.dialect == eql::Dialect::kEndgame;
  if (flags.case_sensitive && !endgame) {
    return Error(ErrorCode::kInvalidArgument,
                 "--case-sensitive belongs to --dialect endgame; elsewhere the operators decide "
                 "(`==` against `:`)");
  }
  eql::CheckOptions& check = plan.language.check;
  if (!flags.category_field.empty()) check.category_field = flags.category_field;
  if (!flags.timestamp_field.empty()) check.timestamp_field = flags.timestamp_field;
  check.tiebreaker_field = flags.tiebreaker_field;
  check.case_sensitive = flags.case_sensitive;
  VED_TRY(plan.options.pipeline, PlanPipeline(flags.events, ClockNow()));
  plan.options.pipeline.decoder.timestamp_field = check.timestamp_field;
  plan.options.pipeline.decoder.file_time =
      endgame && (flags.timestamp_field.empty() || flags.timestamp_field == "timestamp");
  if (flags.size >= 0) plan.options.limits.size = static_cast<std::size_t>(flags.size);
  if (flags.result_position == "head") {
    plan.options.limits.position = engine::ResultPosition::kHead;
  }
  plan.options.max_samples_per_key = static_cast<std::size_t>(flags.samples);
  plan.answer = flags.answer;
  plan.fields = flags.fields;
  return plan;
}

/// One run of `vedette hunt`.
class HuntCommand {
 public:
  HuntCommand(const HuntFlags& flags, const Terminal& terminal)
      : flags_(flags), terminal_(terminal), rejects_(terminal) {}

  int Run() {
    auto ran = Execute();
    if (ran) return *ran;
    if (out_ != nullptr && out_->closed_pipe()) return kDone;
    PrintError(terminal_, ran.error().message());
    return ExitCodeFor(ran.error());
  }

 private:
  Result<int> Execute() {
    VED_TRY(plan_, MakePlan(flags_));
    const bool interactive = flags_.interactive || NamesEvents(flags_.words.front());
    const std::size_t queries = interactive ? 0 : 1;
    const std::string& first = flags_.words.front();
    if (!interactive && !first.starts_with('@') && first.find_first_of(" \n[") == first.npos) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("'{}' is neither a query nor a file or folder that exists", first));
    }
    if (flags_.words.size() == queries) {
      return Error(ErrorCode::kInvalidArgument,
                   "no events to search: vedette hunt 'EQL' EVENTS…; `-` is standard input");
    }
    const HuntSession session(plan_, terminal_, rejects_);
    if (interactive) {
      VED_TRY_VOID(CheckInteractive());
      VED_TRY_VOID(Expand(flags_.words));
      if (plan_.files.empty()) return worst_;
      const int code = RunHuntInteractive(session, isatty(STDIN_FILENO) == 1);
      return std::max(worst_, code);
    }
    VED_TRY(const base::Source source, ReadQuery(flags_.words.front()));
    auto query = session.Compile(source);
    if (!query) return static_cast<int>(kWrongInput);
    VED_TRY_VOID(Expand({flags_.words.begin() + 1, flags_.words.end()}));
    if (plan_.files.empty()) return worst_;
    return RunOne(session, std::move(*query));
  }

  static Result<base::Source> ReadQuery(const std::string& word) {
    constexpr std::size_t kMaxQuery = std::size_t{1} << 20U;
    if (!word.starts_with('@')) return base::Source("query", word);
    const std::string path = word.substr(1);
    VED_TRY(std::string text, ReadTextFile(path, kMaxQuery));
    return base::Source(path, std::move(text));
  }

  Result<void> CheckInteractive() const {
    const auto refuse = [](const char* what) { return Error(ErrorCode::kInvalidArgument, what); };
    if (!flags_.interactive && isatty(STDIN_FILENO) != 1) {
      return refuse(
          "the query is missing: vedette hunt 'EQL' EVENTS…; -i reads queries line by "
          "line from standard input");
    }
    if (std::find(flags_.words.begin(), flags_.words.end(), "-") != flags_.words.end()) {
      return refuse(
          "standard input cannot give both queries and events; name files, or give the "
          "query as the first argument");
    }
    if (flags_.answer.output != "-" || !flags_.events.stats.empty() ||
        !flags_.events.rejects.empty()) {
      return refuse(
          "-o, --stats and --rejects are for one query; leave them out of an interactive "
          "hunt");
    }
    return {};
  }

  Result<void> Expand(const std::vector<std::string>& arguments) {
    io::InputSet inputs = io::ExpandInputs(arguments);
    for (const io::InputProblem& problem : inputs.problems) {
      PrintError(terminal_, problem.error.message());
      worst_ = std::max(worst_, static_cast<int>(ExitCodeFor(problem.error)));
    }
    plan_.files = std::move(inputs.files);
    return {};
  }

  Result<int> RunOne(const HuntSession& session, service::HuntQuery query) {
    VED_TRY(out_, io::OutputFile::Open(flags_.answer.output));
    VED_TRY_VOID(rejects_.Open(flags_.events.rejects));
    auto outcome = session.Run(std::move(query), *out_);
    if (!outcome) {
      // What was found up to here is worth having.
      if (!out_->closed_pipe()) static_cast<void>(out_->Close());
      static_cast<void>(rejects_.Close());
      return std::move(outcome).error();
    }
    VED_TRY_VOID(out_->Close());
    VED_TRY_VOID(rejects_.Close());
    PrintHuntSummary(session, *outcome);
    if (!flags_.events.stats.empty()) {
      VED_TRY(const auto file, io::OutputFile::Open(flags_.events.stats));
      VED_TRY_VOID(file->Write(HuntStatsJson(session, *outcome)));
      VED_TRY_VOID(file->Close());
    }
    return std::max(worst_, outcome->exit_code);
  }

  const HuntFlags& flags_;
  const Terminal& terminal_;
  RejectTeller rejects_;
  HuntPlan plan_;
  std::unique_ptr<io::OutputFile> out_;
  int worst_ = kDone;
};

void AddLanguageFlags(CLI::App& hunt, HuntFlags& flags) {
  hunt.add_option("--dialect", flags.dialect, "elasticsearch, endpoint or endgame")
      ->type_name("NAME")
      ->capture_default_str()
      ->check(CLI::IsMember({"elasticsearch", "endpoint", "endgame"}).description(""));
  hunt.add_option("--timestamp-field", flags.timestamp_field,
                  "orders events and measures maxspan; @timestamp without it")
      ->type_name("FIELD");
  hunt.add_option("--tiebreaker-field", flags.tiebreaker_field, "orders events of equal time")
      ->type_name("FIELD");
  hunt.add_option("--category-field", flags.category_field,
                  "holds what stands before `where`; event.category without it")
      ->type_name("FIELD");
  hunt.add_flag("--case-sensitive", flags.case_sensitive,
                "endgame: compare texts with their letter case");
  hunt.add_option("--size", flags.size, "at most N results; all without it")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  hunt.add_option("--result-position", flags.result_position,
                  "which end --size keeps: head, the earliest, or tail, the latest")
      ->type_name("END")
      ->capture_default_str()
      ->check(CLI::IsMember({"head", "tail"}).description(""));
  hunt.add_option("--max-samples-per-key", flags.samples, "results of a sample for each key")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}).description(""));
}

}  // namespace

void AddHuntCommand(CLI::App& app, Session& session) {
  CLI::App* hunt = app.add_subcommand(
      "hunt", "Run one EQL query over files, folders or standard input; interactive without one");
  const auto flags = std::make_shared<HuntFlags>();
  hunt->add_option("QUERY EVENTS", flags->words,
                   "an EQL query or @FILE that holds one, then files, folders, globs, or - for "
                   "standard input")
      ->type_name("")
      ->required();
  hunt->add_flag("-i,--interactive", flags->interactive,
                 "read queries one after the other; all arguments are EVENTS");
  AddLanguageFlags(*hunt, *flags);
  AddAnswerFlags(*hunt, flags->answer);
  hunt->add_option("--field", flags->fields, "columns of the table, separated by commas")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddEventFlags(*hunt, flags->events);
  hunt->footer(
      "Examples:\n"
      "  vedette hunt 'process where process.name == \"cp\"' logs/\n"
      "  vedette hunt 'sequence by host.id with maxspan=1m [file where true] [network where true]' "
      "logs/\n"
      "  vedette hunt @lateral.eql logs/ --field @timestamp,host.name,process.args -f table\n"
      "  vedette hunt --dialect endgame 'any where true | count process_name' records.json\n"
      "  vedette hunt logs/                  interactive: :help tells more");
  hunt->callback([flags, &session] {
    session.run = [flags, &session] { return HuntCommand(*flags, session.terminal).Run(); };
  });
}

}  // namespace vedette::cli
