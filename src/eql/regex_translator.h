// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vedette::eql {

/// `pattern` matches iff for some alternative every term holds.
struct RegexTerm {
  bool negated = false;
  std::string re2;  ///< in RE2 syntax, for the whole value
};
using RegexAlternative = std::vector<RegexTerm>;

/// Lucene syntax to RE2 syntax. `extras`: `@ # & ~ <n-m> "…"` are operators. `insensitive`: letters
/// of ASCII match both cases (spelled out, since RE2's own flag folds beyond ASCII).
base::Result<std::vector<RegexAlternative>> TranslateLucene(std::string_view pattern, bool extras,
                                                            bool insensitive);

/// Python `re` to RE2: predefined classes become Unicode ones; the rest is alike.
std::string TranslatePython(std::string_view pattern);

}  // namespace vedette::eql
