// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "eql/ast.h"
#include "eql/token.h"

namespace vedette::eql {

struct Keyword {
  std::string_view text;
  TokenKind kind;
};

/// What one pipe takes. `max_arguments` of kAnyNumber: no upper bound.
struct PipeRule {
  static constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);
  std::string_view name;
  std::size_t min_arguments;
  std::size_t max_arguments;
  bool count_argument;  ///< the argument is a literal number of results
};

/// What the syntax of one dialect allows (reference section 1). Lexer, parser and printer ask this
/// table and never compare dialects themselves. Static, immutable.
struct DialectRules {
  std::string_view name;
  std::span<const Keyword> keywords;
  std::span<const PipeRule> pipes;
  // Lexer.
  bool nested_comments;
  bool single_quotes;     ///< 'text'
  bool triple_quotes;     ///< """text"""
  bool question_strings;  ///< ?"text"
  bool bare_decimal_dot;  ///< `1.`
  bool doubled_backtick;  ///< `` inside a quoted name is one backtick
  bool tilde;             ///< in~, like~, f~()
  bool space_before_dot;
  // Expressions.
  bool single_equals;  ///< `=` compares
  bool patterns;       ///< : like regex
  bool in_binds_to_primary;
  bool repeated_sign;  ///< --x
  bool optional_fields;
  bool variables;  ///< $x
  bool array_index;
  bool methods;
  bool trailing_comma;
  bool relation_is_operand;  ///< `child of […]` may stand where a field may
  bool descendant_of;
  bool child_of;  ///< and `event of`
  // Statements.
  bool definitions;
  bool string_category;
  bool sample;
  bool join;
  bool with_before_by;
  bool zero_maxspan;
  bool runs;
  bool missing_events;
  bool fork;
  bool alias;
  bool expression_keys;
  bool comma_free_pipes;
};

const DialectRules& RulesOf(Dialect dialect);

/// The keyword that `word` is in this dialect, or kName.
TokenKind KeywordKind(const DialectRules& rules, std::string_view word);

/// True when `word` can be written as a name without backticks.
bool IsPlainName(const DialectRules& rules, std::string_view word);

}  // namespace vedette::eql
