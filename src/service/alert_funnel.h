// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "service/event_alerts.h"

namespace vedette::service {

struct RuleStats {
  std::uint64_t hits = 0;       ///< before any bound
  std::uint64_t alerts = 0;     ///< handed out
  std::uint64_t truncated = 0;  ///< cut by max_signals
};

/// The ordered end of a scan: gives twins their ordinals, drops alerts whose id was handed out
/// before, keeps each rule to its max_signals (earliest first) and, when several files are read as
/// one stream, holds alerts back to order them by event time. One thread.
class AlertFunnel {
 public:
  using Sink = std::function<base::Result<void>(const PendingAlert&)>;

  /// `max_signals`: -1 each rule's own, 0 none, else for every rule. `hold`: order by event time at
  /// Finish().
  AlertFunnel(const DetectionSet& set, const AlertStamp& options, std::int64_t max_signals,
              bool hold, Sink sink);

  base::Result<void> Add(std::vector<PendingAlert>& alerts);
  base::Result<void> Finish();
  void set_stamp(const AlertStamp& stamp) { options_ = stamp; }

  const std::vector<RuleStats>& rules() const { return rules_; }
  std::uint64_t alerts() const { return alerts_; }
  std::uint64_t duplicates() const { return duplicates_; }

 private:
  std::int64_t LimitOf(std::uint32_t rule) const;
  void NumberTwins(std::vector<PendingAlert>& alerts);
  base::Result<void> HandOut(const PendingAlert& alert);
  void Prune();
  base::Result<void> HandOutHeld();

  const DetectionSet* set_;
  AlertStamp options_;
  std::int64_t max_signals_;
  bool hold_;
  Sink sink_;
  std::vector<RuleStats> rules_;
  std::unordered_map<std::string, std::uint64_t> twins_;
  std::unordered_set<std::string> seen_;
  std::vector<PendingAlert> held_;
  std::size_t held_bytes_ = 0;
  std::uint64_t alerts_ = 0;
  std::uint64_t duplicates_ = 0;
};

}  // namespace vedette::service
