// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <system_error>

#include "eql/parser_impl.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

}  // namespace

Parser::Parsed Parser::Primary() {
  if (At(kLeftParen)) return Parenthesised();
  if (AtLiteral()) return LiteralHere();
  if (rules_.relation_is_operand) {
    if (const auto relation = AtRelation()) return RelationHere(*relation);
  }
  if (At(kTildeName) || (At(kName) && Kind(1) == kLeftParen)) return CallHere();
  if (At(kName) || At(kQuotedName) || At(kQuestion) || At(kDollar)) return FieldHere();
  if (IsKeyword(Kind()) && !At(kNot) && (Kind(1) == kDot || AtEndOfOperandAfterKeyword())) {
    const std::string word(TextOf(Peek()));
    Fail("E0131", Peek().span(), "keyword `" + word + "` cannot be a field name", "",
         "quote it: `` `" + word + "` ``");
    return {};
  }
  FailUnexpected("a value");
  return {};
}

bool Parser::AtEndOfOperandAfterKeyword() const {
  const TokenKind next = Kind(1);
  return (next >= kAssign && next <= kGreaterEqual) || next == kColon || next == kIn ||
         next == kLike || next == kRegex || next == kLikeInsensitive || next == kInInsensitive ||
         next == kRegexInsensitive;
}

Parser::Parsed Parser::Parenthesised() {
  const base::Span open = Advance().span();
  if (!EnterBracket()) return {};
  Parsed inner = Expression();
  LeaveBracket();
  if (!inner) return {};
  if (At(kRightParen)) {
    Advance();
    return inner;
  }
  FailUnexpected("`)`");
  if (!diagnostics_.empty()) diagnostics_.back().labels.push_back({open, "this bracket is open"});
  return {};
}

std::optional<RelationKind> Parser::AtRelation() const {
  if (Kind() != kName || Kind(1) != kOf) return std::nullopt;
  const std::string_view word = TextOf(Peek());
  if (word == "descendant") return RelationKind::kDescendant;
  if (word == "child") return RelationKind::kChild;
  if (word == "event") return RelationKind::kEvent;
  return std::nullopt;
}

Parser::Parsed Parser::RelationHere(RelationKind kind) {
  const std::uint32_t begin = Peek().begin;
  const bool allowed = kind == RelationKind::kDescendant ? rules_.descendant_of : rules_.child_of;
  Advance();
  Advance();
  if (!allowed) {
    ReportFeature("E0181", SpanFrom(begin), "process relationships are",
                  rules_.descendant_of ? "only `descendant of` is" : "");
    if (rules_.descendant_of) {
      diagnostics_.back().message =
          Shown(TextOf(SpanFrom(begin))) + " is not part of " + std::string(rules_.name);
    }
  }
  if (!Expect(kLeftBracket, "`[` and an event query") || !EnterBracket()) return {};
  Relation relation{kind, std::make_unique<EventQuery>()};
  std::size_t height = 0;
  const bool parsed = EventQueryHere(*relation.query, height);
  LeaveBracket();
  if (!parsed || !Expect(kRightBracket, "`]`")) return {};
  return Make(std::move(relation), SpanFrom(begin), height);
}

Parser::Parsed Parser::CallHere() {
  Token name = Advance();
  const std::uint32_t begin = name.begin;
  const bool insensitive = name.kind == kTildeName;
  if (insensitive) --name.end;
  if (insensitive && !At(kLeftParen)) {
    FailUnexpected("`(`: `~` stands between a function name and its arguments");
    return {};
  }
  return CallArguments(name, insensitive, {}, begin);
}

Parser::Parsed Parser::CallArguments(const Token& name, bool insensitive, Parsed receiver,
                                     std::uint32_t begin) {
  Call call;
  call.name = TextOf(name);
  call.insensitive = insensitive;
  call.method = static_cast<bool>(receiver);
  call.name_span = name.span();
  std::size_t height = receiver.height;
  std::size_t list_height = 0;
  if (receiver) call.arguments.push_back(std::move(receiver.expr));
  if (!Expect(kLeftParen, "`(`")) return {};
  if (!ExpressionList(kRightParen, call.arguments, list_height)) return {};
  height = std::max(height, list_height);
  if (definitions_ != nullptr) {
    if (call.name == open_macro_) {
      Fail("E0172", call.name_span, "macro `" + call.name + "` uses itself");
      return {};
    }
    const auto found = definition_index_.find(call.name);
    if (found != definition_index_.end() && (*definitions_)[found->second].macro) {
      std::vector<Parsed> arguments;
      for (ExprPtr& argument : call.arguments) {
        // The height of one argument is not kept; that of the list bounds it.
        arguments.push_back({std::move(argument), height});
      }
      return ExpandMacro((*definitions_)[found->second], std::move(arguments), call.name_span,
                         begin);
    }
    called_before_definition_.insert(call.name);
  }
  return Make(std::move(call), SpanFrom(begin), height);
}

