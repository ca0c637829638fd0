// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

// Beyond this many the reader has enough to do.
constexpr std::size_t kMaxDiagnostics = 50;
// A message shows at most this many bytes of the query.
constexpr std::size_t kMaxShown = 40;

std::string Lower(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

const Token& Parser::Advance() {
  const Token& token = Peek();
  if (token.kind != kEnd) {
    last_end_ = token.end;
    ++at_;
  }
  return token;
}

bool Parser::Accept(TokenKind kind) {
  if (!At(kind)) return false;
  Advance();
  return true;
}

bool Parser::Expect(TokenKind kind, std::string_view expected) {
  if (Accept(kind)) return true;
  FailUnexpected(expected);
  return false;
}

base::Diagnostic& Parser::Report(const char* code, base::Span span, std::string message,
                                 std::string label, std::string help) {
  // The last slot is reused once full: the caller still gets something to write to.
  if (diagnostics_.size() >= kMaxDiagnostics) diagnostics_.pop_back();
  base::Diagnostic& diagnostic = diagnostics_.emplace_back();
  diagnostic.code = code;
  diagnostic.span = span;
  diagnostic.message = std::move(message);
  diagnostic.label = std::move(label);
  if (!help.empty()) diagnostic.help.push_back(std::move(help));
  return diagnostic;
}

void Parser::Fail(const char* code, base::Span span, std::string message, std::string label,
                  std::string help) {
  if (failed_) return;
  failed_ = true;
  Report(code, span, std::move(message), std::move(label), std::move(help));
}

std::string Parser::Shown(std::string_view text) const {
  const std::size_t end = std::min({text.size(), kMaxShown, text.find_first_of("\r\n")});
  if (end == text.size()) return "`" + std::string(text) + "`";
  std::size_t cut = end;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0u) == 0x80u) --cut;
  return "`" + std::string(text.substr(0, cut)) + "…`";
}

std::string Parser::Describe(const Token& token) const {
  if (token.kind == kEnd) return "the end of the query";
  if (IsKeyword(token.kind)) return "keyword " + Shown(TextOf(token));
  if (token.kind == kString) return "string " + Shown(TextOf(token));
  if (token.kind == kInteger || token.kind == kDecimal) return "number " + Shown(TextOf(token));
  return Shown(TextOf(token));
}

void Parser::FailUnexpected(std::string_view expected) {
  if (failed_) return;
  const Token& token = Peek();
  std::string wanted(expected);
  if (token.kind == kEnd) {
    return Fail("E0130", token.span(), "the query ends where " + wanted + " should follow",
                "expected " + wanted);
  }
  failed_ = true;
  base::Diagnostic& diagnostic =
      Report("E0130", token.span(), "unexpected " + Describe(token), "expected " + wanted);
  AddUnexpectedHelp(diagnostic, token);
}

void Parser::AddUnexpectedHelp(base::Diagnostic& diagnostic, const Token& token) const {
  const std::string_view text = TextOf(token);
  const auto help = [&](std::string what) { diagnostic.help.push_back(std::move(what)); };
  if (token.kind == kAssign && !rules_.single_equals) return help("compare with `==`");
  if (token.kind == kMissingBracket) return help("to negate, write `not`");
  if (token.kind == kTildeName || token.kind == kName) {
    const std::string_view word = token.kind == kName ? text : text.substr(0, text.size() - 1);
    if (at_ > 0 && last_end_ == token.begin && tokens_[at_ - 1].kind == kInteger) {
      return help("put a name that starts with a digit in backticks");
    }
    if (!rules_.patterns && (word == "like" || word == "regex")) {
      return help("Endgame EQL has no `" + std::string(word) + "`; call " +
                  (word == "like" ? "`wildcard(field, \"a*\")`" : "`match(field, \"a.*\")`"));
    }
    if (word.size() > 16) return;
    const std::string lower = Lower(word);
    if (lower != word && KeywordKind(rules_, lower) != kName) {
      return help("keywords are lower case: write `" + lower + "`");
    }
    std::vector<std::string_view> candidates;
    for (const Keyword& keyword : rules_.keywords) candidates.push_back(keyword.text);
    const std::string_view nearest = base::Nearest(word, candidates);
    if (!nearest.empty()) help("did you mean `" + std::string(nearest) + "`?");
    return;
  }
  if (token.kind == kColon && !rules_.patterns) {
    return help(
        "Endgame EQL has no `:` operator; `==` takes `*` in a string, or call "
        "`wildcard(field, \"a*\")`");
  }
  if (token.kind == kNot && (Kind(1) == kLike || Kind(1) == kRegex || Kind(1) == kColon ||
                             Kind(1) == kLikeInsensitive || Kind(1) == kRegexInsensitive)) {
    return help("put `not` in front of the whole comparison: `not field " +
                std::string(TextOf(Peek(1))) + " …`");
  }
  if (token.kind == kNot) return help("put the negated part in brackets: `(not …)`");
}

void Parser::ReportFeature(const char* code, base::Span span, std::string_view construct,
                           std::string help) {
  Report(code, span, std::string(construct) + " not part of " + std::string(rules_.name), "",
         std::move(help));
}

bool Parser::CountNode() {
  if (++nodes_ <= limits_.max_nodes) return true;
  Fail("E0122", Peek().span(),
       "the query has more than " + std::to_string(limits_.max_nodes) + " parts",
       "the limit is reached here", "split it into several queries");
  return false;
}

bool Parser::EnterBracket() {
  if (++depth_ <= limits_.max_depth) return true;
  Fail("E0121", Peek().span(),
       "the query is nested more than " + std::to_string(limits_.max_depth) + " levels deep",
       "the limit is reached here");
  return false;
}

Parser::Parsed Parser::Make(Expr::Node node, base::Span span, std::size_t child_height) {
  if (failed_ || !CountNode()) return {};
  Parsed made;
  made.height = child_height + 1;
  if (made.height > limits_.max_depth) {
    Fail("E0121", span,
         "the query is nested more than " + std::to_string(limits_.max_depth) + " levels deep",
         "this expression is too deep");
    return {};
  }
  made.expr = std::make_unique<Expr>();
  made.expr->node = std::move(node);
  made.expr->span = span;
  return made;
}

}  // namespace vedette::eql
