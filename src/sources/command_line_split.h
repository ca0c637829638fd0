// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::sources {

/// More arguments than this are left out; execve itself takes far fewer in practice.
inline constexpr std::size_t kMaxArguments = 16384;

/// A command line that a vendor joined with blanks, split the way both vendors' pipelines split it
/// on every platform: by the rules of Microsoft's C runtime before 2008.
///
/// Blanks and tabs outside quotes separate (line breaks do not). `"` toggles quoting and vanishes;
/// `""` within quotes is one quote and ends the quoting. Of n backslashes before a quote n/2 stay,
/// and an odd n makes the quote literal; other backslashes and `'` are ordinary. Empty arguments
/// vanish.
///
/// A kList of strings in `arena`, possibly empty. O(length).
event::Value SplitCommandLine(std::string_view line, base::Arena& arena);

}  // namespace vedette::sources
