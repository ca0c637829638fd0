// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "service/detection_set.h"
#include "service/match_costs.h"

namespace vedette::service {

/// Processor time of the calling thread, in seconds.
double ThreadSeconds();

/// Documents of a run, spread evenly over it, at most kMost: each time it is full, every other one
/// goes, and from then on half as many are offered a place.
class SpreadSample {
 public:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMaxBytes = 64 * 1024;  ///< of one document
  /// Whether the next one is wanted; counts it either way.
  bool Wants();
  void Add(std::string json);
  const std::vector<std::string>& documents() const { return documents_; }

 private:
  std::vector<std::string> documents_;
  std::size_t seen_ = 0;
  std::size_t stride_ = 1;
};

/// Seconds that one run of each condition takes, by condition; 0 where `costs` has no candidate.
/// The answers of predicates are given, half of them yes.
std::vector<double> TimeRuns(const DetectionSet& set, const MatchCosts& costs);

/// Seconds that one question takes, by predicate; 0 where `costs` has none.
std::vector<double> TimeQuestions(const DetectionSet& set, const MatchCosts& costs,
                                  const std::vector<std::string>& documents);

}  // namespace vedette::service
