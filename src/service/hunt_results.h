// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "base/result.h"
#include "engine/pipes.h"
#include "service/hunt_query.h"

namespace vedette::service {

struct ResultLimits {
  std::optional<std::size_t> size;  ///< unset: all results
  engine::ResultPosition position = engine::ResultPosition::kTail;
  /// Of results that must wait for the last one (pipes, a tail, a missing item at the end).
  std::size_t max_held_bytes = std::size_t{1} << 30;
};

/// The end of a hunt: order, pipes and size (reference section 13). Results go through at once
/// where nothing later can change them; the others wait, in bounded memory. One thread.
class HuntResults {
 public:
  using Sink = std::function<base::Result<void>(const engine::QueryResult&)>;
  /// `query` and what it refers to outlive this. `sort`: results do not come in their final order.
  HuntResults(const eql::Query& query, const event::FieldTable& fields,
              const eql::CheckOptions& check, const ResultLimits& limits, bool sort, Sink sink);

  /// kLimitExceeded when more results wait than memory allows.
  base::Result<void> Add(engine::QueryResult result);
  base::Result<void> Finish();
  /// Nothing that comes later can be among the results.
  bool full() const { return full_; }
  std::uint64_t handed_out() const { return handed_out_; }
  /// Results were left out by `size`.
  bool cut() const { return cut_; }

 private:
  struct Limit {
    std::size_t count;
    engine::ResultPosition position;
    bool by_size;  ///< not by a pipe
  };
  static std::optional<Limit> FirstLimit(const eql::Query& query, const ResultLimits& limits);
  base::Result<void> HandOut(const engine::QueryResult& result);
  base::Result<void> Hold(engine::QueryResult result);

  const eql::Query* query_;
  const event::FieldTable* fields_;
  const eql::CheckOptions* check_;
  ResultLimits limits_;
  bool sort_;
  Sink sink_;
  std::optional<Limit> first_;       ///< applies before the pipes
  std::optional<std::size_t> last_;  ///< applies after them
  bool streams_ = false;
  std::deque<engine::QueryResult> held_;
  std::size_t held_bytes_ = 0;
  std::uint64_t handed_out_ = 0;
  bool full_ = false;
  bool cut_ = false;
};

}  // namespace vedette::service
