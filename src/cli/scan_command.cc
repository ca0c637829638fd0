// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "cli/alert_output.h"
#include "cli/command.h"
#include "cli/event_flags.h"
#include "cli/progress.h"
#include "cli/rule_sources.h"
#include "cli/scan_report.h"
#include "io/reject_file.h"
#include "service/scan_run.h"

namespace vedette::cli {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

/// As typed.
struct ScanFlags {
  std::vector<std::string> events;
  std::vector<std::string> rules;
  EventFlags input;
  std::string format;
  std::string output = "-";
  std::string now, fail_on;
  std::int64_t max_signals = -1;
  std::string enrich = "auto";
  std::string lateness = "30s";
};

/// As understood.
struct ScanPlan {
  service::ScanOptions options;
  AnswerFormat format = AnswerFormat::kNdjson;
  int fail_rank = 99;
};

Result<ScanPlan> MakePlan(const ScanFlags& flags, const Terminal& terminal) {
  ScanPlan plan;
  base::Timestamp now = ClockNow();
  // Alerts carry milliseconds; more digits would only be noise.
  now.nanoseconds -= now.nanoseconds % 1'000'000;
  if (!flags.now.empty()) {
    VED_TRY(const auto fixed, ReadTime("--now", flags.now, now));
    now = *fixed;
  }
  plan.options.stamp.created = now;
  VED_TRY(plan.options.pipeline, PlanPipeline(flags.input, now));
  if (!flags.fail_on.empty()) plan.fail_rank = rules::SeverityRank(flags.fail_on);
  plan.format = AnswerFlags{flags.format, flags.output}.Choose(terminal);
  plan.options.max_signals = flags.max_signals;
  if (flags.enrich == "parents") plan.options.enrichment = service::Enrichment::kAll;
  if (flags.enrich == "none") plan.options.enrichment = service::Enrichment::kNone;
  auto lateness = base::ParseDuration(flags.lateness);
  if (!lateness) return std::move(lateness).error().Context("--lateness");
  plan.options.lateness = *lateness;
  return plan;
}

/// One run of `vedette scan`: opens what it needs, scans, reports.
class ScanCommand {
 public:
  ScanCommand(const ScanFlags& flags, const Terminal& terminal)
      : flags_(flags), terminal_(terminal) {}

  int Run() {
    auto ran = Execute();
    if (!ran) {
      if (out_ != nullptr && out_->closed_pipe()) return kDone;
      PrintError(terminal_, ran.error().message());
      return ExitCodeFor(ran.error());
    }
    return *ran;
  }

 private:
  Result<int> Execute() {
    VED_TRY(ScanPlan plan, MakePlan(flags_, terminal_));
    VED_TRY(const service::DetectionSet set, LoadDetections());
    const io::InputSet inputs = io::ExpandInputs(flags_.events);
    for (const auto& problem : inputs.problems) TellProblem(problem);
    if (inputs.files.empty()) return worst_;
    VED_TRY(out_, io::OutputFile::Open(flags_.output));
    VED_TRY_VOID(rejects_.Open(flags_.input.rejects));
    AlertOutput alerts(*out_, plan.format, terminal_);
    Progress progress(terminal_);
    service::ScanSinks sinks;
    sinks.alert = [&](const service::PendingAlert& alert) {
      highest_ = std::max(highest_, rules::SeverityRank(alert.summary.severity));
      progress.Clear();
      return alerts.Write(alert);
    };
    sinks.rejected = [&](std::string_view file, const service::Rejected& rejected) {
      progress.Clear();
      return rejects_.Take(file, rejected);
    };
    sinks.progress = [&](const service::ScanProgress& at) { progress.Show(at); };
    const auto started = std::chrono::steady_clock::now();
    auto stats = service::RunScan(set, inputs.files, plan.options, sinks);
    progress.Clear();
    if (!stats) {
      // What was found up to here is worth having.
      if (!out_->closed_pipe()) static_cast<void>(out_->Close());
      static_cast<void>(rejects_.Close());
      return std::move(stats).error();
    }
    VED_TRY_VOID(alerts.Finish());
    VED_TRY_VOID(out_->Close());
    VED_TRY_VOID(rejects_.Close());
    for (const auto& problem : stats->problems) TellProblem(problem);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    const ScanReport report{&set, &*stats, &skipped_, inputs.files.size(), seconds.count()};
    PrintScanSummary(report, terminal_);
    if (!flags_.input.stats.empty()) {
      VED_TRY(const auto file, io::OutputFile::Open(flags_.input.stats));
      VED_TRY_VOID(file->Write(ScanStatsJson(report)));
      VED_TRY_VOID(file->Close());
    }
    if (worst_ != kDone) return worst_;
    return static_cast<int>(highest_ >= plan.fail_rank ? kAnswerIsNo : kDone);
  }

