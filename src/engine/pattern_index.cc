// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern_index.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

namespace vedette::engine {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), base::AsciiLower);
  return out;
}

std::uint32_t Load(const char* at, std::size_t bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, bytes);
  return value;
}

std::uint32_t GateHash(std::uint32_t gram, std::uint32_t shift) {
  return (gram * 0x9E3779B1U) >> shift;
}

/// So that a bitmap of that many bits lets one in sixteen strangers pass, at most.
std::uint32_t GateShift(std::size_t grams) {
  std::uint32_t bits = 9;
  while (bits < 20 && (std::size_t{1} << bits) < grams * 16) ++bits;
  return 32 - bits;
}

std::uint32_t HashOf(std::uint32_t gram, std::uint32_t length) {
  return (gram * 0x9E3779B1U + length * 0x85EBCA6BU) >> 7U;
}

/// A part of a pattern between stars lies at `at`, where there is room for it.
bool PartAt(std::string_view part, std::string_view text, std::size_t at) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '?' && part[i] != text[at + i]) return false;
  }
  return true;
}

/// The first place of a part, found by its first literal byte.
std::size_t FindPart(std::string_view part, std::string_view text) {
  if (part.find('?') == std::string_view::npos) return text.find(part);
  const std::size_t literal = part.find_first_not_of('?');
  if (literal == std::string_view::npos) return part.size() <= text.size() ? 0 : literal;
  for (std::size_t at = text.find(part[literal], literal); at != std::string_view::npos;
       at = text.find(part[literal], at + 1)) {
    const std::size_t begin = at - literal;
    if (begin + part.size() > text.size()) return std::string_view::npos;
    if (PartAt(part, text, begin)) return begin;
  }
  return std::string_view::npos;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

void PatternIndex::Add(std::string_view pattern, base::Case fold, std::uint32_t id) {
  const bool question = pattern.find('?') != std::string_view::npos;
  const std::size_t begin = pattern.find_first_not_of('*');
  if (begin != std::string_view::npos && !question) {
    const std::size_t end = pattern.find_last_not_of('*') + 1;
    const std::string_view inner = pattern.substr(begin, end - begin);
    const bool open_begin = begin > 0;
    const bool open_end = end < pattern.size();
    if (inner.find('*') == std::string_view::npos && (open_begin || open_end)) {
      const Kind kind = !open_begin ? Kind::kPrefix : open_end ? Kind::kContains : Kind::kSuffix;
      AddLiteral(kind, inner, fold, id);
      return;
    }
  }
  const bool folds = fold == base::Case::kAsciiInsensitive;
  patterns_.push_back(
      {folds ? Lower(pattern) : std::string(pattern), id, Kind::kGeneral, folds, question});
}

void PatternIndex::AddLiteral(Kind kind, std::string_view literal, base::Case fold,
                              std::uint32_t id) {
  const bool folds = fold == base::Case::kAsciiInsensitive;
  patterns_.push_back({folds ? Lower(literal) : std::string(literal), id, kind, folds});
}

/// The literal parts of a pattern, folded, each with its place in the pattern's text.
std::vector<std::pair<std::size_t, std::string>> PatternIndex::RunsOf(
    const Pattern& pattern) const {
  std::vector<std::pair<std::size_t, std::string>> runs;
  if (pattern.kind != Kind::kGeneral) {
    runs.emplace_back(0, Lower(pattern.text));
    return runs;
  }
  std::size_t begin = 0;
  while (begin < pattern.text.size()) {
    const std::size_t end = std::min(pattern.text.find_first_of("*?", begin), pattern.text.size());
    if (end > begin) runs.emplace_back(begin, Lower(pattern.text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return runs;
}

void PatternIndex::OpenGate(const Gram& gram) {
  const auto open = [](auto& gate, std::uint32_t bit) {
    gate[bit >> 6U] |= std::uint64_t{1} << (bit & 63U);
  };
  if (gram.length == kLongestGram) {
    open(gate_, GateHash(gram.value, gate_shift_));
    return;
  }
  has_short_ = true;
  if (gram.length >= 2) {
    open(short_gate_, GateHash(gram.value & 0xFFFFU, short_shift_));
  } else {
    open(single_gate_, gram.value);
  }
}

template <class Found>
void PatternIndex::ForEachGram(const char* lower, std::size_t size, const Found& found) const {
  const std::uint64_t* const gate = gate_.data();
  const std::uint64_t* const short_gate = short_gate_.data();
  const std::uint64_t* const single_gate = single_gate_.data();
  const std::uint32_t shift = gate_shift_;
  const std::uint32_t short_shift = short_shift_;
  const bool has_short = has_short_;
  const auto is_open = [](const std::uint64_t* bits, std::uint32_t i) {
    return (bits[i >> 6U] >> (i & 63U) & 1U) != 0;
  };
  for (std::size_t at = 0; at < size; ++at) {
    const std::uint32_t four = Load(lower + at, 4);
    if (is_open(gate, GateHash(four, shift)) && at + kLongestGram <= size) {
      const Slot* slot = Find(four, kLongestGram);
      if (slot != nullptr && found(*slot, at)) return;
    }
    if (!has_short) continue;
    if (is_open(single_gate, four & 0xFFU)) {
      const Slot* slot = Find(four & 0xFFU, 1);
      if (slot != nullptr && found(*slot, at)) return;
    }
    if (!is_open(short_gate, GateHash(four & 0xFFFFU, short_shift))) continue;
    for (std::uint32_t length = 2; length < kLongestGram && at + length <= size; ++length) {
      const Slot* slot = Find(four & ((1U << (8 * length)) - 1), length);
      if (slot != nullptr && found(*slot, at)) return;
    }
  }
}

void PatternIndex::Build() {
  // How often a gram occurs among the literals tells roughly how often it occurs in values, which
  // are of the same kind: paths, options, names.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> frequency;
  for (const Pattern& pattern : patterns_) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> of_pattern;
    for (const auto& [place, run] : RunsOf(pattern)) {
      for (std::uint32_t length = 1; length <= kLongestGram; ++length) {
        for (std::size_t i = 0; i + length <= run.size(); ++i) {
          of_pattern.emplace(length, Load(run.data() + i, length));
        }
      }
    }
    for (const auto& gram : of_pattern) ++frequency[gram];
  }
  std::map<Gram, std::vector<Entry>> grams;
  for (std::uint32_t p = 0; p < patterns_.size(); ++p) {
    Gram best;
    std::uint64_t best_cost = UINT64_MAX;
    for (const auto& [place, run] : RunsOf(patterns_[p])) {
      const auto length = static_cast<std::uint32_t>(std::min(kLongestGram, run.size()));
      for (std::size_t i = 0; i + length <= run.size(); ++i) {
        const std::uint32_t value = Load(run.data() + i, length);
        // A byte more makes a gram about sixteen times rarer in text.
        const std::uint64_t cost = static_cast<std::uint64_t>(frequency[{length, value}])
                                   << (4 * (kLongestGram - length));
        if (cost >= best_cost) continue;
        best_cost = cost;
        best = {value, length, static_cast<std::uint32_t>(place + i)};
      }
    }
    if (best.length == 0) {
      gramless_.push_back(p);
      continue;
    }
    grams[best].push_back({p, best.offset});
  }
  const auto longest = static_cast<std::size_t>(std::count_if(
      grams.begin(), grams.end(), [](const auto& it) { return it.first.length == kLongestGram; }));
  gate_shift_ = GateShift(longest);
  short_shift_ = GateShift(grams.size() - longest);
  gate_.assign((std::size_t{1} << (32 - gate_shift_)) / 64, 0);
  short_gate_.assign((std::size_t{1} << (32 - short_shift_)) / 64, 0);
  for (const auto& [gram, entries] : grams) OpenGate(gram);
  std::size_t capacity = 16;
  while (capacity < grams.size() * 2) capacity *= 2;
  mask_ = static_cast<std::uint32_t>(capacity - 1);
  slots_.assign(capacity, {});
  for (const auto& [gram, entries] : grams) {
    std::uint32_t at = HashOf(gram.value, gram.length) & mask_;
    while (slots_[at].length != 0) at = (at + 1) & mask_;
    slots_[at] = {gram.value, gram.length, static_cast<std::uint32_t>(entries_.size()),
                  static_cast<std::uint32_t>(entries.size())};
    entries_.insert(entries_.end(), entries.begin(), entries.end());
  }
}

std::size_t PatternIndex::bytes() const {
  std::size_t bytes = entries_.size() * sizeof(Entry) + slots_.size() * sizeof(Slot) +
                      (gate_.size() + short_gate_.size()) * sizeof(std::uint64_t);
  for (const Pattern& pattern : patterns_) bytes += sizeof(Pattern) + pattern.text.size();
  return bytes;
}

const PatternIndex::Slot* PatternIndex::Find(std::uint32_t gram, std::uint32_t length) const {
  for (std::uint32_t at = HashOf(gram, length) & mask_;; at = (at + 1) & mask_) {
    const Slot& slot = slots_[at];
    if (slot.length == 0) return nullptr;
    if (slot.gram == gram && slot.length == length) return &slot;
  }
}

/// As WildcardMatch where `?` is one byte or does not occur: each part where it is first found.
/// Parts begin with the first byte of a code point, so that bytes and code points give the same
/// answer.
bool PatternIndex::MatchesStars(std::string_view pattern, std::string_view text) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern.size() == text.size() && PartAt(pattern, text, 0);
  }
  if (text.size() < star || !PartAt(pattern.substr(0, star), text, 0)) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  for (star = pattern.find('*'); star != std::string_view::npos; star = pattern.find('*')) {
    const std::size_t found = FindPart(pattern.substr(0, star), text);
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + star);
    pattern.remove_prefix(star + 1);
  }
  return text.size() >= pattern.size() && PartAt(pattern, text, text.size() - pattern.size());
}

