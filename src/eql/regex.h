// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vedette::eql {

/// Syntax of a pattern and where it must match (reference 6.4).
enum class RegexFlavour : std::uint8_t {
  kLucene,  ///< ES: whole value; classes, repetition, groups, and Lucene's `@ # & ~ <n-m> "…"`
  kLuceneBasic,  ///< EP: whole value; the same with those extras literal
  kPython,       ///< EG `match`: anchored at the start only
};

/// One or several patterns, any of which suffices. Matching is linear in the text; memory is
/// bounded.
/// `&` and `~` are understood between whole alternatives only. What cannot be had in linear time,
/// or reads differently in different engines (look-around, back references, `\b`), is refused.
/// Immutable; any thread may match.
class Regex {
 public:
  /// kInvalidArgument says what is wrong and in which pattern. Insensitive: ASCII letters only,
  /// except kPython (simple Unicode).
  static base::Result<Regex> Compile(std::span<const std::string_view> patterns,
                                     RegexFlavour flavour, bool insensitive);
  bool Matches(std::string_view text) const;
  /// Texts in ASCII lower case of which at least one occurs in the ASCII lower case of every text
  /// that matches; empty when nothing can be said. What RE2's prefilter knows of the automata, left
  /// out where it folds more than ASCII. O(pattern); not for hot paths.
  std::vector<std::string> RequiredTexts() const;

  struct Impl;

 private:
  std::shared_ptr<const Impl> impl_;
};

}  // namespace vedette::eql
