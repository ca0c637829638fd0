// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/random_query_source.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/schema.h"

namespace vedette::engine {

/// TEST SIDE ONLY. One query and the events it runs over, in event order.
struct RandomCase {
  eql::Dialect dialect = eql::Dialect::kElasticsearch;
  std::string query;
  bool strict_optional = false;
  bool case_sensitive = false;  ///< EG
  std::uint32_t alias_ring = 32;
  std::size_t samples_per_key = 1;
  std::vector<std::string> events;  ///< one JSON document each

  eql::CheckOptions Options() const;
  /// Everything needed to run it by hand.
  std::string Text() const;
};

/// The few fields that random events have, closed as an index mapping is.
const event::Schema& RandomSchema();

/// A well-typed statement in `dialect`: event queries with every operator and function, sequences
/// with every clause, samples, joins. The vocabulary is tiny, so that matches are frequent.
std::string RandomQuery(RandomSource& random, eql::Dialect dialect);
/// 2 to 17 events, seldom 0 to 49: few keys, few values, equal times, spans of exactly a maxspan.
/// Processes are known by `pid` in EG, by entity ids elsewhere.
std::vector<std::string> RandomEvents(RandomSource& random, eql::Dialect dialect);
RandomCase MakeRandomCase(RandomSource& random);

}  // namespace vedette::engine
