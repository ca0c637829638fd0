// SPDX-License-Identifier: Apache-2.0
#include "cli/event_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "base/diagnostic.h"
#include "cli/command.h"

namespace vedette::cli {
namespace {

using base::Result;

Result<std::optional<sources::SourceId>> ReadSource(const std::string& name) {
  if (name == "auto") return std::optional<sources::SourceId>();
  if (const auto source = sources::SourceFromName(name)) return source;
  std::vector<std::string_view> names{"auto"};
  for (int i = 1; i <= static_cast<int>(sources::SourceId::kVedette); ++i) {
    names.push_back(sources::SourceName(static_cast<sources::SourceId>(i)));
  }
  const std::string_view near = base::Nearest(name, names);
  return base::Error(
      base::ErrorCode::kInvalidArgument,
      fmt::format("--source: unknown source '{}'{}; `vedette sources` lists them", name,
                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

Result<std::optional<base::Timestamp>> ReadTime(std::string_view flag, const std::string& text,
                                                base::Timestamp now) {
  if (text.empty()) return std::optional<base::Timestamp>();
  auto time = base::EvaluateDateMath(text, now);
  if (!time) return std::move(time).error().Context(flag);
  return std::optional<base::Timestamp>(*time);
}

base::Timestamp ClockNow() {
  const auto clock = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(clock).count()};
}

void AddEventFlags(CLI::App& command, EventFlags& flags) {
  command
      .add_option("--source", flags.source,
                  "treat every record as this source; auto looks at each record")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--from", flags.from, "only events at or after this time (ISO, now-1d, …)")
      ->type_name("TIME");
  command.add_option("--to", flags.to, "only events before this time")->type_name("TIME");
  command
      .add_option("-j,--threads", flags.threads,
                  "worker threads; 0 is all cores; never changes the output")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command
      .add_option("--stats", flags.stats,
                  "write the run's counters as one JSON object; - is stdout")
      ->type_name("FILE");
  command
      .add_option("--rejects", flags.rejects,
                  "keep every record that cannot be read, with its reason")
      ->type_name("FILE");
  command.add_flag("--strict", flags.strict,
                   "stop at the first record or file that cannot be read");
}

Result<service::PipelineOptions> PlanPipeline(const EventFlags& flags, base::Timestamp now) {
  constexpr std::int64_t kMostThreads = 256;
  service::PipelineOptions options;
  VED_TRY(options.decoder.from, ReadTime("--from", flags.from, now));
  VED_TRY(options.decoder.to, ReadTime("--to", flags.to, now));
  VED_TRY(options.decoder.forced_source, ReadSource(flags.source));
  options.threads = flags.threads == 0
                        ? std::max(1U, std::thread::hardware_concurrency())
                        : static_cast<std::size_t>(std::min(flags.threads, kMostThreads));
  options.strict = flags.strict;
  // Who asks for damaged records gets those, too, whose damage no rule would have met.
  options.decoder.whole_records = flags.strict || !flags.rejects.empty();
  return options;
}

Result<void> RejectTeller::Open(const std::string& path) {
  if (path.empty()) return {};
  VED_TRY(file_, io::RejectFile::Open(path));
  return {};
}

Result<void> RejectTeller::Take(std::string_view file, const service::Rejected& rejected) {
  constexpr int kMostTold = 5;
  if (++told_ <= kMostTold) {
    PrintWarning(terminal_, fmt::format("{}:{}: {}", file, rejected.place.line, rejected.reason));
  } else if (told_ == kMostTold + 1) {
    PrintNote(terminal_,
              "further records that cannot be read are only counted; --rejects FILE keeps them");
  }
  if (file_ == nullptr) return {};
  return file_->Write({file, rejected.place.line, rejected.place.offset, rejected.length,
                       rejected.code, rejected.reason, rejected.record});
}

Result<void> RejectTeller::Close() { return file_ == nullptr ? Result<void>() : file_->Close(); }

}  // namespace vedette::cli
