// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace vedette::io {

struct InputFile {
  std::string path;                    ///< `-` is standard input
  std::optional<std::uint64_t> bytes;  ///< of a regular file
};

/// An argument, or something below it, that cannot be read.
struct InputProblem {
  std::string path;
  base::Error error;
};

struct InputSet {
  std::vector<InputFile> files;
  std::vector<InputProblem> problems;
};

/// What the EVENTS arguments of a command mean, in their order.
///
/// A directory stands for the regular files below it (hidden ones too, links followed, each
/// directory entered once), sorted by path as bytes; a pattern that names no file itself (`*`, `?`,
/// `[…]`) for what it matches, sorted; `-` for standard input. A file named twice, by whatever path
/// or hard link, is read once. Pipes and devices count when named, not when met in a directory.
/// Never fails as a whole: what is missing, unreadable or empty of files becomes a problem, for the
/// caller to judge.
InputSet ExpandInputs(std::span<const std::string> arguments);

}  // namespace vedette::io