  Result<service::DetectionSet> LoadDetections() {
    VED_TRY(LoadedRules loaded, LoadRuleArguments(flags_.rules));
    for (const auto& diagnostic : loaded.diagnostics) {
      if (!diagnostic.is_error()) continue;
      fmt::print(stderr, "{}\n", rules::Render(diagnostic, terminal_.stderr_colour));
      worst_ = kWrongInput;
    }
    auto set = service::DetectionSet::Build(loaded.rules, skipped_);
    if (set.size() == 0) {
      return Error(
          ErrorCode::kInvalidArgument,
          "no rule to run: none of those given compiles and runs in this version; `vedette "
          "rules list -r …` says why");
    }
    return set;
  }

  void TellProblem(const io::InputProblem& problem) {
    PrintError(terminal_, problem.error.message());
    worst_ = std::max(worst_, static_cast<int>(ExitCodeFor(problem.error)));
  }

  const ScanFlags& flags_;
  const Terminal& terminal_;
  std::unique_ptr<io::OutputFile> out_;
  std::vector<engine::SkippedRule> skipped_;
  int worst_ = kDone;
  int highest_ = -1;
  RejectTeller rejects_{terminal_};
};

}  // namespace

void AddScanCommand(CLI::App& app, Session& session) {
  CLI::App* scan = app.add_subcommand("scan", "Run rules over files, folders or standard input");
  const auto flags = std::make_shared<ScanFlags>();
  scan->add_option("EVENTS", flags->events,
                   "files, folders, globs, or - for standard input; .gz .zst .xz .lz4 by content")
      ->required();
  scan->add_option("-r,--rules", flags->rules,
                   "rule file or folder (repeatable); without it the bundled rules")
      ->type_name("PATH");
  scan->add_option("--source", flags->input.source,
                   "treat every record as this source; auto looks at each record")
      ->type_name("NAME")
      ->capture_default_str();
  scan->add_option("-f,--format", flags->format, "table (on a terminal), json, ndjson (in a pipe)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "ndjson"}));
  scan->add_option("-o,--output", flags->output, "where alerts go")->type_name("FILE");
  scan->add_option("--stats", flags->input.stats,
                   "write the run's counters as one JSON object; - is stdout")
      ->type_name("FILE");
  scan->add_option("--rejects", flags->input.rejects,
                   "keep every record that cannot be read, with its reason")
      ->type_name("FILE");
  scan->add_flag("--strict", flags->input.strict,
                 "stop at the first record or file that cannot be read");
  scan->add_option("--from", flags->input.from,
                   "only events at or after this time (ISO, now-1d, …)")
      ->type_name("TIME");
  scan->add_option("--to", flags->input.to, "only events before this time")->type_name("TIME");
  scan->add_option("--fail-on", flags->fail_on, "exit 1 when an alert is at or above this severity")
      ->type_name("SEVERITY")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  scan->add_option("-j,--threads", flags->input.threads,
                   "worker threads; 0 is all cores; never changes the output")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  scan->add_option(
          "--max-signals", flags->max_signals,
          "most alerts a rule may give; 0 is no bound; without it each rule's own max_signals")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  scan->add_option("--enrich", flags->enrich,
                   "fill process.parent.* from earlier events: auto (raw vendor records and audit "
                   "logs), parents (every source), none")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"auto", "parents", "none"}))
      ->capture_default_str();
  scan->add_option("--lateness", flags->lateness,
                   "how much out of order the events of one input may be and still take part in "
                   "sequences")
      ->type_name("DURATION")
      ->capture_default_str();
  scan->add_option("--now", flags->now, "the time that stamps alerts, for reproducible output")
      ->type_name("TIME");
  scan->footer(
      "Examples:\n"
      "  vedette scan /var/log/audit\n"
      "  vedette scan 's3-sync/**/*.gz' -r rules/ --stats stats.json --rejects bad.ndjson\n"
      "  zcat day.ndjson.gz | vedette scan - -f ndjson | jq '.\"kibana.alert.reason\"'\n"
      "  vedette scan pile/ --from now-7d --fail-on medium");
  scan->callback([flags, &session] {
    session.run = [flags, &session] { return ScanCommand(*flags, session.terminal).Run(); };
  });
}

}  // namespace vedette::cli
