// SPDX-License-Identifier: Apache-2.0
#include "rules/query_lint.h"

#include <utility>

#include "rules/rule_diagnostic.h"

namespace vedette::rules {
namespace {

class QueryLinter {
 public:
  QueryLinter(const Rule& rule, const eql::Query& query, const eql::CheckOptions& options,
              const event::Schema& schema, std::vector<base::Diagnostic>& out)
      : rule_(rule), dialect_(query.dialect), options_(options), schema_(schema), out_(out) {}

  void operator()(const eql::EventQuery& query) const { Condition(query, true); }
  void operator()(const eql::Sequence& sequence) const {
    Items(sequence.items);
    if (sequence.until) Condition(sequence.until->query, false);
  }
  void operator()(const eql::Sample& sample) const { Items(sample.items); }
  void operator()(const eql::Join& join) const {
    Items(join.items);
    if (join.until) Condition(join.until->query, false);
  }

 private:
  void Items(const std::vector<eql::SequenceItem>& items) const {
    for (const eql::SequenceItem& item : items) Condition(item.query, false);
  }

  void Condition(const eql::EventQuery& query, bool alone) const {
    if (query.condition == nullptr || dialect_ == eql::Dialect::kEndgame) return;
    const Formula formula = MakeFormula(*query.condition, dialect_, options_, schema_);
    const ConditionContext context{rule_, query, formula, dialect_, alone, out_};
    LintLogic(context);
    LintEventType(context);
    LintCase(context);
    LintCost(context);
    LintDeprecated(context);
    LintSupply(context);
  }

  const Rule& rule_;
  eql::Dialect dialect_;
  const eql::CheckOptions& options_;
  const event::Schema& schema_;
  std::vector<base::Diagnostic>& out_;
};

}  // namespace

base::Diagnostic& ConditionContext::Warn(const char* code, base::Span span,
                                         std::string message) const {
  out.push_back(MakeWarning(code, std::move(message)));
  out.back().span = span;
  return out.back();
}

std::vector<base::Diagnostic> LintQuery(const Rule& rule, const eql::Query& query,
                                        const eql::CheckOptions& options,
                                        const event::Schema& schema) {
  std::vector<base::Diagnostic> out;
  LintSequence(rule, query, out);
  LintStackVersion(rule, query, out);
  std::visit(QueryLinter(rule, query, options, schema, out), query.statement);
  return out;
}

}  // namespace vedette::rules
