// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "eql/dialect.h"
#include "eql/lexer.h"
#include "eql/parser.h"

namespace vedette::eql {

/// Recursive descent over the tokens of one text; private to the parser_*.cc files, one per stage.
///
/// Two kinds of error. Fail() ends parsing: what follows cannot be understood, and every function
/// returns an empty result up to the top. Report() notes a slip whose meaning is clear (`=`, a
/// construct of another dialect, a wrong count) and parsing goes on, so that several slips are told
/// at once.
///
/// Recursion happens only inside brackets, and tree height is bounded too, so neither this class
/// nor any later walk over the tree can exhaust the stack.
class Parser {
 public:
  Parser(std::string_view text, Dialect dialect, const ParseLimits& limits, Tokens tokens)
      : text_(text),
        dialect_(dialect),
        rules_(RulesOf(dialect)),
        limits_(limits),
        tokens_(std::move(tokens.tokens)),
        texts_(std::move(tokens.texts)) {}

  std::optional<Query> ParseQuery();
  ExprPtr ParseLoneExpression();
  std::vector<base::Diagnostic>& diagnostics() { return diagnostics_; }

 private:
  /// An expression and the height of its tree.
  struct Parsed {
    ExprPtr expr;
    std::size_t height = 0;
    explicit operator bool() const { return expr != nullptr; }
  };
  enum Level : std::uint8_t {
    kOrLevel,
    kAndLevel,
    kNotLevel,
    kComparisonLevel,
    kSumLevel,
    kProductLevel,
    kNoLevel
  };
  struct MacroUse {
    std::unordered_map<std::string_view, const Parsed*> arguments;
    base::Span span;
  };

  // parser_core.cc
  const Token& Peek(std::size_t ahead = 0) const {
    const std::size_t index = at_ + ahead;
    return tokens_[index < tokens_.size() ? index : tokens_.size() - 1];
  }
  TokenKind Kind(std::size_t ahead = 0) const { return Peek(ahead).kind; }
  bool At(TokenKind kind) const { return Kind() == kind; }
  const Token& Advance();
  bool Accept(TokenKind kind);
  bool Expect(TokenKind kind, std::string_view expected);
  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  std::string_view TextOf(base::Span span) const {
    return text_.substr(span.begin, span.end - span.begin);
  }
  bool AtWord(std::string_view word, std::size_t ahead = 0) const {
    return Kind(ahead) == TokenKind::kName && TextOf(Peek(ahead)) == word;
  }
  base::Span SpanFrom(std::uint32_t begin) const { return {begin, last_end_}; }
  base::Diagnostic& Report(const char* code, base::Span span, std::string message,
                           std::string label = {}, std::string help = {});
  void Fail(const char* code, base::Span span, std::string message, std::string label = {},
            std::string help = {});
  /// The current token cannot stand here. Chooses the best explanation there is.
  void FailUnexpected(std::string_view expected);
  void AddUnexpectedHelp(base::Diagnostic& diagnostic, const Token& token) const;
  std::string Describe(const Token& token) const;
  std::string Shown(std::string_view text) const;
  /// Notes that the dialect lacks a construct; parsing goes on.
  void ReportFeature(const char* code, base::Span span, std::string_view construct,
                     std::string help = {});
  bool CountNode();
  bool EnterBracket();
  void LeaveBracket() { --depth_; }
  Parsed Make(Expr::Node node, base::Span span, std::size_t child_height);

  // parser_expression.cc
  Parsed Expression() { return Binary(kOrLevel); }
  Parsed Binary(Level least);
  Parsed Prefix(Level least);
  Level LevelHere() const;
  Parsed LogicalChain(Parsed first, std::uint32_t begin);
  Parsed ComparisonTail(Parsed left, std::uint32_t begin);
  Parsed ArithmeticTail(Parsed left, Level level, std::uint32_t begin);
  Parsed Operand();
  Parsed InTail(Parsed subject, std::uint32_t begin);
  Parsed PatternTail(Parsed subject, std::uint32_t begin);
  Parsed MethodTail(Parsed receiver, std::uint32_t begin);
  bool AtIn() const;
  bool AtPattern() const;
  bool AtComparison() const;

