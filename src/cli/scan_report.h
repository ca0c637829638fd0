// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "engine/rule_matcher.h"
#include "service/scan_run.h"

namespace vedette::cli {

/// What a finished scan can say of itself.
struct ScanReport {
  const service::DetectionSet* set;
  const service::ScanStats* stats;
  const std::vector<engine::SkippedRule>* skipped;
  std::size_t files;
  double seconds;
};

/// The closing lines on stderr: events, alerts, and everything that was left out, with what to do
/// about it.
void PrintScanSummary(const ScanReport& report, const Terminal& terminal);

/// The one JSON object of `--stats` (docs/reference/scan-stats.md), with a line break.
std::string ScanStatsJson(const ScanReport& report);

}  // namespace vedette::cli