bool PatternIndex::Occurs(std::string_view lower) const {
  if (!gramless_.empty()) return true;
  if (slots_.empty()) return false;
  bool occurs = false;
  ForEachGram(lower.data(), lower.size(), [&](const Slot&, std::size_t) {
    occurs = true;
    return true;
  });
  return occurs;
}

bool PatternIndex::Verify(const Entry& entry, std::string_view text, const char* lower,
                          std::size_t at, bool ascii) const {
  const Pattern& pattern = patterns_[entry.pattern];
  if (pattern.kind == Kind::kGeneral) {
    const std::string_view subject = pattern.fold ? std::string_view(lower, text.size()) : text;
    return ascii || !pattern.questions
               ? MatchesStars(pattern.text, subject)
               : base::WildcardMatch(pattern.text, subject, base::Case::kSensitive);
  }
  const std::size_t size = pattern.text.size();
  if (at < entry.offset) return false;
  const std::size_t begin = at - entry.offset;
  if (begin + size > text.size()) return false;
  if (pattern.kind == Kind::kPrefix && begin != 0) return false;
  if (pattern.kind == Kind::kSuffix && begin + size != text.size()) return false;
  return std::memcmp(pattern.text.data(), (pattern.fold ? lower : text.data()) + begin, size) == 0;
}

