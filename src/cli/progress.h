// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "cli/terminal.h"
#include "service/scan_run.h"

namespace vedette::cli {

/// One line on stderr that is drawn over itself, at most ten times a second; nothing where stderr
/// is no terminal.
class Progress {
 public:
  /// `noun`: what is found, in the plural.
  explicit Progress(const Terminal& terminal, const char* noun = "alerts");
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Show(const service::ScanProgress& at);
  /// Takes the line away, before something else is printed.
  void Clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool enabled_;
  const char* noun_;
  bool drawn_ = false;
  Clock::time_point started_;
  Clock::time_point last_;
};

}  // namespace vedette::cli
