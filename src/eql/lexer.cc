// SPDX-License-Identifier: Apache-2.0
#include "eql/lexer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace vedette::eql {
namespace {

using enum TokenKind;

// Past this many slips the text is not EQL; more reports would only bury the first.
constexpr std::size_t kMaxDiagnostics = 20;
// Suggestions quote the text they mend only up to this many bytes.
constexpr std::size_t kMaxQuoted = 60;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}
bool IsNameRest(char c) { return (IsNameStart(c) && c != '@') || IsDigit(c); }
int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Lexer {
 public:
  Lexer(std::string_view text, const DialectRules& rules) : text_(text), rules_(rules) {}

  Tokens Run() {
    if (CheckUtf8()) {
      while (out_.diagnostics.size() < kMaxDiagnostics && SkipBlanks() && at_ < text_.size())
        Next();
    }
    if (out_.diagnostics.size() >= kMaxDiagnostics) out_.usable = false;
    const auto size = static_cast<std::uint32_t>(text_.size());
    out_.tokens.push_back({kEnd, size, size, 0});
    return std::move(out_);
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool StartsWith(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  static base::Span MakeSpan(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  void Emit(TokenKind kind, std::size_t begin, std::uint32_t text = 0) {
    const base::Span span = MakeSpan(begin, at_);
    out_.tokens.push_back({kind, span.begin, span.end, text});
  }
  void EmitText(TokenKind kind, std::size_t begin, std::string value) {
    const auto index = static_cast<std::uint32_t>(out_.texts.size());
    out_.texts.push_back(std::move(value));
    Emit(kind, begin, index);
  }

  base::Diagnostic& Report(const char* code, base::Span span, std::string message,
                           std::string label = {}, std::string help = {}) {
    base::Diagnostic& diagnostic = out_.diagnostics.emplace_back();
    diagnostic.code = code;
    diagnostic.message = std::move(message);
    diagnostic.span = span;
    diagnostic.label = std::move(label);
    if (!help.empty()) diagnostic.help.push_back(std::move(help));
    return diagnostic;
  }

  bool CheckUtf8() {
    for (std::size_t at = 0; at < text_.size();) {
      const base::Utf8Char c = base::DecodeUtf8(text_, at);
      if (!c.valid) {
        Report("E0103", MakeSpan(at, at + c.length), "the query is not valid UTF-8",
               "this byte belongs to no character", "save the file as UTF-8");
        out_.usable = false;
        return false;
      }
      at += c.length;
    }
    return true;
  }

  /// Skips blanks and comments. False after an unterminated comment.
  bool SkipBlanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at_;
      } else if (StartsWith("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (StartsWith("/*")) {
        if (!SkipBlockComment()) return false;
      } else {
        return true;
      }
    }
    return true;
  }

  bool SkipBlockComment() {
    const std::size_t begin = at_;
    at_ += 2;
    std::size_t open = 1;
    while (at_ < text_.size()) {
      if (StartsWith("*/")) {
        at_ += 2;
        if (--open == 0) return true;
      } else if (rules_.nested_comments && StartsWith("/*")) {
        at_ += 2;
        ++open;
      } else {
        ++at_;
      }
    }
    base::Diagnostic& diagnostic =
        Report("E0106", MakeSpan(begin, begin + 2), "comment is never closed", "starts here",
               "close it with `*/`");
    if (open > 1) diagnostic.notes.push_back("comments nest in " + std::string(rules_.name));
    out_.usable = false;
    return false;
  }

  void Next() {
    const char c = Peek();
    if (IsNameStart(c)) return Name();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (c == '"' || c == '\'') return String();
    if (c == '?' && (Peek(1) == '"' || Peek(1) == '\'')) return QuestionString();
    if (c == '`') return QuotedName();
    Punctuation();
  }

  void Name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (IsNameRest(text_[at_]) || at_ == begin)) ++at_;
    TokenKind kind = KeywordKind(rules_, text_.substr(begin, at_ - begin));
    if (rules_.tilde && Peek() == '~') {
      const std::optional<TokenKind> tilde = WithTilde(kind);
      if (tilde.has_value()) {
        ++at_;
        kind = *tilde;
      }
    }
    Emit(kind, begin);
  }
  static std::optional<TokenKind> WithTilde(TokenKind kind) {
    switch (kind) {
      case kName:
        return kTildeName;
      case kIn:
        return kInInsensitive;
      case kLike:
        return kLikeInsensitive;
      case kRegex:
        return kRegexInsensitive;
      default:
        return std::nullopt;
    }
  }

  void Number() {
    const std::size_t begin = at_;
    TokenKind kind = kInteger;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.' && (IsDigit(Peek(1)) || (rules_.bare_decimal_dot && at_ > begin))) {
      kind = kDecimal;
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    if (Peek() == 'e' || Peek() == 'E') {
      const std::size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        kind = kDecimal;
        at_ += 1 + sign;
        while (IsDigit(Peek())) ++at_;
      }
    }
    Emit(kind, begin);
  }

  void String() {
    const std::size_t begin = at_;
    const char quote = Peek();
    if (StartsWith("\"\"\"")) {
      if (rules_.triple_quotes) return RawString();
      // An empty string followed by another string would be a syntax error anyway, so this is
      // surely meant.
      if (LineHas("\"\"\"", at_ + 3)) {
        RawString();
        Report("E0109", MakeSpan(begin, at_),
               std::string(rules_.name) + " has no triple-quoted strings", "",
               "write `?\"…\"` for a string without escapes");
        return;
      }
    }
    ++at_;
    std::string value;
    if (!CookedBody(quote, begin, value)) return;
    EmitText(kString, begin, std::move(value));
    if (quote == '\'' && !rules_.single_quotes) {
      std::string help = "use double quotes";
      if (at_ - begin <= kMaxQuoted && text_.substr(begin, at_ - begin).find('"') == text_.npos) {
        help += ": `\"" + std::string(text_.substr(begin + 1, at_ - begin - 2)) + "\"`";
      }
      Report("E0108", MakeSpan(begin, at_), "strings are written in double quotes",
             "single quotes do not delimit a string in " + std::string(rules_.name),
             std::move(help));
    }
  }

  bool LineHas(std::string_view what, std::size_t from) const {
    const std::size_t found = text_.find(what, from);
    return found != text_.npos &&
           text_.substr(from, found - from).find_first_of("\r\n") == text_.npos;
  }

  /// Reads to the closing quote. False when there is none: reported, and the rest of the line is
  /// skipped.
  bool CookedBody(char quote, std::size_t begin, std::string& value) {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        return true;
      }
      if (c == '\\') {
        Escape(value);
      } else {
        value.push_back(c);
        ++at_;
      }
    }
    Unterminated(begin, std::string_view(&quote, 1));
    return false;
  }

  void Unterminated(std::size_t begin, std::string_view closing) {
    Report("E0102", MakeSpan(begin, begin + closing.size()), "string is never closed",
           "starts here, and the line ends first",
           "close it with `" + std::string(closing) + "` on the same line");
    out_.usable = false;
  }

  void Escape(std::string& value) {
    const std::size_t begin = at_++;
    static constexpr std::string_view kLetters = "btnfr\"'\\";
    static constexpr std::string_view kMeanings = "\b\t\n\f\r\"'\\";
    const std::size_t index = at_ < text_.size() ? kLetters.find(text_[at_]) : kLetters.npos;
    if (index != kLetters.npos) {
      value.push_back(kMeanings[index]);
      ++at_;
      return;
    }
    if (Peek() == 'u' && Peek(1) == '{') return UnicodeEscape(begin, value);
    std::size_t end = at_;
    if (end < text_.size() && text_[end] != '\n' && text_[end] != '\r') {
      end += base::DecodeUtf8(text_, end).length;
    }
    std::string shown(text_.substr(begin, end - begin));
    std::string help = "write `\\\\` for a backslash";
    if (rules_.triple_quotes) {
      help += ", or use a raw string: `\"\"\"…\"\"\"`";
    } else {
      help += ", or use a raw string: `?\"…\"`";
    }
    if (Peek() == 'u') help = "write the code point in braces: `\\u{1F600}`";
    Report("E0104", MakeSpan(begin, end), "unknown escape sequence `" + shown + "`",
           "not one of \\b \\t \\n \\f \\r \\\" \\' \\\\ \\u{…}", std::move(help));
    at_ = end;
  }

  void UnicodeEscape(std::size_t begin, std::string& value) {
    at_ += 2;
    const std::size_t digits = at_;
    std::uint64_t code = 0;
    while (HexDigit(Peek()) >= 0) {
      if (at_ - digits < 8) code = code * 16 + static_cast<std::uint64_t>(HexDigit(Peek()));
      ++at_;
    }
    const std::size_t count = at_ - digits;
    const bool closed = Peek() == '}';
    const std::string hex(text_.substr(digits, std::min<std::size_t>(count, 12)));
    if (!closed) {
      Report("E0105", MakeSpan(begin, at_), "`\\u{` needs hexadecimal digits and a closing `}`", "",
             "for example `\\u{1F600}`");
      return;
    }
    ++at_;
    const base::Span span = MakeSpan(begin, at_);
    if (count < 2 || count > 8) {
      Report("E0105", span, "`\\u{…}` takes 2 to 8 hexadecimal digits",
             "found " + std::to_string(count), count == 1 ? "write `\\u{0" + hex + "}`" : "");
    } else if (code > 0x10FFFF) {
      Report("E0105", span, "`" + hex + "` is not a Unicode code point", "the last one is 10FFFF");
    } else if (code >= 0xD800 && code <= 0xDFFF) {
      Report("E0105", span, "`" + hex + "` is half of a surrogate pair, not a character", "",
             "write the code point of the whole character");
    } else {
      base::AppendUtf8(value, static_cast<char32_t>(code));
    }
  }

  /// `"""…"""`: closes at the first three quotes, but takes up to two more that follow directly.
  void RawString() {
    const std::size_t begin = at_;
    const std::size_t close = text_.find("\"\"\"", begin + 3);
    if (close == text_.npos ||
        text_.substr(begin, close - begin).find_first_of("\r\n") != text_.npos) {
      at_ = std::min(text_.find_first_of("\r\n", begin), text_.size());
      return Unterminated(begin, "\"\"\"");
    }
    at_ = close + 3;
    std::size_t extra = 0;
    while (extra < 2 && Peek() == '"') {
      ++extra;
      ++at_;
    }
    EmitText(kString, begin, std::string(text_.substr(begin + 3, close + extra - begin - 3)));
  }

  void QuestionString() {
    const std::size_t begin = at_;
    const char quote = Peek(1);
    at_ += 2;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      if (text_[at_] == '\\' && Peek(1) == quote) {
        value.push_back(quote);
        at_ += 2;
      } else if (text_[at_] == quote) {
        ++at_;
        EmitText(kString, begin, std::move(value));
        if (!rules_.question_strings) {
          Report("E0109", MakeSpan(begin, at_), "strings marked with `?` belong to Endgame EQL", "",
                 "write a string without escapes as `\"\"\"…\"\"\"`");
        }
        return;
      } else {
        value.push_back(text_[at_++]);
      }
    }
    Unterminated(begin + 1, std::string_view(&quote, 1));
  }

  void QuotedName() {
    const std::size_t begin = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      if (text_[at_] != '`') {
        value.push_back(text_[at_++]);
      } else if (rules_.doubled_backtick && Peek(1) == '`') {
        value.push_back('`');
        at_ += 2;
      } else {
        ++at_;
        if (value.empty()) {
          Report("E0107", MakeSpan(begin, at_), "a quoted name cannot be empty");
        }
        return EmitText(kQuotedName, begin, std::move(value));
      }
    }
    // Two backticks with nothing between: an empty name whose second half opened a pair.
    Report("E0107", MakeSpan(begin, begin + 1), "quoted name is never closed",
           "starts here, and the line ends first", "close it with a backtick on the same line");
    out_.usable = false;
  }

  void Punctuation() {
    struct Entry {
      std::string_view text;
      TokenKind kind;
    };
    // Longest first.
    static constexpr Entry kTable[] = {
        {"![", kMissingBracket},
        {"!=", kNotEqual},
        {"==", kEqual},
        {"<=", kLessEqual},
        {">=", kGreaterEqual},
        {"<", kLess},
        {">", kGreater},
        {"=", kAssign},
        {"(", kLeftParen},
        {")", kRightParen},
        {"[", kLeftBracket},
        {"]", kRightBracket},
        {",", kComma},
        {".", kDot},
        {"|", kPipe},
        {":", kColon},
        {"+", kPlus},
        {"-", kMinus},
        {"*", kStar},
        {"/", kSlash},
        {"%", kPercent},
        {"?", kQuestion},
        {"$", kDollar},
    };
    if (Foreign()) return;
    for (const Entry& entry : kTable) {
      if (!StartsWith(entry.text)) continue;
      const std::size_t begin = at_;
      at_ += entry.text.size();
      return Emit(entry.kind, begin);
    }
    Unknown();
  }

  /// Operators of other languages, each with the word that EQL has for it.
  bool Foreign() {
    struct Entry {
      std::string_view text;
      std::string_view help;
    };
    static constexpr Entry kTable[] = {
        {"&&", "write `and`"},           {"||", "write `or`"}, {"===", "write `==`"},
        {"!==", "write `!=`"},           {"<>", "write `!=`"}, {"=~", "write `regex` or `like`"},
        {"!~", "write `not … regex …`"},
    };
    for (const Entry& entry : kTable) {
      if (!StartsWith(entry.text)) continue;
      const std::size_t begin = at_;
      at_ += entry.text.size();
      Report("E0101", MakeSpan(begin, at_),
             "`" + std::string(entry.text) + "` is not an operator of EQL", "",
             std::string(entry.help));
      out_.usable = false;
      return true;
    }
    return false;
  }

  void Unknown() {
    const std::size_t begin = at_;
    const base::Utf8Char c = base::DecodeUtf8(text_, at_);
    at_ += c.length;
    std::string shown(text_.substr(begin, c.length));
    std::string help;
    switch (c.code) {
      case U'~':
        help = rules_.tilde ? "`~` follows directly, without a blank: `in~`, `like~`, `name~(…)`"
                            : "comparisons ignore case here; leave `~` out";
        break;
      case U'!':
        help = "write `not`";
        break;
      case U';':
        help = "a query has no terminator; leave it out";
        break;
      case U'#':
        help = "comments start with `//`";
        break;
      case U'&':
        help = "write `and`";
        break;
      case U'\u201C':
      case U'\u201D':
      case U'\u2018':
      case U'\u2019':
        help = "strings need straight quotes: `\"`";
        break;
      case U'\u00A0':
      case U'\u2003':
      case U'\u3000':
      case U'\u200B':
      case U'\uFEFF':
        help = "replace it with an ordinary space";
        break;
      case U'{':
      case U'}':
        help = "lists stand in round brackets: `(a, b)`";
        break;
      default:
        break;
    }
    const bool blank = help.starts_with("replace");
    if (c.code < 0x20 || c.code == 0x7F || (c.code >= 0x80 && c.code < 0xA0) || blank) {
      shown = CodePointName(c.code);
    }
    if (c.code >= 0x80 && help.empty()) help = "put names with other characters in backticks";
    Report("E0101", MakeSpan(begin, at_), "unexpected character `" + shown + "`", "",
           std::move(help));
    out_.usable = false;
  }

  static std::string CodePointName(char32_t code) {
    std::string name = "U+";
    for (int shift = 20; shift >= 0; shift -= 4) {
      const auto digit = static_cast<std::size_t>((code >> static_cast<unsigned>(shift)) & 0xF);
      if (digit == 0 && shift >= 16 && name.size() == 2) continue;
      name.push_back("0123456789ABCDEF"[digit]);
    }
    return name;
  }

  std::string_view text_;
  const DialectRules& rules_;
  std::size_t at_ = 0;
  Tokens out_;
};

}  // namespace

Tokens Lex(std::string_view text, const DialectRules& rules) { return Lexer(text, rules).Run(); }

}  // namespace vedette::eql
