// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "random.h"

namespace vedette::bench {

/// A program and how its command line looks. Words are set apart by blanks; `~` is a blank within
/// a word. `{…}` is a slot: word, host, user, ip, url, path, unit, pkg, pod, num, hexN, b64N.
struct CommandShape {
  std::string_view executable;
  std::string_view line;
};

/// Everyday commands, the most frequent first. None of them matches a bundled rule.
std::span<const CommandShape> CommonCommands();
/// Commands of the boot chain below parents that the bundled rules leave out.
struct NearMiss {
  CommandShape command;
  std::string_view parent;
};
std::span<const NearMiss> NearMisses();

std::string_view RandomWord(Random& random);
std::string_view RandomUser(Random& random);
/// A path that is most likely new.
std::string RandomPath(Random& random);
std::string RandomAddress(Random& random);
/// The words of a line, slots filled.
std::vector<std::string> FillWords(std::string_view line, Random& random);

}  // namespace vedette::bench
