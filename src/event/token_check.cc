// SPDX-License-Identifier: Apache-2.0
#include "event/token_check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "event/field_extractor.h"

namespace vedette::event {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsJsonNumber(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto digits = [&] {
    const char* const from = at;
    while (at != end && IsDigit(*at)) ++at;
    return at != from;
  };
  if (at != end && *at == '-') ++at;
  const char* const whole = at;
  if (!digits() || (*whole == '0' && at - whole > 1)) return false;
  if (at != end && *at == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return false;
  }
  return at == end;
}

/// The four hexadecimal digits at the front of `text`, -1 if they are not.
int HexDigits(std::string_view text) {
  if (text.size() < 4) return -1;
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    const char lower = static_cast<char>(c | 0x20);
    if (IsDigit(c)) {
      value = value * 16 + (c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + (lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

}  // namespace

bool IsJsonScalar(std::string_view text) {
  return IsJsonNumber(text) || text == "true" || text == "false" || text == "null";
}

bool EscapesAreSound(std::string_view text) {
  while (true) {
    const std::size_t at = text.find('\\');
    if (at == std::string_view::npos) return true;
    text.remove_prefix(at + 1);
    if (text.empty()) return false;
    if (text.front() != 'u') {
      if (std::string_view("\"\\/bfnrt").find(text.front()) == std::string_view::npos) return false;
      text.remove_prefix(1);
      continue;
    }
    const int unit = HexDigits(text.substr(1));
    if (unit < 0) return false;
    text.remove_prefix(5);
    if (unit < 0xD800 || unit > 0xDFFF) continue;
    if (unit >= 0xDC00 || !text.starts_with("\\u")) return false;
    const int low = HexDigits(text.substr(2));
    if (low < 0xDC00 || low > 0xDFFF) return false;
    text.remove_prefix(6);
  }
}

bool TokenCheck::SimpleIsSound(std::size_t at, std::uint32_t end) const {
  const std::uint32_t begin = positions_[at];
  if (kinds_[at] == '"') return StringIsSound(begin, end);
  return IsJsonScalar({text_ + begin, end - begin});
}

std::size_t TokenCheck::CheckContainer(std::size_t at, std::size_t levels, bool& has_object) const {
  std::bitset<FieldExtractor::kMaxDepth> is_object;  // by level
  std::size_t depth = 0;
  levels = std::min(levels, is_object.size());
  while (true) {
    // `at` opens a container.
    if (depth == levels) return 0;
    const bool object = kinds_[at] == '{';
    has_object |= object;
    is_object[depth++] = object;
    std::size_t next = at + 1;
    if (!AllBlank(positions_[at] + 1, positions_[next])) return 0;
    // An empty container closes at once: `value` is then the bracket itself.
    bool empty = object ? kinds_[next] == '}' : kinds_[next] == ']';
    while (true) {
      if (!empty) {
        if (is_object[depth - 1]) {
          if (kinds_[next] != '"') return 0;
          const std::uint32_t end = KeyEnd(next);
          if (end == 0 || !StringIsSound(positions_[next], end + 1)) return 0;
          ++next;
        }
        const std::uint8_t kind = kinds_[next];
        at = next;
        if (kind == '{' || kind == '[') break;
        if (kind == '}' || kind == ']' || kind < ' ') return 0;
        ++next;
        const bool closing = kinds_[next] == '}' || kinds_[next] == ']';
        const std::uint32_t end = ValueEnd(next, closing, positions_[at]);
        if (end == 0 || !SimpleIsSound(at, end)) return 0;
      }
      empty = false;
      // `next` is behind a value: closes containers as long as brackets follow.
      while (kinds_[next] == '}' || kinds_[next] == ']') {
        if ((kinds_[next] == '}') != is_object[depth - 1]) return 0;
        if (--depth == 0) return next + 1;
        const std::uint32_t value = positions_[next];
        ++next;
        const bool closing = kinds_[next] == '}' || kinds_[next] == ']';
        if (ValueEnd(next, closing, value) == 0) return 0;
      }
    }
  }
}

namespace {

/// Which of some entries from one on are brackets or line ends, a bit each; bit 0 is the first.
struct Marks {
#if defined(__SSE2__)
  static constexpr std::size_t kCount = 16;
  explicit Marks(const std::uint8_t* kinds) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(kinds));
    const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const auto bits = [](__m128i mask) { return static_cast<unsigned>(_mm_movemask_epi8(mask)); };
    open = bits(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')));
    close = bits(_mm_cmpeq_epi8(folded, _mm_set1_epi8('}')));
    line = bits(_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes));
  }
#else
  static constexpr std::size_t kCount = 1;
  explicit Marks(const std::uint8_t* kinds)
      : open((*kinds | 0x20) == '{'), close((*kinds | 0x20) == '}'), line(*kinds < ' ') {}
#endif
  unsigned open;
  unsigned close;
  unsigned line;
};

}  // namespace

std::size_t TokenCheck::SkipContainer(std::size_t at, std::size_t levels, bool& has_object) const {
  has_object |= kinds_[at] == '{';
  if (levels == 0) return 0;
  std::size_t depth = 1;
  // Behind the last entry are kGuard line breaks, so that no read passes the end.
  for (std::size_t i = at + 1;; i += Marks::kCount) {
    const Marks marks(kinds_ + i);
    for (unsigned rest = marks.open | marks.close | marks.line; rest != 0; rest &= rest - 1) {
      const unsigned bit = rest & (~rest + 1);
      const std::size_t here = i + static_cast<std::size_t>(std::countr_zero(rest));
      if ((marks.close & bit) != 0) {
        if (--depth == 0) return here + 1;
      } else if ((marks.line & bit) != 0 || ++depth > levels) {
        return 0;
      } else {
        has_object |= kinds_[here] == '{';
      }
    }
  }
}

}  // namespace vedette::event
