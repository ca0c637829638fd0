// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "eql/ast.h"
#include "event/field_table.h"

namespace vedette::eql {

/// Where Endgame records keep their category (reference section 4).
inline constexpr std::string_view kEndgameTypeField = "event_type";
inline constexpr std::string_view kEndgameFullTypeField = "event_type_full";

struct CheckOptions {
  std::string category_field = "event.category";
  std::string timestamp_field = "@timestamp";
  std::string tiebreaker_field;   ///< empty: none
  bool strict_optional = false;   ///< reference 7.3: `?unknown` is constant null
  bool case_sensitive = false;    ///< EG's global switch
  bool parse_only_pipes = false;  ///< live rules reject pipes
};

/// Resolves names against `fields.schema()`, interns every field the query reads, checks types,
/// arities, constants, regexes and CIDR blocks, and annotates the tree. Collects all diagnostics;
/// an open schema turns unknown fields into warnings (with the nearest name). True iff no error.
///
/// Fields: ES and EP intern the dotted path as Shape::kFlat (the array of `_arraysearch` as kTree);
/// EG interns the first part of the path as kTree and the rest is walked. Names bound by array
/// functions and constant-null optional fields get no id.
bool Check(Query& query, event::FieldTable& fields, const CheckOptions& options,
           std::vector<base::Diagnostic>& diagnostics);

/// The query cannot be decided on one event alone: it is a sequence, sample or join, has pipes,
/// follows process relations or refers to another event by alias. Valid for checked queries.
bool NeedsState(const Query& query);

/// When Elasticsearch would have noticed an error of this code (reference 15.1).
enum class Phase { kParsing, kVerification, kPlanning };
Phase PhaseOf(std::string_view code);

}  // namespace vedette::eql
