// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern_index.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

namespace vedette::engine {
namespace {

constexpr std::size_t kPairs = 65536;

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

std::uint32_t HashOf(std::uint32_t gram, std::uint32_t length) {
  return (gram * 0x9E3779B1U + length * 0x85EBCA6BU) >> 7U;
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
  patterns_.push_back({folds ? Lower(pattern) : std::string(pattern), id, Kind::kGeneral, folds});
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
  const auto open = [&](std::uint32_t pair) {
    gate_[pair >> 6U] |= std::uint64_t{1} << (pair & 63U);
    lengths_[pair] = static_cast<std::uint8_t>(lengths_[pair] | (1U << gram.length));
  };
  if (gram.length >= 2) {
    open(gram.value & 0xFFFFU);
  } else {
    for (std::uint32_t next = 0; next < 256; ++next) open(gram.value | (next << 8U));
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
  gate_.assign(kPairs / 64, 0);
  lengths_.assign(kPairs, 0);
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
    OpenGate(best);
    grams[best].push_back({p, best.offset});
  }
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
                      gate_.size() * sizeof(std::uint64_t) + lengths_.size();
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

bool PatternIndex::Verify(const Entry& entry, std::string_view text, const char* lower,
                          std::size_t at) const {
  const Pattern& pattern = patterns_[entry.pattern];
  if (pattern.kind == Kind::kGeneral) {
    return base::WildcardMatch(pattern.text,
                               pattern.fold ? std::string_view(lower, text.size()) : text,
                               base::Case::kSensitive);
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
    const bool matches = Verify(entry, text, lower, at);
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
  for (const std::uint32_t p : gramless_) {
    if (Verify({p, 0}, text, lower, 0)) out.push_back(patterns_[p].id);
  }
  if (slots_.empty()) return;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::uint16_t pair = 0;
    std::memcpy(&pair, lower + at, sizeof pair);
    if ((gate_[pair >> 6U] >> (pair & 63U) & 1U) == 0) continue;
    const std::uint32_t four = Load(lower + at, 4);
    const std::uint32_t lengths = lengths_[pair];
    for (std::uint32_t length = 1; length <= kLongestGram; ++length) {
      if ((lengths >> length & 1U) == 0 || at + length > text.size()) continue;
      const std::uint32_t gram = length == 4 ? four : four & ((1U << (8 * length)) - 1);
      if (const Slot* slot = Find(gram, length)) Try(*slot, text, lower, at, scratch, out);
    }
  }
}

}  // namespace vedette::engine
