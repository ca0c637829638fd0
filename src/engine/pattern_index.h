// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.h"

namespace vedette::engine {

/// Wildcard patterns of one field, matched against a value all at once.
///
/// Of every pattern the index knows one run of up to four bytes (a gram) that a matching text must
/// hold: the one that occurs least among all literals of the field. One pass over the folded text
/// looks at each position into a small bitmap of how grams begin; the few positions that pass are
/// looked up and their patterns verified where they must lie. Why not one automaton over all
/// patterns: docs/explanation/value-classes.md.
///
/// Build once, then immutable; any thread may match with a Scratch of its own. Cost of Match:
/// O(bytes) plus the verification of patterns whose gram occurs; each multi-part pattern is tried
/// once a text at most.
class PatternIndex {
 public:
  enum class Kind : std::uint8_t { kPrefix, kSuffix, kContains, kGeneral };

  /// One worker's memory.
  struct Scratch {
    std::vector<std::uint32_t> tried;  ///< by pattern: the text for which it was settled
    std::uint32_t text = 0;
    bool ascii = true;  ///< the current text: `?` is one byte
  };

  /// `*` and `?` mean what they mean for `like`. `id` comes back from Match.
  void Add(std::string_view pattern, base::Case fold, std::uint32_t id);
  /// `literal` as it stands, not empty; kGeneral is not for this.
  void AddLiteral(Kind kind, std::string_view literal, base::Case fold, std::uint32_t id);
  void Build();
  /// Adds all patterns to another index that is not built yet.
  void CopyTo(PatternIndex& other) const {
    other.patterns_.insert(other.patterns_.end(), patterns_.begin(), patterns_.end());
  }
  bool empty() const { return patterns_.empty(); }
  std::size_t size() const { return patterns_.size(); }
  /// Patterns without any literal byte: they are tried on every text.
  std::size_t gramless() const { return gramless_.size(); }
  std::size_t bytes() const;

  /// Appends the ids of the patterns that match, unordered, each once. `lower`: `text` in ASCII
  /// lower case with at least sixteen readable bytes behind it.
  void Match(std::string_view text, const char* lower, Scratch& scratch,
             std::vector<std::uint32_t>& out) const;
  /// Some gram occurs in `lower` (sixteen readable bytes behind it), or there are patterns without
  /// one. False: nothing that is part of `lower` can match.
  bool Occurs(std::string_view lower) const;

 private:
  static constexpr std::size_t kLongestGram = 4;
  struct Pattern {
    std::string text;  ///< folded where case does not matter; kGeneral: with its wildcards
    std::uint32_t id;
    Kind kind;
    bool fold;
    bool questions = false;  ///< kGeneral with `?`
  };
  /// Where a gram lies: `offset` bytes after the literal's begin.
  struct Entry {
    std::uint32_t pattern;
    std::uint32_t offset;
  };
  struct Slot {
    std::uint32_t gram = 0;
    std::uint32_t length = 0;  ///< 0: free
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  struct Gram {
    std::uint32_t value = 0;
    std::uint32_t length = 0;
    std::uint32_t offset = 0;
    bool operator<(const Gram& other) const {
      return length != other.length ? length < other.length : value < other.value;
    }
  };
  std::vector<std::pair<std::size_t, std::string>> RunsOf(const Pattern& pattern) const;
  void OpenGate(const Gram& gram);
  /// Calls `found(slot, at)` for every gram in the text, until it returns true.
  template <class Found>
  void ForEachGram(const char* lower, std::size_t size, const Found& found) const;
  const Slot* Find(std::uint32_t gram, std::uint32_t length) const;
  static bool MatchesStars(std::string_view pattern, std::string_view text);
  bool Verify(const Entry& entry, std::string_view text, const char* lower, std::size_t at,
              bool ascii) const;
  void Try(const Slot& slot, std::string_view text, const char* lower, std::size_t at,
           Scratch& scratch, std::vector<std::uint32_t>& out) const;

  std::vector<Pattern> patterns_;
  std::vector<std::uint32_t> gramless_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;
  std::uint32_t mask_ = 0;
  // Bitmaps sized to the number of grams: several fields' must stay in the first-level cache
  // together.
  std::vector<std::uint64_t> gate_;        ///< by a hash of four bytes: may they be a gram?
  std::vector<std::uint64_t> short_gate_;  ///< by a hash of two bytes: may a shorter gram begin so?
  std::array<std::uint64_t, 4> single_gate_{};  ///< by byte: is it a gram?
  std::uint32_t gate_shift_ = 31;
  std::uint32_t short_shift_ = 31;
  bool has_short_ = false;  ///< grams of one to three bytes
};

}  // namespace vedette::engine
