// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/field_table.h"

namespace vedette::service {

/// How the text of a hunt is meant.
struct HuntLanguage {
  eql::Dialect dialect = eql::Dialect::kElasticsearch;
  eql::CheckOptions check;
};

/// A query that was parsed and checked, with the fields it reads. Movable, used up by one run.
struct HuntQuery {
  eql::Query query;
  std::unique_ptr<event::FieldTable> fields;
  eql::CheckOptions check;

  /// Results are lone events: of an event query, or made by `count`.
  bool yields_events() const;
  /// The join keys as written, the common ones first: what `join_keys` of a result hold.
  std::vector<std::string> KeyNames() const;
};

enum class Folding : bool { kOff, kOn };

/// Parses and checks `source` against `schema`, which outlives the query. Empty when there is an
/// error among the diagnostics; fields that an open schema does not know are warnings. `folding`
/// off keeps the conditions as written, for explanations.
std::optional<HuntQuery> CompileHunt(const base::Source& source, const HuntLanguage& language,
                                     const event::Schema& schema,
                                     std::vector<base::Diagnostic>& diagnostics,
                                     Folding folding = Folding::kOn);

}  // namespace vedette::service
