// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/diagnostic.h"
#include "eql/ast.h"

namespace vedette::eql {

struct ParseLimits {
  std::size_t max_bytes = 1024 * 1024;
  std::size_t max_depth = 1000;
  std::size_t max_nodes = 100'000;
};

/// Outcome of parsing: `query` is set iff there is no error among the diagnostics.
struct ParseResult {
  std::optional<Query> query;
  std::vector<base::Diagnostic> diagnostics;
};

/// Parses one statement in `dialect` (reference sections 2, 3, 15). Never throws, never reads
/// outside `source`; time and memory are linear in the text, within `limits`.
ParseResult Parse(const base::Source& source, Dialect dialect, const ParseLimits& limits = {});
/// A lone expression, for tests, exceptions and constant folding.
struct ParseExpressionResult {
  ExprPtr expression;  ///< null on error
  std::vector<base::Diagnostic> diagnostics;
};
ParseExpressionResult ParseExpression(const base::Source& source, Dialect dialect,
                                      const ParseLimits& limits = {});

/// Canonical text; parsing it in the same dialect gives an Equal() query.
std::string Print(const Query& query);
std::string Print(const Expr& expr, Dialect dialect);

}  // namespace vedette::eql
