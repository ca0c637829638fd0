// SPDX-License-Identifier: Apache-2.0
// Lucene's regular expressions as automata (reference 6.4), by recursive descent.
#include <algorithm>

#include "eql/text.h"
#include "rules/proof_language.h"

namespace vedette::rules {

constexpr std::size_t kMaxStates = 20'000;
constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxRepeats = 1000;

/// Thompson's construction: every part is a start and an end state joined by free edges.
class RegexAutomaton {
 public:
  RegexAutomaton(std::string_view pattern, bool insensitive, bool extras)
      : text_(eql::DecodeUtf8(pattern)),
        fold_(insensitive ? base::Case::kAsciiInsensitive : base::Case::kSensitive),
        extras_(extras) {}

  std::optional<Language> Build() {
    const Part whole = Alternatives(0);
    if (failed_ || at_ < text_.size()) return std::nullopt;
    out_.starts_ = {whole.first};
    out_.states_[whole.last].accepts = true;
    return std::move(out_);
  }

 private:
  using StateId = Language::StateId;
  using CharSet = Language::CharSet;
  struct Part {
    StateId first, last;
  };

  bool More() const { return at_ < text_.size() && !failed_; }
  StateId New() {
    if (out_.states_.size() >= kMaxStates) failed_ = true;
    return failed_ && !out_.states_.empty() ? 0 : out_.NewState();
  }
  Part Fail() {
    failed_ = true;
    return Empty();
  }
  void Free(StateId from, StateId to) { out_.states_[from].free.push_back(to); }
  Part Empty() {
    const StateId state = New();
    return {state, state};
  }
  Part Single(CharSet set) {
    const Part part{New(), New()};
    if (failed_) return part;
    out_.sets_.push_back(std::move(set));
    out_.states_[part.first].edges.push_back(
        {static_cast<std::uint32_t>(out_.sets_.size() - 1), part.last});
    return part;
  }
  Part Join(Part a, Part b) {
    Free(a.last, b.first);
    return {a.first, b.last};
  }

  Part Alternatives(int depth) {
    if (depth > kMaxDepth) return Fail();
    Part all{New(), New()};
    while (!failed_) {
      const Part one = Chain(depth);
      Free(all.first, one.first);
      Free(one.last, all.last);
      if (!More() || text_[at_] != U'|') break;
      ++at_;
    }
    return all;
  }

  Part Chain(int depth) {
    Part all = Empty();
    while (More() && text_[at_] != U'|' && text_[at_] != U')') {
      all = Join(all, Repeated(depth));
    }
    return all;
  }

  Part Repeated(int depth) {
    const std::size_t begin = at_;
    Part part = Atom(depth);
    while (More()) {
      const char32_t c = text_[at_];
      if (c == U'{') {
        // Copies are made by reading the atom again.
        const std::size_t end = text_.find(U'}', at_);
        std::size_t least = 0;
        std::size_t most = 0;
        bool open = false;
        if (end == std::u32string::npos || !Bounds(at_ + 1, end, least, most, open)) return Fail();
        Part all = Empty();
        const std::size_t copies = std::max(least, most);
        for (std::size_t i = 0; i < copies && !failed_; ++i) {
          at_ = begin;
          const Part copy = Atom(depth);
          if (i >= least) Free(all.last, copy.last);  // this copy and what follows may be left out
          all = Join(all, copy);
        }
        if (open) {
          at_ = begin;
          all = Join(all, Star(Atom(depth)));
        }
        at_ = end + 1;
        part = all;
      } else if (c == U'*' || c == U'+' || c == U'?') {
        ++at_;
        if (c == U'*') part = Star(part);
        if (c == U'+') Free(part.last, part.first);
        if (c == U'?') {
          const Part optional{New(), New()};
          Free(optional.first, part.first);
          Free(part.last, optional.last);
          Free(optional.first, optional.last);
          part = optional;
        }
      } else {
        break;
      }
    }
    return part;
  }

  Part Star(Part part) {
    const Part loop{New(), New()};
    Free(loop.first, part.first);
    Free(loop.first, loop.last);
    Free(part.last, part.first);
    Free(part.last, loop.last);
    return loop;
  }

