// SPDX-License-Identifier: Apache-2.0
#include "eql/regex_translator.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "eql/text.h"

namespace vedette::eql {
namespace {

constexpr std::size_t kMaxDepth = 200;
constexpr std::uint32_t kMaxRepeat = 1000;  // RE2's own bound
constexpr char32_t kLastCodePoint = 0x10FFFF;

using Ranges = std::vector<std::pair<char32_t, char32_t>>;

void AppendChar(std::string& out, char32_t c) {
  const bool plain =
      (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  if (plain || c >= 0x80) {
    AppendUtf8(out, c);
  } else {
    out += fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(c));
  }
}

bool IsLetter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }

Ranges Predefined(char32_t letter) {
  Ranges ranges;
  switch (letter | 0x20) {
    case U'd':
      ranges = {{U'0', U'9'}};
      break;
    case U's':
      ranges = {{U'\t', U'\r'}, {U' ', U' '}};
      break;
    default:
      ranges = {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
      break;
  }
  if (letter & 0x20) return ranges;
  Ranges rest;
  char32_t next = 0;
  for (const auto& [low, high] : ranges) {
    if (low > next) rest.emplace_back(next, low - 1);
    next = high + 1;
  }
  rest.emplace_back(next, kLastCodePoint);
  return rest;
}

bool IsPredefined(char32_t c) {
  return c == U'd' || c == U'D' || c == U's' || c == U'S' || c == U'w' || c == U'W';
}

std::string ClassText(Ranges ranges, bool negated, bool insensitive) {
  if (insensitive) {
    const Ranges written = ranges;
    for (const auto& [low, high] : written) {
      const auto other_case = [&](char32_t first, char32_t last, int delta) {
        const char32_t from = std::max(low, first);
        const char32_t to = std::min(high, last);
        const auto shift = [&](char32_t c) {
          return static_cast<char32_t>(static_cast<int>(c) + delta);
        };
        if (from <= to) ranges.emplace_back(shift(from), shift(to));
      };
      other_case(U'a', U'z', -32);
      other_case(U'A', U'Z', 32);
    }
  }
  std::string out = negated ? "[^" : "[";
  for (const auto& [low, high] : ranges) {
    AppendChar(out, low);
    if (high != low) {
      out += '-';
      AppendChar(out, high);
    }
  }
  return out + "]";
}

/// Digit texts of one length between `low` and `high`, as a pattern.
std::string DigitRange(std::string_view low, std::string_view high) {
  if (low.empty()) return {};
  const bool from_zero = low.find_first_not_of('0') == std::string_view::npos;
  const bool to_nine = high.find_first_not_of('9') == std::string_view::npos;
  if (from_zero && to_nine) return fmt::format("[0-9]{{{}}}", low.size());
  if (low.front() == high.front()) {
    return std::string(1, low.front()) + DigitRange(low.substr(1), high.substr(1));
  }
  const std::string zeros(low.size() - 1, '0');
  const std::string nines(low.size() - 1, '9');
  std::string out = "(?:";
  out += low.front() + DigitRange(low.substr(1), nines);
  if (high.front() - low.front() > 1) {
    out += fmt::format("|[{}-{}]", static_cast<char>(low.front() + 1),
                       static_cast<char>(high.front() - 1));
    if (!zeros.empty()) out += DigitRange(zeros, nines);
  }
  out += '|';
  out += high.front() + DigitRange(zeros, high.substr(1));
  return out + ")";
}

/// Lucene's `<n-m>`: bounds of equal length fix the number of digits, otherwise leading zeros are
/// free.
std::string Interval(std::string low, std::string high) {
  if (low.size() == high.size()) {
    if (low > high) std::swap(low, high);
    return "(?:" + DigitRange(low, high) + ")";
  }
  const auto strip = [](std::string& digits) {
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  };
  strip(low);
  strip(high);
  if (low.size() > high.size() || (low.size() == high.size() && low > high)) std::swap(low, high);
  std::string out = "(?:0*(?:";
  for (std::size_t length = low.size(); length <= high.size(); ++length) {
    const std::string first = length == low.size() ? low : "1" + std::string(length - 1, '0');
    const std::string last = length == high.size() ? high : std::string(length, '9');
    if (length != low.size()) out += '|';
    out += DigitRange(first, last);
  }
  return out + "))";
}

class LuceneTranslator {
 public:
  LuceneTranslator(std::string_view pattern, bool extras, bool insensitive)
      : text_(DecodeUtf8(pattern)), extras_(extras), insensitive_(insensitive) {}

  base::Result<std::vector<RegexAlternative>> Run() {
    std::vector<RegexAlternative> out(1);
    while (!failure_) {
      RegexTerm term;
      if (extras_ && Take(U'~')) {
        term.negated = true;
        term.re2 = Atom(0);
        if (!AtEnd() && !At(U'&') && !At(U'|')) {
          Fail("`~` is supported only before a whole alternative; put it around a group");
        }
      } else {
        term.re2 = Concatenation(0);
      }
      out.back().push_back(std::move(term));
      if (failure_ || AtEnd()) break;
      if (Take(U'|')) {
        out.emplace_back();
      } else if (!(extras_ && Take(U'&'))) {
        Fail("unmatched `)`");
      }
    }
    if (failure_) return base::Error(base::ErrorCode::kInvalidArgument, *failure_);
    return out;
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  bool At(char32_t c) const { return !AtEnd() && text_[at_] == c; }
  bool Take(char32_t c) {
    if (!At(c)) return false;
    ++at_;
    return true;
  }
  void Fail(std::string message) {
    if (!failure_) failure_ = std::move(message);
    at_ = text_.size();
  }

  std::string Union(std::size_t depth) {
    std::string out = Concatenation(depth);
    while (Take(U'|')) out += '|' + Concatenation(depth);
    if (extras_ && At(U'&')) Fail("`&` inside a group is not supported");
    return out;
  }

  std::string Concatenation(std::size_t depth) {
    std::string out;
    while (!AtEnd() && !At(U'|') && !At(U')') && !(extras_ && At(U'&'))) {
      if (extras_ && At(U'~')) {
        Fail("`~` is supported only before a whole alternative");
        break;
      }
      out += Repetition(depth);
    }
    return out;
  }

  std::string Repetition(std::size_t depth) {
    std::string out = Atom(depth);
    for (bool first = true; !AtEnd(); first = false) {
      std::string suffix;
      if (At(U'*') || At(U'+') || At(U'?')) {
        suffix = static_cast<char>(text_[at_++]);
      } else if (Take(U'{')) {
        suffix = Bounds();
      } else {
        break;
      }
      if (!first) out = "(?:" + out + ")";
      out += suffix;
    }
    return out;
  }

  std::optional<std::uint32_t> Count() {
    std::uint32_t value = 0;
    std::size_t digits = 0;
    for (; !AtEnd() && text_[at_] >= U'0' && text_[at_] <= U'9'; ++at_, ++digits) {
      value = std::min(value * 10 + static_cast<std::uint32_t>(text_[at_] - U'0'), kMaxRepeat + 1);
    }
    return digits == 0 ? std::nullopt : std::optional(value);
  }

  std::string Bounds() {
    const auto least = Count();
    std::optional<std::uint32_t> most = least;
    bool open = false;
    if (Take(U',')) {
      most = Count();
      open = !most;
    }
    if (!least || !Take(U'}')) {
      Fail("`{` begins a repetition such as {2} or {1,3}; write \\{ for the character");
      return {};
    }
    if (*least > kMaxRepeat || (most && *most > kMaxRepeat)) {
      Fail(fmt::format("a repetition count may not exceed {}", kMaxRepeat));
      return {};
    }
    if (open) return fmt::format("{{{},}}", *least);
    if (*most < *least) {
      Fail("the repetition's upper bound is below its lower bound");
      return {};
    }
    return fmt::format("{{{},{}}}", *least, *most);
  }

  std::string Literal(char32_t c) const {
    if (insensitive_ && IsLetter(c)) return ClassText({{c, c}}, false, true);
    std::string out;
    AppendChar(out, c);
    return out;
  }

  std::string Atom(std::size_t depth) {
    if (AtEnd()) {
      Fail("the pattern ends where an operand is needed");
      return {};
    }
    const char32_t c = text_[at_++];
    switch (c) {
      case U'.':
        return "(?s:.)";
      case U'(':
        return Group(depth + 1);
      case U'[':
        return Class();
      case U'\\':
        return Escape();
      case U'*':
      case U'+':
      case U'?':
      case U'{':
        Fail("there is nothing to repeat here");
        return {};
      case U')':
      case U'|':
        Fail("an operand is missing");
        return {};
      default:
        break;
    }
    if (extras_) {
      if (c == U'@') return "(?s:.*)";
      if (c == U'#') return "[^\\x{0}-\\x{10ffff}]";
      if (c == U'"') return Quoted();
      if (c == U'<') return NumericInterval();
    }
    return Literal(c);
  }

  std::string Group(std::size_t depth) {
    if (depth > kMaxDepth) {
      Fail(fmt::format("groups are nested more than {} deep", kMaxDepth));
      return {};
    }
    if (At(U'?')) {
      Fail("groups that begin with `(?` (flags, look-around, names) are not supported");
      return {};
    }
    std::string inner = Union(depth);
    if (!Take(U')')) Fail("`(` is not closed");
    return "(?:" + inner + ")";
  }

  std::string Quoted() {
    std::string out = "(?:";
    while (!AtEnd() && !At(U'"')) out += Literal(text_[at_++]);
    if (!Take(U'"')) Fail("a quoted text is not closed; write \\\" for the character");
    return out + ")";
  }

  std::string NumericInterval() {
    const auto digits = [&] {
      std::string out;
      while (!AtEnd() && text_[at_] >= U'0' && text_[at_] <= U'9') {
        out += static_cast<char>(text_[at_++]);
      }
      return out;
    };
    std::string low = digits();
    const bool dash = Take(U'-');
    std::string high = digits();
    if (low.empty() || !dash || high.empty() || !Take(U'>')) {
      Fail("`<` begins a number interval such as <1-99>; write \\< for the character");
      return {};
    }
    if (low.size() > 18 || high.size() > 18) {
      Fail("the bounds of a number interval may have at most 18 digits");
      return {};
    }
    return Interval(std::move(low), std::move(high));
  }

  /// The character after a backslash, when it stands for itself.
  std::optional<char32_t> EscapedChar() {
    if (AtEnd()) {
      Fail("the pattern ends in a lone backslash");
      return std::nullopt;
    }
    const char32_t c = text_[at_++];
    if (IsLetter(c) || (c >= U'0' && c <= U'9')) {
      Fail(
          fmt::format("`\\{}` is not supported: only \\d \\D \\s \\S \\w \\W and escaped "
                      "punctuation are",
                      static_cast<char>(c)));
      return std::nullopt;
    }
    return c;
  }

  std::string Escape() {
    if (!AtEnd() && IsPredefined(text_[at_])) {
      return ClassText(Predefined(text_[at_++]), false, false);
    }
    const auto c = EscapedChar();
    return c ? Literal(*c) : std::string();
  }

  std::string Class() {
    const bool negated = Take(U'^');
    Ranges ranges;
    while (!AtEnd() && !At(U']')) {
      char32_t low = text_[at_++];
      if (low == U'\\') {
        if (!AtEnd() && IsPredefined(text_[at_])) {
          const Ranges more = Predefined(text_[at_++]);
          ranges.insert(ranges.end(), more.begin(), more.end());
          continue;
        }
        const auto escaped = EscapedChar();
        if (!escaped) return {};
        low = *escaped;
      } else if (low == U'[' && At(U':')) {
        Fail("POSIX classes are not supported");
        return {};
      }
      char32_t high = low;
      const bool range = At(U'-') && at_ + 1 < text_.size() && text_[at_ + 1] != U']';
      if (range) {
        ++at_;
        high = text_[at_++];
        if (high == U'\\') {
          const auto escaped = EscapedChar();
          if (!escaped) return {};
          high = *escaped;
        }
      }
      if (high < low) {
        Fail("a range in a character class is written backwards");
        return {};
      }
      ranges.emplace_back(low, high);
    }
    if (!Take(U']')) {
      Fail("`[` is not closed");
    } else if (ranges.empty()) {
      Fail("a character class is empty");
    }
    return ClassText(std::move(ranges), negated, insensitive_);
  }

  std::u32string text_;
  bool extras_;
  bool insensitive_;
  std::size_t at_ = 0;
  std::optional<std::string> failure_;
};

}  // namespace

base::Result<std::vector<RegexAlternative>> TranslateLucene(std::string_view pattern, bool extras,
                                                            bool insensitive) {
  return LuceneTranslator(pattern, extras, insensitive).Run();
}

std::string TranslatePython(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '\\' || i + 1 == pattern.size()) {
      if (c == '[') in_class = true;
      if (c == ']') in_class = false;
      out += c;
      continue;
    }
    const char next = pattern[++i];
    const std::string_view word = "\\p{L}\\p{N}_";
    const std::string_view space = "\\t-\\r \\x{1c}-\\x{1f}\\x{85}\\p{Z}";
    const auto set = [&](std::string_view inner, bool negated) {
      out += in_class ? std::string(inner) : fmt::format("[{}{}]", negated ? "^" : "", inner);
    };
    switch (next) {
      case 'd':
        out += "\\p{Nd}";
        break;
      case 'D':
        out += "\\P{Nd}";
        break;
      case 'w':
        set(word, false);
        break;
      case 's':
        set(space, false);
        break;
      case 'W':
        if (in_class)
          out += "\\W";
        else
          set(word, true);
        break;
      case 'S':
        if (in_class)
          out += "\\S";
        else
          set(space, true);
        break;
      case 'Z':
        out += "\\z";
        break;
      default:
        out += c, out += next;
    }
  }
  return out;
}

}  // namespace vedette::eql
