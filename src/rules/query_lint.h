// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "eql/ast.h"
#include "eql/checker.h"
#include "event/field_table.h"
#include "rules/query_terms.h"
#include "rules/rule.h"

namespace vedette::rules {

/// What a query says although it is legal: R010, R011, R012, R023, R027, R028 and W0301 to W0307
/// (see docs/reference/lint.md). `query` has passed eql::Check with `options` against `schema`. All
/// are warnings, spans point into the query. Sound rather than complete: what is not understood
/// gives no finding. Endgame queries get the structural checks only, for their logic has three
/// values. Bounded work: long lists are compared up to a budget, then no longer.
std::vector<base::Diagnostic> LintQuery(const Rule& rule, const eql::Query& query,
                                        const eql::CheckOptions& options,
                                        const event::Schema& schema);

/// Inside of query_lint: one event query at a time.
struct ConditionContext {
  const Rule& rule;
  const eql::EventQuery& query;
  const Formula& formula;
  eql::Dialect dialect;
  bool alone;  ///< the whole statement, not an item among others
  std::vector<base::Diagnostic>& out;

  base::Diagnostic& Warn(const char* code, base::Span span, std::string message) const;
};
void LintLogic(const ConditionContext& context);       ///< W0301, W0302, W0303
void LintEventType(const ConditionContext& context);   ///< W0304
void LintCase(const ConditionContext& context);        ///< W0305
void LintCost(const ConditionContext& context);        ///< R027
void LintDeprecated(const ConditionContext& context);  ///< W0307
void LintSupply(const ConditionContext& context);      ///< R028, W0306
/// R023.
void LintStackVersion(const Rule& rule, const eql::Query& query,
                      std::vector<base::Diagnostic>& out);
/// R010, R011, R012.
void LintSequence(const Rule& rule, const eql::Query& query, std::vector<base::Diagnostic>& out);

}  // namespace vedette::rules
