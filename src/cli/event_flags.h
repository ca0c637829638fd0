// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/terminal.h"
#include "io/reject_file.h"
#include "service/event_pipeline.h"

namespace CLI {
class App;
}

namespace vedette::cli {

/// What a command that reads events takes, as typed.
struct EventFlags {
  std::string source = "auto";
  std::string stats;
  std::string rejects;
  std::string from, to;
  std::int64_t threads = 0;
  bool strict = false;
};

/// Adds --source, --from, --to, -j, --stats, --rejects and --strict.
void AddEventFlags(CLI::App& command, EventFlags& flags);

/// As understood; kInvalidArgument names the flag. Relative times count from `now`.
base::Result<service::PipelineOptions> PlanPipeline(const EventFlags& flags, base::Timestamp now);
/// What the flag called `flag` says; empty when it is not given.
base::Result<std::optional<base::Timestamp>> ReadTime(std::string_view flag,
                                                      const std::string& text, base::Timestamp now);
base::Timestamp ClockNow();

/// Tells the first few records that cannot be read, and keeps all of them where --rejects says so.
class RejectTeller {
 public:
  explicit RejectTeller(const Terminal& terminal) : terminal_(terminal) {}
  /// `path` may be empty: nothing is kept.
  base::Result<void> Open(const std::string& path);
  base::Result<void> Take(std::string_view file, const service::Rejected& rejected);
  base::Result<void> Close();

 private:
  const Terminal& terminal_;
  std::unique_ptr<io::RejectFile> file_;
  int told_ = 0;
};

}  // namespace vedette::cli
