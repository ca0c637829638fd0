// SPDX-License-Identifier: Apache-2.0
#include "engine/random_query_expression.h"

#include <fmt/format.h>

#include <utility>

namespace vedette::engine {

std::string RandomExpression::Literal(std::string_view text) {
  const bool raw_fits = text.find('"') == std::string_view::npos && !text.ends_with('\\');
  if (!eg_ && raw_fits && random_.OneIn(6)) return fmt::format("\"\"\"{}\"\"\"", text);
  if (eg_ && raw_fits && random_.OneIn(8)) return fmt::format("?\"{}\"", text);
  const char quote = eg_ && random_.OneIn(4) ? '\'' : '"';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\\' || c == quote) out += '\\';
    out += c;
  }
  return out + quote;
}

std::string RandomExpression::TextValue() {
  return random_.Word({"a",  "a", "a",  "b",   "b",   "A",    "ab",       "aB", "ba", "abc",
                       "a*", "",  "10", "a.b", "x y", "a\\b", "\xC3\xA9", "a?", "1",  "*b"});
}

std::string RandomExpression::PatternValue() {
  return random_.Word({"a*", "*a", "*a*", "a", "?", "??", "a?", "?b*", "*", "", "A*", "a*b", "*b*c",
                       "1*", "**", "a.b", "a\\*", "\xC3\xA9*", "*\xC3\x89"});
}

std::string RandomExpression::RegexValue() {
  if (es_ && random_.OneIn(8)) return random_.Word({"a@", "<1-10>", "a.&.b", "\"a\"b?", "#|a"});
  return random_.Word({"a.*", "[ab]+", "a|b", ".", "(ab)+", "a{1,2}b?", "\\d+", "[^a].*", "A",
                       "a\\.b", ".*b", "\\w*", "", "x\\sy", "(a|ab)(c|bc)?"});
}

std::string RandomExpression::NumberLiteral() {
  return random_.Word({"0", "1", "1", "2", "3", "5", "10", "1.0", "0.5", "2.5", "1e1", "100"});
}

std::string RandomExpression::Field(std::initializer_list<const char*> names) {
  std::string name = random_.Word(names);
  if (!aliases_.empty() && random_.OneIn(3)) {
    return aliases_[random_.Below(aliases_.size())] + "." + name;
  }
  if (es_ && random_.OneIn(12)) return "?" + name;
  if (random_.OneIn(30)) return "`" + name + "`";
  return name;
}

std::string RandomExpression::Function(const char* name, bool may_fold) {
  std::string out = name;
  if (!eg_ && random_.OneIn(4)) {
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }
  if (may_fold && !eg_ && random_.OneIn(2)) out += '~';
  return out;
}

std::string RandomExpression::List(std::string (RandomExpression::*item)(), std::size_t most) {
  std::string out = "(" + (this->*item)();
  for (std::size_t more = random_.Below(most); more > 0; --more) out += ", " + (this->*item)();
  return out + ")";
}

std::string RandomExpression::Text(int depth, bool constant) {
  if (depth > 0 && random_.OneIn(3)) return TextCall(depth - 1, constant);
  if (constant || random_.OneIn(5)) return AnyText();
  return Field({"s", "s", "t", "u.v"});
}

std::string RandomExpression::TextCall(int depth, bool constant) {
  const auto text = [&] { return Text(depth, constant); };
  const auto number = [&] { return Number(0, constant); };
  switch (random_.Below(5)) {
    case 0:
      return fmt::format("{}({}, {})", Function("substring", false), text(),
                         random_.OneIn(2) || constant ? random_.Word({"0", "1", "-1", "-2", "5"})
                                                      : Field({"n", "m"}));
    case 1:
      return fmt::format("{}({}, {}, {})", Function("substring", false), text(),
                         random_.Word({"0", "1", "-1", "-3"}),
                         random_.Word({"0", "1", "2", "-1", "9", "null"}));
    case 2:
      return fmt::format("{}({}, {})", Function("concat", false), text(),
                         random_.OneIn(2)   ? number()
                         : random_.OneIn(2) ? text()
                                            : random_.Word({"true", "\"-\"", "null"}));
    case 3:
      return fmt::format("{}({}, {}, {}{})", Function("between", true), text(),
                         random_.OneIn(3) ? text() : AnyText(), AnyText(),
                         random_.Word({"", "", ", true", ", false"}));
    default:
      return fmt::format("{}({})", Function("string", false),
                         random_.OneIn(2) || constant ? number() : Field({"b", "n", "d"}));
  }
}

std::string RandomExpression::Number(int depth, bool constant) {
  if (depth > 0 && random_.OneIn(3)) return NumberCall(depth - 1, constant);
  if (constant || random_.OneIn(4)) {
    return random_.OneIn(5) ? "-" + NumberLiteral() : NumberLiteral();
  }
  return Field({"n", "n", "m", "d"});
}

std::string RandomExpression::NumberCall(int depth, bool constant) {
  const auto number = [&] { return Number(depth, constant); };
  switch (random_.Below(6)) {
    case 0:
      return fmt::format("{}({})", Function("length", false), Text(depth, constant));
    case 1:
      return fmt::format("{}({}, {}{})", Function("indexOf", true), Text(depth, constant),
                         Text(0, constant), random_.Word({"", "", ", 1", ", -1", ", 9"}));
    case 2:
      return fmt::format("{}({}{})", Function("number", false), Text(depth, constant),
                         random_.Word({"", "", ", 10", ", 16"}));
    case 3:
      return fmt::format(
          "{}({}, {})",
          Function(random_.Word({"add", "subtract", "multiply", "divide", "modulo"}).c_str(),
                   false),
          number(), number());
    case 4:
      return fmt::format("({}({}))", random_.Word({"-", "+"}), number());
    default:
      return fmt::format("({} {} {})", number(), random_.Word({"+", "-", "*", "/", "%"}), number());
  }
}

}  // namespace vedette::engine