/// Expressions up to and including `close`; none at all is fine here.
bool Parser::ExpressionList(TokenKind close, std::vector<ExprPtr>& items, std::size_t& height) {
  if (!EnterBracket()) return false;
  bool more = !At(close);
  while (more) {
    Parsed item = Expression();
    if (!item) return false;
    height = std::max(height, item.height);
    items.push_back(std::move(item.expr));
    if (!Accept(kComma)) break;
    if (At(close)) {
      if (!rules_.trailing_comma) {
        FailUnexpected("another value after the comma");
        return false;
      }
      more = false;
    }
  }
  LeaveBracket();
  return Expect(close, "`,` or `)`");
}

bool Parser::AtLiteral() const {
  switch (Kind()) {
    case kString:
    case kInteger:
    case kDecimal:
    case kTrue:
    case kFalse:
    case kNull:
      return true;
    default:
      return false;
  }
}

Parser::Parsed Parser::LiteralHere() {
  Literal literal;
  switch (Kind()) {
    case kString:
      literal.value = texts_[Peek().text];
      break;
    case kTrue:
      literal.value = true;
      break;
    case kFalse:
      literal.value = false;
      break;
    case kNull:
      break;
    default:
      if (!NumberHere(literal)) return {};
      break;
  }
  const Token token = Advance();
  return Make(std::move(literal), token.span(), 0);
}

/// int64, then uint64, then double (reference 2.5).
bool Parser::NumberHere(Literal& literal) {
  const std::string_view text = TextOf(Peek());
  const char* const first = text.data();
  const char* const last = first + text.size();
  if (At(kInteger)) {
    std::int64_t integer = 0;
    if (std::from_chars(first, last, integer).ec == std::errc()) {
      literal.value = integer;
      return true;
    }
    std::uint64_t natural = 0;
    if (std::from_chars(first, last, natural).ec == std::errc()) {
      literal.value = natural;
      return true;
    }
  }
  double real = 0;
  if (std::from_chars(first, last, real).ec == std::errc()) {
    literal.value = real;
    return true;
  }
  Fail("E0110", Peek().span(), "number " + Shown(text) + " is out of range",
       "64-bit floating point cannot hold it");
  return false;
}

Parser::Parsed Parser::FieldHere() {
  const std::uint32_t begin = Peek().begin;
  Field field;
  if (At(kQuestion)) {
    field.optional = true;
    const base::Span mark = Advance().span();
    if (!rules_.optional_fields) ReportFeature("E0182", mark, "optional fields (`?name`) are");
  } else if (At(kDollar)) {
    field.variable = true;
    const base::Span mark = Advance().span();
    if (!rules_.variables) ReportFeature("E0183", mark, "variables (`$name`) are");
  }
  bool quoted = false;
  if (!FieldPath(field, quoted)) return {};
  if (definitions_ != nullptr && field.path.size() == 1 && !quoted && !field.optional) {
    const auto* const name = std::get_if<std::string>(&field.path.front().key);
    const auto found =
        parameters_.contains(*name) ? definition_index_.end() : definition_index_.find(*name);
    if (found != definition_index_.end() && !(*definitions_)[found->second].macro) {
      return Substitute(*(*definitions_)[found->second].body, {{}, SpanFrom(begin)});
    }
  }
  return Make(std::move(field), SpanFrom(begin), 0);
}

/// `part ( '.' part | '[' INT ']' )*`. `quoted`: the first part stands in backticks.
bool Parser::FieldPath(Field& field, bool& quoted) {
  do {
    if (At(kQuotedName)) {
      quoted = quoted || field.path.empty();
      field.path.push_back({texts_[Advance().text]});
    } else if (At(kName)) {
      field.path.push_back({std::string(TextOf(Advance()))});
    } else if (IsKeyword(Kind())) {
      const std::string word(TextOf(Peek()));
      Fail("E0131", Peek().span(), "keyword `" + word + "` cannot be part of a field name", "",
           "quote it: `` `" + word + "` ``");
      return false;
    } else {
      FailUnexpected("a field name");
      return false;
    }
    // A bracket that does not hold a number opens the next item: `by user.id [process where …]`.
    while (At(kLeftBracket) && Kind(1) == kInteger) {
      if (!FieldIndex(field)) return false;
    }
    if (At(kDot) && !rules_.space_before_dot && Peek().begin != last_end_) {
      Fail("E0130", Peek().span(), "no blank may stand before the dot of a field name", "",
           "write the dot directly after the name");
      return false;
    }
  } while (Accept(kDot));
  return true;
}

bool Parser::FieldIndex(Field& field) {
  const std::uint32_t begin = Advance().begin;
  const std::string_view digits = TextOf(Peek());
  std::uint64_t index = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), index).ec != std::errc()) {
    Fail("E0110", Peek().span(), "array index " + Shown(digits) + " is out of range");
    return false;
  }
  Advance();
  if (!Expect(kRightBracket, "`]`")) return false;
  if (!rules_.array_index) ReportFeature("E0180", SpanFrom(begin), "array indexes are");
  if (!CountNode()) return false;
  field.path.push_back({index});
  return true;
}

}  // namespace vedette::eql
