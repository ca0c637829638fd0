// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/glob.h"

namespace vedette::rules {

/// A set of texts, as a nondeterministic automaton over code points: what a pattern, a regex, a
/// list or a length test accepts. The prover looks for a text inside some of these sets and outside
/// others. Plain data; copies freely. Memory: about 60 bytes per character of the patterns.
class Language {
 public:
  using Range = std::pair<char32_t, char32_t>;
  /// A set of code points. Ranges may be in any order: the first names the preferred character.
  using CharSet = std::vector<Range>;
  using StateId = std::uint32_t;
  using States = std::vector<StateId>;  ///< ascending

  static Language Exactly(std::string_view text, base::Case fold);
  /// `*` and `?` of `:` and `like` (reference 6.3).
  static Language Wildcard(std::string_view pattern, base::Case fold);
  static Language StartingWith(std::string_view prefix, base::Case fold);
  static Language EndingWith(std::string_view suffix, base::Case fold);
  static Language Containing(std::string_view part, base::Case fold);
  /// The texts that `whole` starts with, ends with, contains.
  static Language PrefixesOf(std::string_view whole, base::Case fold);
  static Language SuffixesOf(std::string_view whole, base::Case fold);
  static Language PartsOf(std::string_view whole, base::Case fold);
  /// Between `least` and `most` code points; no `most`: any number from `least`.
  static Language OfLength(std::size_t least, std::optional<std::size_t> most);
  /// Nothing when the pattern uses operators that an automaton of this kind does not express
  /// (complement, intersection, number ranges) or would need more than 20,000 states. `extras`:
  /// Lucene's optional operators are on (reference 6.4).
  static std::optional<Language> Regex(std::string_view pattern, bool insensitive, bool extras);

  /// Either this or `other`.
  void Add(const Language& other);
  /// The x for which before + x + after is in this language.
  Language Without(std::string_view before, std::string_view after) const;
  /// `before` arbitrary characters, then a text of this language, then `after` arbitrary ones.
  Language Padded(std::size_t before, std::size_t after) const;

  bool Contains(std::string_view text) const;
  std::size_t size() const { return states_.size(); }

  // For the search for a common word.
  static constexpr std::uint32_t kUnreachable = 0xFFFFFFFF;
  States Start() const;
  States Step(const States& from, char32_t c) const;
  bool Accepts(const States& states) const;
  /// Some state accepts whatever follows.
  bool AcceptsAll(const States& states) const;
  /// Fewest characters to acceptance; kUnreachable when there is no way.
  std::uint32_t Distance(const States& states) const;
  /// Characters worth trying from `states`; `open` is set when anything at all may follow.
  void Characters(const States& states, std::vector<char32_t>& out, bool& open) const;
  /// Must be called after the last change and before the search functions.
  void Prepare();

 private:
  friend class RegexAutomaton;
  struct Edge {
    std::uint32_t set;
    StateId to;
  };
  struct State {
    std::vector<Edge> edges;
    std::vector<StateId> free;  ///< without reading
    bool accepts = false;
    bool loops = false;  ///< any character leads back here
    std::uint32_t distance = kUnreachable;
  };
  StateId NewState();
  std::uint32_t SetOf(char32_t c, base::Case fold);
  std::uint32_t AnySet();
  StateId AppendText(StateId from, std::string_view text, base::Case fold);
  States Close(States states) const;
  bool Holds(std::uint32_t set, char32_t c) const;

  std::vector<State> states_;
  std::vector<StateId> starts_;
  std::vector<CharSet> sets_;
};

struct WordSearch {
  std::vector<std::string> words;  ///< short ones first
  bool complete = true;            ///< false: the search limit ended it, there may be others
};

/// Up to `count` texts that lie in every language of `in` and in none of `out`. Weighted best-first
/// search over the product of the automata, at most `max_nodes` nodes. All must be prepared.
/// An empty text is found only when nothing longer is.
WordSearch FindWords(std::span<const Language* const> in, std::span<const Language* const> out,
                     std::size_t count, std::size_t max_nodes = 20'000);

}  // namespace vedette::rules
