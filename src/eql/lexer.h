// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "eql/dialect.h"
#include "eql/token.h"

namespace vedette::eql {

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t text = 0;  ///< index into Tokens::texts for kString and kQuotedName
  base::Span span() const { return {begin, end}; }
};

/// The tokens of one text, comments and white space left out; the last one is kEnd.
struct Tokens {
  std::vector<Token> tokens;
  std::vector<std::string> texts;  ///< decoded strings and quoted names
  std::vector<base::Diagnostic> diagnostics;
  /// False when an error left a gap in the stream, so that parsing on would report nonsense. After
  /// a mere slip (wrong quotes, bad escape) the tokens are still worth parsing.
  bool usable = true;
};

/// Reference section 2. Linear in `text`; the view must be shorter than 4 GiB (the parser bounds
/// it).
Tokens Lex(std::string_view text, const DialectRules& rules);

}  // namespace vedette::eql
