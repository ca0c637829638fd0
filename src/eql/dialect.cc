// SPDX-License-Identifier: Apache-2.0
#include "eql/dialect.h"

#include <algorithm>

namespace vedette::eql {
namespace {

using enum TokenKind;

constexpr Keyword kElasticKeywords[] = {
    {"and", kAnd},     {"any", kAny},         {"by", kBy},
    {"false", kFalse}, {"in", kIn},           {"join", kJoin},
    {"like", kLike},   {"maxspan", kMaxspan}, {"not", kNot},
    {"null", kNull},   {"of", kOf},           {"or", kOr},
    {"regex", kRegex}, {"sample", kSample},   {"sequence", kSequence},
    {"true", kTrue},   {"until", kUntil},     {"where", kWhere},
    {"with", kWith},
};
constexpr Keyword kEndgameKeywords[] = {
    {"and", kAnd},
    {"by", kBy},
    {"const", kConst},
    {"false", kFalse},
    {"in", kIn},
    {"join", kJoin},
    {"macro", kMacro},
    {"not", kNot},
    {"null", kNull},
    {"of", kOf},
    {"or", kOr},
    {"sample", kSample},
    {"sequence", kSequence},
    {"true", kTrue},
    {"until", kUntil},
    {"where", kWhere},
    {"with", kWith},
};

constexpr PipeRule kElasticPipes[] = {{"head", 1, 1, true}, {"tail", 1, 1, true}};
constexpr PipeRule kEndgamePipes[] = {
    {"head", 0, 1, true},
    {"tail", 0, 1, true},
    {"count", 0, PipeRule::kAnyNumber, false},
    {"unique", 1, PipeRule::kAnyNumber, false},
    {"unique_count", 1, PipeRule::kAnyNumber, false},
    {"filter", 1, 1, false},
    {"sort", 1, PipeRule::kAnyNumber, false},
};

constexpr DialectRules kElasticsearchRules = {
    .name = "Elasticsearch EQL",
    .keywords = kElasticKeywords,
    .pipes = kElasticPipes,
    .nested_comments = true,
    .single_quotes = false,
    .triple_quotes = true,
    .question_strings = false,
    .bare_decimal_dot = true,
    .doubled_backtick = true,
    .tilde = true,
    .space_before_dot = true,
    .single_equals = false,
    .patterns = true,
    .in_binds_to_primary = true,
    .repeated_sign = true,
    .optional_fields = true,
    .variables = false,
    .array_index = false,
    .methods = false,
    .trailing_comma = false,
    .relation_is_operand = false,
    .descendant_of = false,
    .child_of = false,
    .definitions = false,
    .string_category = true,
    .sample = true,
    .join = false,
    .with_before_by = false,
    .zero_maxspan = false,
    .runs = true,
    .missing_events = true,
    .fork = false,
    .alias = false,
    .expression_keys = false,
    .comma_free_pipes = false,
};

constexpr DialectRules MakeEndpointRules() {
  // The endpoint speaks the same expression language (reference 14.1), with other statement
  // features.
  DialectRules rules = kElasticsearchRules;
  rules.name = "endpoint EQL";
  rules.pipes = {};
  rules.optional_fields = false;
  rules.variables = true;
  rules.descendant_of = true;
  rules.string_category = false;
  rules.sample = false;
  rules.runs = false;
  rules.missing_events = false;
  rules.alias = true;
  return rules;
}
constexpr DialectRules kEndpointRules = MakeEndpointRules();

constexpr DialectRules kEndgameRules = {
    .name = "Endgame EQL",
    .keywords = kEndgameKeywords,
    .pipes = kEndgamePipes,
    .nested_comments = false,
    .single_quotes = true,
    .triple_quotes = false,
    .question_strings = true,
    .bare_decimal_dot = false,
    .doubled_backtick = false,
    .tilde = false,
    .space_before_dot = false,
    .single_equals = true,
    .patterns = false,
    .in_binds_to_primary = false,
    .repeated_sign = false,
    .optional_fields = false,
    .variables = false,
    .array_index = true,
    .methods = true,
    .trailing_comma = true,
    .relation_is_operand = true,
    .descendant_of = true,
    .child_of = true,
    .definitions = true,
    .string_category = false,
    .sample = false,
    .join = true,
    .with_before_by = true,
    .zero_maxspan = true,
    .runs = false,
    .missing_events = false,
    .fork = true,
    .alias = false,
    .expression_keys = true,
    .comma_free_pipes = true,
};

constexpr bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}
constexpr bool IsNameRest(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

}  // namespace

const DialectRules& RulesOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kElasticsearch:
      return kElasticsearchRules;
    case Dialect::kEndpoint:
      return kEndpointRules;
    case Dialect::kEndgame:
      return kEndgameRules;
  }
  return kElasticsearchRules;
}

TokenKind KeywordKind(const DialectRules& rules, std::string_view word) {
  const auto found = std::find_if(rules.keywords.begin(), rules.keywords.end(),
                                  [&](const Keyword& keyword) { return keyword.text == word; });
  return found == rules.keywords.end() ? kName : found->kind;
}

bool IsPlainName(const DialectRules& rules, std::string_view word) {
  return !word.empty() && IsNameStart(word.front()) &&
         std::all_of(word.begin() + 1, word.end(), IsNameRest) && KeywordKind(rules, word) == kName;
}

}  // namespace vedette::eql
