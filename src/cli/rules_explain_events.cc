// SPDX-License-Identifier: Apache-2.0
#include "cli/rules_explain_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "cli/numbers.h"
#include "cli/progress.h"
#include "cli/rule_finder.h"
#include "cli/rules_explain_view.h"
#include "io/input_files.h"
#include "io/output_file.h"
#include "service/explain_run.h"

namespace vedette::cli {
namespace {

using base::Result;
using rules::Rule;

/// The rule that is meant, in `loaded`; an exit code, explained on stderr, when that is not clear.
std::optional<int> ChooseRule(const ExplainEventsFlags& flags, const Session& session,
                              RulesOrExit& loaded, const Rule*& rule) {
  const std::string& wanted = flags.words.front();
  std::error_code ignored;
  const bool file = std::filesystem::is_regular_file(wanted, ignored);
  loaded = LoadOrExplain(session, file ? std::vector{wanted} : flags.paths);
  if (!loaded.good()) return loaded.exit_code;
  FoundRules found;
  if (file) {
    for (const Rule& one : loaded.rules.rules) found.rules.push_back(&one);
  } else {
    found = FindRule(loaded.rules.rules, wanted);
  }
  if (found.rules.size() == 1) {
    rule = found.rules.front();
    return std::nullopt;
  }
  if (found.rules.empty()) {
    PrintError(session.terminal,
               file ? fmt::format("{} holds no rule that could be read", wanted)
                    : fmt::format("no rule is named '{}'{}; `vedette rules list` lists them, -r "
                                  "names others than the bundled ones",
                                  wanted,
                                  found.suggestion.empty()
                                      ? ""
                                      : fmt::format("; did you mean '{}'?", found.suggestion)));
    return kWrongInput;
  }
  constexpr std::size_t kMostTold = 5;
  std::string names;
  for (std::size_t i = 0; i < std::min(found.rules.size(), kMostTold); ++i) {
    names += fmt::format("{}'{}'", i == 0 ? "" : ", ", found.rules[i]->name);
  }
  if (found.rules.size() > kMostTold) names += ", …";
  PrintError(session.terminal, fmt::format("{} rules fit '{}'; say which one: {}",
                                           found.rules.size(), wanted, names));
  return kWrongInput;
}

/// The answer as it comes, in one of three formats.
class ExplainOutput {
 public:
  ExplainOutput(io::OutputFile& out, const Rule& rule, AnswerFormat format, ExplainStyle style)
      : out_(out), rule_(rule), format_(format), style_(style) {}

  Result<void> Begin() {
    std::string text;
    if (format_ == AnswerFormat::kTable) {
      text = Tinted(style_.colour, "1", WithoutControls(rule_.name)) + "\n\n";
    } else if (format_ == AnswerFormat::kJson) {
      base::JsonWriter json(text);
      json.BeginObject();
      json.Member("rule_id", rule_.rule_id);
      json.Member("rule", rule_.name);
      text += ",\"explained\":[";
    }
    return out_.Write(text);
  }

  Result<void> Event(const engine::ExplainedEvent& event) {
    std::string text;
    if (format_ == AnswerFormat::kTable) {
      return out_.Write(EventPage(event, style_, reader_) + "\n");
    }
    if (format_ == AnswerFormat::kJson && any_) text += ',';
    any_ = true;
    base::JsonWriter json(text);
    WriteExplainedEvent(json, event);
    if (format_ == AnswerFormat::kNdjson) text += '\n';
    return out_.Write(text);
  }

  Result<void> End(const service::ExplainStats& stats) {
    std::string text;
    if (format_ == AnswerFormat::kTable) {
      if (stats.statement) text += StatementPage(*stats.statement, style_, reader_) + "\n";
      text += Summary(stats) + "\n";
    } else if (format_ == AnswerFormat::kJson) {
      text = EndOfJson(stats);
    } else if (stats.statement) {
      text = StatementLines(*stats.statement);
    }
    return out_.Write(text);
  }

 private:
  static std::string Summary(const service::ExplainStats& stats) {
    const std::uint64_t events = stats.counters.events;
    std::string out = stats.statement
                          ? Counted(events, "event")
                          : fmt::format("{} of {} fire{} the rule", WithThousands(stats.matching),
                                        Counted(events, "event"), stats.matching == 1 ? "s" : "");
    const auto add = [&](std::uint64_t count, std::string_view what) {
      if (count != 0) out += fmt::format("; {} {}", WithThousands(count), what);
    };
    add(stats.outside_indices, "outside the rule's index patterns");
    if (stats.statement) add(stats.counters.without_timestamp, "without a time, left out");
    add(stats.enriched, "with parents from earlier events");
    add(stats.rejected, "could not be read");
    return out;
  }

  static std::string EndOfJson(const service::ExplainStats& stats) {
    // The object was opened by Begin(); this one lends its members.
    std::string members;
    base::JsonWriter json(members);
    json.BeginObject();
    const auto count = [&](std::string_view name, std::uint64_t value) {
      json.Key(name);
      json.Uint(value);
    };
    count("events_read", stats.counters.events);
    if (!stats.statement) count("firing", stats.matching);
    count("outside_indices", stats.outside_indices);
    count("enriched", stats.enriched);
    count("rejected", stats.rejected);
    if (stats.statement) WriteStatement(json, *stats.statement, true);
    json.EndObject();
    members.front() = ',';
    return "]" + members + "\n";
  }