  bool Bounds(std::size_t from, std::size_t to, std::size_t& least, std::size_t& most, bool& open) {
    bool comma = false;
    bool digits[2] = {};
    for (std::size_t i = from; i < to; ++i) {
      if (text_[i] == U',' && !comma) {
        comma = true;
      } else if (text_[i] >= U'0' && text_[i] <= U'9') {
        std::size_t& number = comma ? most : least;
        number = number * 10 + (text_[i] - U'0');
        if (number > kMaxRepeats) return false;
        digits[comma ? 1 : 0] = true;
      } else {
        return false;
      }
    }
    if (!comma) most = least;
    open = comma && !digits[1];
    return digits[0] && (open || most >= least);
  }

  Part Atom(int depth) {
    const char32_t c = text_[at_++];
    switch (c) {
      case U'(': {
        if (More() && text_[at_] == U'?') return Fail();
        const Part group = Alternatives(depth + 1);
        if (!More() || text_[at_] != U')') return Fail();
        ++at_;
        return group;
      }
      case U'.':
        return Single({{0, 0x10FFFF}});
      case U'[':
        return Class();
      case U'\\': {
        if (!More()) return Fail();
        const char32_t escaped = text_[at_++];
        CharSet set = Predefined(escaped);
        return set.empty() ? Literal(escaped) : Single(std::move(set));
      }
      default:
        break;
    }
    if (extras_ && (c == U'~' || c == U'&' || c == U'<' || c == U'#')) return Fail();
    if (extras_ && c == U'@') return Star(Single({{0, 0x10FFFF}}));
    if (extras_ && c == U'"') {
      Part all = Empty();
      while (More() && text_[at_] != U'"') all = Join(all, Literal(text_[at_++]));
      if (!More()) return Fail();
      ++at_;
      return all;
    }
    return Literal(c);
  }

  Part Literal(char32_t c) {
    CharSet set{{c, c}};
    AddOtherCase(set);
    return Single(std::move(set));
  }

  static CharSet Predefined(char32_t c) {
    switch (c) {
      case U'd':
        return {{U'0', U'9'}};
      case U's':
        return {{U' ', U' '}, {U'\t', U'\r'}};
      case U'w':
        return {{U'a', U'z'}, {U'A', U'Z'}, {U'0', U'9'}, {U'_', U'_'}};
      case U'D':
      case U'S':
      case U'W':
        return Complement(Predefined(c + 0x20));
      default:
        return {};
    }
  }

  static CharSet Complement(CharSet set) {
    std::sort(set.begin(), set.end());
    CharSet out;
    char32_t next = 0;
    for (const auto& [from, to] : set) {
      if (from > next) out.emplace_back(next, from - 1);
      next = std::max<char32_t>(next, to + 1);
    }
    if (next <= 0x10FFFF) out.emplace_back(next, 0x10FFFF);
    return out;
  }

  void AddOtherCase(CharSet& set) const {
    if (fold_ != base::Case::kAsciiInsensitive) return;
    const CharSet plain = set;
    for (const auto& [from, to] : plain) {
      for (char32_t c = U'A'; c <= U'Z'; ++c) {
        if (c >= from && c <= to) set.emplace_back(c + 0x20, c + 0x20);
        if (c + 0x20 >= from && c + 0x20 <= to) set.emplace_back(c, c);
      }
    }
  }

  Part Class() {
    const bool negated = More() && text_[at_] == U'^';
    if (negated) ++at_;
    CharSet set;
    while (More() && (text_[at_] != U']' || set.empty())) {
      char32_t from = text_[at_++];
      if (from == U'\\' && More()) {
        from = text_[at_++];
        const CharSet predefined = Predefined(from);
        if (!predefined.empty()) {
          set.insert(set.end(), predefined.begin(), predefined.end());
          continue;
        }
      }
      char32_t to = from;
      if (at_ + 1 < text_.size() && text_[at_] == U'-' && text_[at_ + 1] != U']') {
        ++at_;
        to = text_[at_++];
        if (to == U'\\' && More()) to = text_[at_++];
      }
      if (to < from) return Fail();
      set.emplace_back(from, to);
    }
    if (!More()) return Fail();
    ++at_;
    AddOtherCase(set);
    return Single(negated ? Complement(std::move(set)) : std::move(set));
  }

  std::u32string text_;
  base::Case fold_;
  bool extras_;
  std::size_t at_ = 0;
  bool failed_ = false;
  Language out_;
};

std::optional<Language> Language::Regex(std::string_view pattern, bool insensitive, bool extras) {
  return RegexAutomaton(pattern, insensitive, extras).Build();
}

}  // namespace vedette::rules
