// SPDX-License-Identifier: Apache-2.0
#include "eql/parser.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "eql/lexer.h"
#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using Diagnostics = std::vector<base::Diagnostic>;

bool TooLong(std::string_view text, const ParseLimits& limits, Diagnostics& diagnostics) {
  // Spans are 32 bits wide, whatever the caller allows.
  const std::size_t most = std::min<std::size_t>(limits.max_bytes, 0x7FFFFFFF);
  if (text.size() <= most) return false;
  base::Diagnostic& diagnostic = diagnostics.emplace_back();
  diagnostic.code = "E0120";
  diagnostic.message = "the query is " + std::to_string(text.size()) +
                       " bytes long, the limit is " + std::to_string(most);
  diagnostic.help.push_back("split it into several queries");
  return true;
}

void Append(Diagnostics& from, Diagnostics& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void Sort(Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const base::Diagnostic& a, const base::Diagnostic& b) {
                     return a.span.begin < b.span.begin;
                   });
}

/// Lexes, then hands a parser to `parse` when its report would make sense.
template <class ParseFunction>
void Run(const base::Source& source, Dialect dialect, const ParseLimits& limits,
         Diagnostics& diagnostics, ParseFunction parse) {
  if (TooLong(source.text(), limits, diagnostics)) return;
  Tokens tokens = Lex(source.text(), RulesOf(dialect));
  diagnostics = std::move(tokens.diagnostics);
  if (!tokens.usable) return;
  Parser parser(source.text(), dialect, limits, std::move(tokens));
  parse(parser);
  Append(parser.diagnostics(), diagnostics);
  Sort(diagnostics);
}

}  // namespace

ParseResult Parse(const base::Source& source, Dialect dialect, const ParseLimits& limits) {
  ParseResult result;
  Run(source, dialect, limits, result.diagnostics,
      [&](Parser& parser) { result.query = parser.ParseQuery(); });
  if (!result.diagnostics.empty()) result.query.reset();
  return result;
}

ParseExpressionResult ParseExpression(const base::Source& source, Dialect dialect,
                                      const ParseLimits& limits) {
  ParseExpressionResult result;
  Run(source, dialect, limits, result.diagnostics,
      [&](Parser& parser) { result.expression = parser.ParseLoneExpression(); });
  if (!result.diagnostics.empty()) result.expression.reset();
  return result;
}

}  // namespace vedette::eql