  static std::string StatementLines(const engine::StatementReport& report) {
    std::string out;
    base::JsonWriter head(out);
    head.BeginObject();
    WriteStatement(head, report, false);
    head.EndObject();
    out += '\n';
    for (const auto& key : report.keys) {
      base::JsonWriter line(out);
      WriteExplainedKey(line, key);
      out += '\n';
    }
    return out;
  }

  io::OutputFile& out_;
  const Rule& rule_;
  AnswerFormat format_;
  ExplainStyle style_;
  event::JsonReader reader_;
  bool any_ = false;
};

Result<service::ExplainOptions> PlanOf(const ExplainEventsFlags& flags, const Rule& rule) {
  service::ExplainOptions options;
  VED_TRY(options.pipeline, PlanPipeline(flags.events, ClockNow()));
  if (!rule.timestamp_field.empty())
    options.pipeline.decoder.timestamp_field = rule.timestamp_field;
  options.limit = static_cast<std::size_t>(flags.limit);
  options.all = flags.all;
  if (flags.enrich == "parents") options.enrichment = service::Enrichment::kAll;
  if (flags.enrich == "none") options.enrichment = service::Enrichment::kNone;
  return options;
}

/// What was read; the answer itself has the rest.
Result<void> WriteStats(const std::string& path, const service::ExplainStats& stats) {
  if (path.empty()) return {};
  std::string text;
  base::JsonWriter json(text);
  json.BeginObject();
  const auto count = [&](std::string_view name, std::uint64_t value) {
    json.Key(name);
    json.Uint(value);
  };
  count("events", stats.counters.events);
  count("bytes", stats.bytes);
  count("rejected", stats.rejected);
  count("without_timestamp", stats.counters.without_timestamp);
  count("outside_indices", stats.outside_indices);
  count("enriched", stats.enriched);
  json.EndObject();
  VED_TRY(const auto file, io::OutputFile::Open(path));
  VED_TRY_VOID(file->Write(text + "\n"));
  return file->Close();
}

Result<int> Explain(const ExplainEventsFlags& flags, const Session& session, const Rule& rule,
                    std::unique_ptr<io::OutputFile>& out) {
  int worst = kDone;
  const auto tell = [&](const io::InputProblem& problem) {
    PrintError(session.terminal, problem.error.message());
    worst = std::max(worst, static_cast<int>(ExitCodeFor(problem.error)));
  };
  VED_TRY(const service::ExplainOptions options, PlanOf(flags, rule));
  const std::vector<std::string> events(flags.words.begin() + 1, flags.words.end());
  const io::InputSet inputs = io::ExpandInputs(events);
  std::for_each(inputs.problems.begin(), inputs.problems.end(), tell);
  if (inputs.files.empty()) return worst;
  RejectTeller rejects(session.terminal);
  VED_TRY_VOID(rejects.Open(flags.events.rejects));
  VED_TRY(out, io::OutputFile::Open(flags.answer.output));
  ExplainOutput output(*out, rule, flags.answer.Choose(session.terminal),
                       {flags.answer.Width(session.terminal), flags.answer.Colour(session.terminal),
                        LocaleIsUtf8()});
  Progress progress(session.terminal, "explained");
  std::uint64_t explained = 0;
  service::ExplainSinks sinks;
  sinks.event = [&](const engine::ExplainedEvent& event) {
    progress.Clear();
    ++explained;
    return output.Event(event);
  };
  sinks.rejected = [&](std::string_view file, const service::Rejected& rejected) {
    progress.Clear();
    return rejects.Take(file, rejected);
  };
  sinks.progress = [&](const service::PipelineProgress& at) {
    progress.Show({at.bytes, at.total_bytes, at.events, explained});
  };
  VED_TRY_VOID(output.Begin());
  VED_TRY(const service::ExplainStats stats,
          service::RunExplain(rule, inputs.files, options, sinks));
  progress.Clear();
  VED_TRY_VOID(output.End(stats));
  VED_TRY_VOID(out->Close());
  VED_TRY_VOID(rejects.Close());
  VED_TRY_VOID(WriteStats(flags.events.stats, stats));
  std::for_each(stats.problems.begin(), stats.problems.end(), tell);
  return worst;
}

}  // namespace

int RunExplainEvents(const ExplainEventsFlags& flags, const Session& session) {
  RulesOrExit loaded;
  const Rule* rule = nullptr;
  if (const auto exit_code = ChooseRule(flags, session, loaded, rule)) return *exit_code;
  std::unique_ptr<io::OutputFile> out;
  auto ran = Explain(flags, session, *rule, out);
  if (ran) return *ran;
  if (out != nullptr && out->closed_pipe()) return kDone;
  PrintError(session.terminal, ran.error().message());
  return ExitCodeFor(ran.error());
}

}  // namespace vedette::cli
