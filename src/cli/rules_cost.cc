// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "cli/event_flags.h"
#include "cli/numbers.h"
#include "cli/pipeline_report.h"
#include "cli/progress.h"
#include "cli/rules_cost_view.h"
#include "cli/rules_subcommands.h"
#include "io/input_files.h"
#include "io/output_file.h"

namespace vedette::cli {
namespace {

using base::Result;

/// As typed.
struct CostFlags : RuleFlags {
  std::vector<std::string> inputs;
  EventFlags events;
  std::string enrich = "auto";
  std::int64_t top = 20;
};

/// One run of `vedette rules cost`.
class CostCommand {
 public:
  CostCommand(const CostFlags& flags, const Terminal& terminal)
      : flags_(flags), terminal_(terminal) {}

  int Run(const LoadedRules& loaded) {
    const auto ran = Execute(loaded);
    if (ran) return *ran;
    PrintError(terminal_, ran.error().message());
    return ExitCodeFor(ran.error());
  }

 private:
  Result<int> Execute(const LoadedRules& loaded) {
    std::vector<engine::SkippedRule> skipped;
    const auto set = service::DetectionSet::Build(loaded.rules, skipped);
    if (set.size() == 0) {
      return base::Error(base::ErrorCode::kInvalidArgument,
                         "no rule to price: none of those given compiles and runs in this "
                         "version; `vedette rules list -r …` says why");
    }
    std::optional<service::RuleCostStats> stats;
    if (!flags_.inputs.empty()) {
      const io::InputSet inputs = io::ExpandInputs(flags_.inputs);
      for (const auto& problem : inputs.problems) TellProblem(problem);
      if (inputs.files.empty()) return worst_;
      VED_TRY(stats, Measure(set, inputs.files));
      for (const auto& problem : stats->problems) TellProblem(problem);
      WarnOfRejected(*stats, terminal_);
      if (!flags_.events.stats.empty()) VED_TRY_VOID(WriteStats(*stats, inputs.files.size()));
    }
    if (!skipped.empty()) {
      PrintNote(terminal_, fmt::format("{} did not run; `vedette rules list` says why",
                                       Counted(skipped.size(), "rule")));
    }
    const service::RulePrices prices = service::PriceRules(set, stats ? &*stats : nullptr);
    return GiveAnswer(terminal_, flags_.answer, Answer(set, stats ? &*stats : nullptr, prices),
                      worst_);
  }

  Result<service::RuleCostStats> Measure(const service::DetectionSet& set,
                                         const std::vector<io::InputFile>& files) {
    service::RuleCostOptions options;
    VED_TRY(options.pipeline, PlanPipeline(flags_.events, ClockNow()));
    if (flags_.enrich == "parents") options.enrichment = service::Enrichment::kAll;
    if (flags_.enrich == "none") options.enrichment = service::Enrichment::kNone;
    RejectTeller rejects(terminal_);
    VED_TRY_VOID(rejects.Open(flags_.events.rejects));
    Progress progress(terminal_, "priced");
    service::RuleCostSinks sinks;
    sinks.rejected = [&](std::string_view file, const service::Rejected& rejected) {
      progress.Clear();
      return rejects.Take(file, rejected);
    };
    sinks.progress = [&](const service::PipelineProgress& at) {
      progress.Show({at.bytes, at.total_bytes, at.events, at.events});
    };
    auto stats = service::RunRuleCosts(set, files, options, sinks);
    progress.Clear();
    VED_TRY_VOID(rejects.Close());
    return stats;
  }

  std::string Answer(const service::DetectionSet& set, const service::RuleCostStats* stats,
                     const service::RulePrices& prices) const {
    const RuleCostReport report{&set, stats, &prices, static_cast<std::size_t>(flags_.top)};
    switch (flags_.answer.Choose(terminal_)) {
      case AnswerFormat::kTable:
        return CostPage(report, flags_.answer.Width(terminal_), flags_.answer.Colour(terminal_));
      case AnswerFormat::kJson:
        return CostJson(report);
      case AnswerFormat::kNdjson:
        return CostLines(report);
    }
    return {};
  }

  Result<void> WriteStats(const service::RuleCostStats& stats, std::size_t files) const {
    std::string text;
    base::JsonWriter json(text);
    json.BeginObject();
    WritePipelineStats(json, stats, files);
    json.Key("matcher");
    WriteMatcherCounters(json, stats.costs.counters);
    json.EndObject();
    VED_TRY(const auto file, io::OutputFile::Open(flags_.events.stats));
    VED_TRY_VOID(file->Write(text + "\n"));
    return file->Close();
  }

  void TellProblem(const io::InputProblem& problem) {
    PrintError(terminal_, problem.error.message());
    worst_ = std::max(worst_, static_cast<int>(ExitCodeFor(problem.error)));
  }

  const CostFlags& flags_;
  const Terminal& terminal_;
  int worst_ = kDone;
};

int Run(const CostFlags& flags, const Session& session) {
  const RulesOrExit loaded = LoadOrExplain(session, flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  const int code = CostCommand(flags, session.terminal).Run(loaded.rules);
  if (const std::string note = RefusedNote(loaded.rules); !note.empty()) {
    PrintWarning(session.terminal, note);
  }
  return code;
}

}  // namespace

void AddRulesCost(CLI::App& rules, Session& session) {
  CLI::App* command =
      rules.add_subcommand("cost", "what each rule costs, why, and how to make it cheaper");
  auto flags = std::make_shared<CostFlags>();
  command
      ->add_option("EVENTS", flags->inputs,
                   "files, folders, globs, or - for standard input; without any, what the rules "
                   "alone tell")
      ->type_name("");
  AddRuleFlags(*command, *flags, Paths::kFlagOnly);
  command->add_option("--top", flags->top, "the N dearest rules and comparisons; 0 is all")
      ->type_name("N")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--enrich", flags->enrich,
                   "fill process.parent.* from earlier events: auto (raw records), parents (all), "
                   "none")
      ->type_name("WHAT")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "parents", "none"}).description(""));
  AddEventFlags(*command, flags->events);
  command->footer(
      "Matches the events as a scan does, but writes no alerts; on one thread, whatever -j says,\n"
      "so that times compare.\n"
      "Examples:\n"
      "  vedette rules cost logs/\n"
      "  vedette rules cost -r my-rules/\n"
      "  vedette rules cost logs/ -r my-rules/ --top 5 -f table\n"
      "  vedette rules cost logs/ -f ndjson --top 0 | jq 'select(.unindexed > 0)'");
  command->callback(
      [flags, &session] { session.run = [flags, &session] { return Run(*flags, session); }; });
}

}  // namespace vedette::cli