  // parser_primary.cc
  Parsed Primary();
  Parsed Parenthesised();
  Parsed RelationHere(RelationKind kind);
  std::optional<RelationKind> AtRelation() const;
  Parsed CallHere();
  /// `name(…)` with the name already read; `receiver` is the first argument of a method call.
  Parsed CallArguments(const Token& name, bool insensitive, Parsed receiver, std::uint32_t begin);
  bool ExpressionList(TokenKind close, std::vector<ExprPtr>& items, std::size_t& height);
  bool AtLiteral() const;
  /// The keyword here is followed by an operator, so it was meant as a field.
  bool AtEndOfOperandAfterKeyword() const;
  Parsed LiteralHere();
  bool NumberHere(Literal& literal);
  Parsed FieldHere();
  bool FieldPath(Field& field, bool& quoted);
  bool FieldIndex(Field& field);

  // parser_macro.cc
  bool Definitions(Query& query);
  bool MacroDefinition(Query& query);
  bool ConstantDefinition(Query& query);
  bool NewDefinitionName(std::string& name, base::Span& span);
  Parsed ExpandMacro(const Definition& macro, std::vector<Parsed> arguments, base::Span name_span,
                     std::uint32_t begin);
  Parsed Substitute(const Expr& body, const MacroUse& use);
  struct Substituter;

  // parser_statement.cc
  bool EventQueryHere(EventQuery& query, std::size_t& height);
  bool Category(EventQuery& query);
  bool SequenceHere(Sequence& sequence);
  bool SampleHere(Sample& sample);
  bool JoinHere(Join& join);
  bool SequenceOptions(Sequence& sequence);
  bool Pipes(Query& query);
  bool PipeHere(Query& query);
  bool PipeArguments(Pipe& pipe);
  void SkipPipe();
  void CheckPipe(const Pipe& pipe, const PipeRule& rule);
  void FailTrailing();

  // parser_item.cc
  enum class ItemPlace : std::uint8_t { kSequence, kSample, kJoin, kUntil };
  bool Items(ItemPlace place, std::vector<SequenceItem>& items);
  bool Item(ItemPlace place, SequenceItem& item);
  bool ItemOptions(ItemPlace place, SequenceItem& item);
  bool Fork(SequenceItem& item);
  bool Runs(SequenceItem& item);
  bool Alias(SequenceItem& item);
  bool Until(std::optional<SequenceItem>& until);
  bool Keys(std::vector<ExprPtr>& keys);
  bool Maxspan(Sequence& sequence);
  bool WithWord(std::string_view word, TokenKind keyword);
  void CheckKeyCounts(const std::vector<SequenceItem>& items,
                      const std::optional<SequenceItem>& until);
  void CheckSequence(const Sequence& sequence, base::Span span);
  bool AtBracket() const { return At(TokenKind::kLeftBracket) || At(TokenKind::kMissingBracket); }

  std::string_view text_;
  Dialect dialect_;
  const DialectRules& rules_;
  ParseLimits limits_;
  std::vector<Token> tokens_;
  std::vector<std::string> texts_;
  std::vector<base::Diagnostic> diagnostics_;
  std::size_t at_ = 0;
  std::uint32_t last_end_ = 0;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
  std::size_t expanded_bytes_ = 0;  ///< names and strings copied by macros and constants
  bool failed_ = false;

  // Definitions so far, by name. Bodies belong to the query under construction.
  std::vector<Definition>* definitions_ = nullptr;
  std::unordered_map<std::string, std::size_t> definition_index_;
  std::unordered_set<std::string> called_before_definition_;
  std::unordered_set<std::string> parameters_;  ///< of the macro whose body is being read
  std::string open_macro_;
};

}  // namespace vedette::eql
