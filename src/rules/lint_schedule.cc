// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "base/time.h"
#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

using namespace std::chrono_literals;

/// 2026-01-01T00:00:00Z: lint must not depend on the day it runs; only differences count.
constexpr base::Timestamp kNow{1'767'225'600'000'000'000};

struct Window {
  base::Duration look_back{};
  base::Duration interval{};
  bool known = false;
};

Window ReadWindow(const LintContext& lint) {
  const Rule& rule = lint.rule;
  const auto from = base::EvaluateDateMath(rule.from, kNow);
  const auto to = base::EvaluateDateMath(rule.to, kNow);
  const auto interval = base::ParseDuration(rule.interval);
  if (!from.has_value()) lint.Error("from", "R008", from.error().message());
  if (!to.has_value()) lint.Error("to", "R008", to.error().message());
  if (!interval.has_value()) lint.Error("interval", "R008", interval.error().message());
  Window window;
  if (!from.has_value() || !to.has_value()) return window;
  if (!(*from < *to)) {
    lint.Error("from", "R008", "`from` (" + rule.from + ") is not before `to` (" + rule.to + ")");
    return window;
  }
  if (!interval.has_value()) return window;
  window.look_back = *to - *from;
  window.interval = *interval;
  window.known = true;
  return window;
}

}  // namespace

void LintSchedule(const LintContext& lint) {
  const Rule& rule = lint.rule;
  const Window window = ReadWindow(lint);
  if (window.known && window.look_back < window.interval) {
    lint.Warn("from", "R008",
              "the look-back is shorter than the interval: events between two runs "
              "are never seen")
        .help.push_back("let `from` reach at least " + rule.interval +
                        " back, and some more for "
                        "slow ingest");
  }
  if (rule.Has("max_signals") && rule.max_signals < 1) {
    lint.Error("max_signals", "R003", "`max_signals` must be at least 1");
  }
  if (lint.profile == Profile::kMinimal) return;
  if (rule.max_signals > 1000) {
    lint.Warn("max_signals", "R018", "`max_signals` above 1000 is cut to 1000 by most platforms");
  }
  const bool plain = rule.type == RuleType::kEql && rule.query.rfind("sequence", 0) != 0 &&
                     rule.query.rfind("sample", 0) != 0;
  const bool windowed = plain || rule.type == RuleType::kQuery || rule.type == RuleType::kNewTerms;
  if (windowed && rule.timestamp_override != "event.ingested") {
    lint.Warn(
        "timestamp_override", "R009",
        "without `timestamp_override = \"event.ingested\"` late events fall between two runs");
  }
  if (rule.building_block_type.empty() || !window.known) return;
  if (window.look_back < 119min || window.interval < 60min) {
    const char* message = "a building block should look back 119 minutes or more, hourly or slower";
    if (lint.profile == Profile::kElastic) {
      lint.Error("interval", "R019", message);
    } else {
      lint.Warn("interval", "R019", message);
    }
  }
}

}  // namespace vedette::rules
