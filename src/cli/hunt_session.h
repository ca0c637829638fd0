// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "cli/answer.h"
#include "cli/event_flags.h"
#include "cli/terminal.h"
#include "io/input_files.h"
#include "io/output_file.h"
#include "service/hunt_query.h"
#include "service/hunt_run.h"

namespace vedette::cli {

/// What will be done for every query of one `vedette hunt`.
struct HuntPlan {
  service::HuntLanguage language;
  service::HuntOptions options;
  AnswerFlags answer;
  std::vector<std::string> fields;  ///< columns of the table
  std::vector<io::InputFile> files;
};

/// Queries over one set of files: what the command and the interactive mode share. Keeps references
/// to the plan, the terminal and the rejects.
class HuntSession {
 public:
  HuntSession(const HuntPlan& plan, const Terminal& terminal, RejectTeller& rejects)
      : plan_(plan), terminal_(terminal), rejects_(rejects) {}

  /// Empty, with the errors shown on stderr, when the text is no good query. Warnings are shown
  /// too.
  std::optional<service::HuntQuery> Compile(const base::Source& source,
                                            service::Folding folding = service::Folding::kOn) const;

  struct Outcome {
    service::HuntStats stats;
    double seconds = 0;
    /// The exit code that files which could not be read ask for.
    int exit_code = 0;
  };
  /// Runs the query and writes its results to `out`, which stays open.
  base::Result<Outcome> Run(service::HuntQuery query, io::OutputFile& out) const;

  const HuntPlan& plan() const { return plan_; }
  const Terminal& terminal() const { return terminal_; }

 private:
  const HuntPlan& plan_;
  const Terminal& terminal_;
  RejectTeller& rejects_;
};

/// The closing lines on stderr: what was searched and found, and what was left out.
void PrintHuntSummary(const HuntSession& session, const HuntSession::Outcome& outcome);

/// The one JSON object of `--stats` (docs/reference/hunt.md), with a line break.
std::string HuntStatsJson(const HuntSession& session, const HuntSession::Outcome& outcome);

}  // namespace vedette::cli
