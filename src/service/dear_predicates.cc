// SPDX-License-Identifier: Apache-2.0
#include "service/dear_predicates.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "eql/condition.h"
#include "eql/parser.h"
#include "eql/walk.h"

namespace vedette::service {
namespace {

using eql::Expr;
using eql::ExprPtr;

constexpr std::size_t kFewLetters = 2;

bool IsRegex(const Expr& expr) {
  if (const auto* pattern = std::get_if<eql::Pattern>(&expr.node)) {
    return pattern->op == eql::PatternOp::kRegex ||
           pattern->op == eql::PatternOp::kRegexInsensitive;
  }
  const auto* call = std::get_if<eql::Call>(&expr.node);
  return call != nullptr && (call->name == "match" || call->name == "matchLite");
}

bool HasCall(const Expr& expr) {
  bool found = false;
  const auto visit = [&](const Expr& part) {
    found = found || std::holds_alternative<eql::Call>(part.node);
  };
  eql::ForEachExpr(expr, visit);
  return found;
}

/// `*x*`, `*xy*`.
bool IsShortWildcard(const ExprPtr& expr) {
  const auto* literal = std::get_if<eql::Literal>(&expr->node);
  const auto* text = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  if (text == nullptr) return false;
  const std::size_t begin = text->find_first_not_of('*');
  if (begin == std::string::npos || begin == 0 || text->back() != '*') return false;
  const std::size_t end = text->find_last_not_of('*') + 1;
  return end - begin <= kFewLetters;
}

bool HasShortWildcard(const Expr& leaf) {
  if (const auto* pattern = std::get_if<eql::Pattern>(&leaf.node)) {
    return !IsRegex(leaf) &&
           std::any_of(pattern->patterns.begin(), pattern->patterns.end(), IsShortWildcard);
  }
  const auto* call = std::get_if<eql::Call>(&leaf.node);
  return call != nullptr && call->name == "wildcard" && call->arguments.size() > 1 &&
         std::any_of(call->arguments.begin() + 1, call->arguments.end(), IsShortWildcard);
}

}  // namespace

PredicateKind KindOf(const engine::MatchedPredicate& predicate) {
  if (predicate.query != nullptr) return PredicateKind::kWholeQuery;
  if (predicate.leaf == nullptr) return PredicateKind::kTable;
  const Expr& leaf = *predicate.leaf;
  if (!predicate.asked) {
    return HasShortWildcard(leaf) ? PredicateKind::kShortWildcard : PredicateKind::kTable;
  }
  if (IsRegex(leaf)) {
    const eql::Condition condition(leaf, predicate.dialect, *predicate.options);
    const auto texts = condition.required_texts();
    // One of them must occur; one or two letters occur nearly everywhere.
    const bool telling =
        !texts.empty() && std::all_of(texts.begin(), texts.end(),
                                      [](const auto& text) { return text.size() > kFewLetters; });
    return telling ? PredicateKind::kRegex : PredicateKind::kRegexNoText;
  }
  if (predicate.slots.size() > 1) return PredicateKind::kTwoFields;
  return HasCall(leaf) ? PredicateKind::kFunction : PredicateKind::kOther;
}

std::string_view KindName(PredicateKind kind) {
  switch (kind) {
    case PredicateKind::kTable:
      return "table";
    case PredicateKind::kShortWildcard:
      return "short_wildcard";
    case PredicateKind::kRegex:
      return "regex";
    case PredicateKind::kRegexNoText:
      return "regex_without_text";
    case PredicateKind::kTwoFields:
      return "two_fields";
    case PredicateKind::kFunction:
      return "function";
    case PredicateKind::kWholeQuery:
      return "whole_query";
    case PredicateKind::kOther:
      return "other";
  }
  return "";
}

std::string_view RewriteHint(PredicateKind kind) {
  switch (kind) {
    case PredicateKind::kTable:
      return "";
    case PredicateKind::kShortWildcard:
      return "one or two letters between wildcards stand in nearly every text; name a longer text";
    case PredicateKind::kRegex:
      return "a regular expression, asked where the text occurs that it needs; a wildcard pattern "
             "is cheaper where it says the same";
    case PredicateKind::kRegexNoText:
      return "a regular expression that needs no text of three letters; add a condition that names "
             "a "
             "literal text";
    case PredicateKind::kTwoFields:
      return "compares two fields, which nothing can look up; add a condition that compares one of "
             "them with a literal";
    case PredicateKind::kFunction:
      return "a function of a field is computed for each event; compare the field itself, with a "
             "wildcard pattern for a part of it";
    case PredicateKind::kWholeQuery:
      return "an Endgame query is decided as a whole; write it in the language of Elasticsearch or "
             "of the endpoint";
    case PredicateKind::kOther:
      return "no table decides this comparison; add a condition that names a literal text";
  }
  return "";
}

std::string TextOf(const engine::MatchedPredicate& predicate) {
  if (predicate.query != nullptr) {
    const eql::EventQuery& query = *predicate.query;
    const std::string condition =
        query.condition == nullptr ? "true" : eql::Print(*query.condition, predicate.dialect);
    return (query.any ? "any" : query.category) + " where " + condition;
  }
  return predicate.leaf == nullptr ? "a text that a regular expression needs"
                                   : eql::Print(*predicate.leaf, predicate.dialect);
}

}  // namespace vedette::service
