// SPDX-License-Identifier: Apache-2.0
#include "cli/hunt_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "cli/command.h"
#include "cli/hunt_output.h"
#include "cli/progress.h"

namespace vedette::cli {

std::optional<service::HuntQuery> HuntSession::Compile(const base::Source& source,
                                                       service::Folding folding) const {
  std::vector<base::Diagnostic> diagnostics;
  auto query =
      service::CompileHunt(source, plan_.language, event::EcsSchema(), diagnostics, folding);
  for (const base::Diagnostic& diagnostic : diagnostics) {
    fmt::print(stderr, "{}\n",
               base::RenderDiagnostic(diagnostic, &source, terminal_.stderr_colour));
  }
  return query;
}

base::Result<HuntSession::Outcome> HuntSession::Run(service::HuntQuery query,
                                                    io::OutputFile& out) const {
  HuntView view;
  view.format = plan_.answer.Choose(terminal_);
  view.width = plan_.answer.Width(terminal_);
  view.colour = plan_.answer.Colour(terminal_);
  view.fields = plan_.fields;
  view.events = query.yields_events();
  view.counted = std::any_of(query.query.pipes.begin(), query.query.pipes.end(),
                             [](const eql::Pipe& pipe) { return pipe.name == "count"; });
  view.key_names = query.KeyNames();
  HuntOutput output(out, std::move(view));
  Progress progress(terminal_, "results");
  service::HuntSinks sinks;
  sinks.result = [&](const engine::QueryResult& result) {
    progress.Clear();
    return output.Write(result);
  };
  sinks.rejected = [&](std::string_view file, const service::Rejected& rejected) {
    progress.Clear();
    return rejects_.Take(file, rejected);
  };
  sinks.progress = [&](const service::HuntProgress& at) {
    progress.Show({at.bytes, at.total_bytes, at.events, at.matches});
  };
  const auto started = std::chrono::steady_clock::now();
  Outcome outcome;
  VED_TRY(outcome.stats, service::RunHunt(std::move(query), plan_.files, plan_.options, sinks));
  progress.Clear();
  const bool partial = !outcome.stats.problems.empty() || outcome.stats.evicted != 0;
  VED_TRY_VOID(output.Finish(outcome.stats.cut, partial));
  outcome.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  for (const io::InputProblem& problem : outcome.stats.problems) {
    PrintError(terminal_, problem.error.message());
    outcome.exit_code = std::max(outcome.exit_code, static_cast<int>(ExitCodeFor(problem.error)));
  }
  return outcome;
}

}  // namespace vedette::cli
