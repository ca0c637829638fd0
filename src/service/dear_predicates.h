// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/condition_set.h"

namespace vedette::service {

/// What makes a predicate dear; kTable: nothing does.
enum class PredicateKind : std::uint8_t {
  kTable,          ///< decided by a look-up, together with all others of its field
  kShortWildcard,  ///< by a look-up, but its one or two letters stand nearly everywhere
  kRegex,          ///< asked where the texts occur that it cannot do without
  kRegexNoText,    ///< a regular expression that needs no text of three letters
  kTwoFields,      ///< compares values of an event with each other
  kFunction,       ///< of a function's result
  kWholeQuery,     ///< an Endgame query
  kOther,          ///< anything else that no table decides
};

PredicateKind KindOf(const engine::MatchedPredicate& predicate);
/// A word for machines: `regex`, `two_fields`, …
std::string_view KindName(PredicateKind kind);
/// How to write it cheaper; empty for kTable.
std::string_view RewriteHint(PredicateKind kind);
/// The comparison as EQL text.
std::string TextOf(const engine::MatchedPredicate& predicate);

}  // namespace vedette::service
