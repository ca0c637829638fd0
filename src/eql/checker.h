// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "eql/ast.h"
#include "event/field_table.h"

namespace vedette::eql {

struct CheckOptions {
  std::string category_field = "event.category";
  std::string timestamp_field = "@timestamp";
  std::string tiebreaker_field;   ///< empty: none
  bool strict_optional = false;   ///< reference 7.3: `?unknown` is constant null
  bool case_sensitive = false;    ///< EG's global switch
  bool parse_only_pipes = false;  ///< live rules reject pipes
};

/// Resolves names against `fields.schema()`, interns every field the query reads, checks types, arities, constants, regexes and
/// CIDR blocks, and annotates the tree. Collects all diagnostics; an open schema turns unknown fields into warnings (with the nearest
/// name). True iff no error.
bool Check(Query& query, event::FieldTable& fields, const CheckOptions& options,
           std::vector<base::Diagnostic>& diagnostics);

}  // namespace vedette::eql
