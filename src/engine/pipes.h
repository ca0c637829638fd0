// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/match.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/event.h"

namespace vedette::engine {

/// An event of a result, owned.
struct ResultEvent {
  bool missing = false;
  std::string json;
  std::string index;
  std::string id;
  base::Timestamp timestamp;
  std::uint32_t source = 0;
  std::uint64_t position = 0;
};

/// A result as pipes and people see it: independent of the engine that found it.
struct QueryResult {
  std::vector<ResultEvent> events;
  std::string join_keys;  ///< JSON array, empty for event queries
  std::uint64_t last_position = 0;
  std::uint64_t serial = 0;
};

QueryResult ToResult(const Match& match);

/// The order in which Elasticsearch lists results: by their last event, then as they were found.
void SortResults(std::vector<QueryResult>& results);

/// The pipes of a checked query over all of its results, left to right (reference section 13).
/// `query` and `fields` are those of the run. O(n log n) in the results; the arguments of a pipe
/// are evaluated on the events' JSON, read once more.
void ApplyPipes(const eql::Query& query, const event::FieldTable& fields,
                const eql::CheckOptions& options, std::vector<QueryResult>& results);

enum class ResultPosition : std::uint8_t { kTail, kHead };

/// `size` and `result_position` of the search API: which end survives; the order stays ascending.
void LimitResults(std::size_t size, ResultPosition position, std::vector<QueryResult>& results);

}  // namespace vedette::engine
