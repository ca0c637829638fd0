// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/arena.h"
#include "engine/random_query.h"
#include "engine/sequence_definition.h"
#include "engine/statement_runner.h"
#include "eql/ast.h"
#include "event/event.h"

namespace vedette::engine {

/// TEST SIDE ONLY. The events of a case, read.
class RandomDocuments {
 public:
  explicit RandomDocuments(const std::vector<std::string>& events);
  std::size_t size() const { return trees_.size(); }
  base::Timestamp time(std::size_t i) const { return times_[i]; }
  /// Laid out for a table; all views live as long as this.
  std::vector<event::Event> Project(const event::FieldTable& fields);

 private:
  base::Arena arena_{16384};
  std::vector<event::Value> trees_;
  std::vector<base::Timestamp> times_;
};

/// A query, checked with a table of its own.
struct CompiledCase {
  eql::Query query;
  std::unique_ptr<event::FieldTable> fields;
  eql::CheckOptions options;
};
std::optional<CompiledCase> CompileCase(const RandomCase& one, const std::string& text, bool fold,
                                        std::string& refusal);

struct FoundResult {
  DefinedResult result;
  std::size_t decided_at = 0;  ///< the event that was current; the number of events at the end
  std::uint64_t last_position = 0;
  std::uint64_t serial = 0;
};
FoundResult ToFound(const Match& match, std::size_t decided_at, bool fold_case);
/// In the order that answers have: ES and EP by last event as the engine numbers it, EG by
/// completion, then by key; samples as they came.
std::vector<DefinedResult> Ordered(std::vector<FoundResult> found, const eql::Query& query);

/// The state machines, over the events from `from` on.
std::vector<FoundResult> RunMachine(CompiledCase compiled, const StatementOptions& options,
                                    RandomDocuments& documents, std::size_t from = 0);

bool FoldsKeys(const eql::Query& query, const eql::CheckOptions& options);

}  // namespace vedette::engine