void PatternIndex::Try(const Slot& slot, std::string_view text, const char* lower, std::size_t at,
                       Scratch& scratch, std::vector<std::uint32_t>& out) const {
  for (std::uint32_t i = slot.first; i < slot.first + slot.count; ++i) {
    const Entry& entry = entries_[i];
    std::uint32_t& settled = scratch.tried[entry.pattern];
    if (settled == scratch.text) continue;
    const bool matches = Verify(entry, text, lower, at, scratch.ascii);
    // The place of the gram says nothing about a multi-part pattern: one try settles it. Without
    // this a long text full of one gram would cost bytes times bytes.
    if (matches || patterns_[entry.pattern].kind == Kind::kGeneral) settled = scratch.text;
    if (matches) out.push_back(patterns_[entry.pattern].id);
  }
}

void PatternIndex::Match(std::string_view text, const char* lower, Scratch& scratch,
                         std::vector<std::uint32_t>& out) const {
  if (scratch.tried.size() < patterns_.size()) scratch.tried.resize(patterns_.size(), 0);
  if (++scratch.text == 0) {
    std::fill(scratch.tried.begin(), scratch.tried.end(), 0);
    scratch.text = 1;
  }
  scratch.ascii = IsAscii(text);
  for (const std::uint32_t p : gramless_) {
    if (Verify({p, 0}, text, lower, 0, scratch.ascii)) out.push_back(patterns_[p].id);
  }
  if (slots_.empty()) return;
  ForEachGram(lower, text.size(), [&](const Slot& slot, std::size_t at) {
    Try(slot, text, lower, at, scratch, out);
    return false;
  });
}

}  // namespace vedette::engine
