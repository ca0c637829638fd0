// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/rule_loader.h"

namespace vedette::cli {

/// Origin paths of bundled rules begin with this: `bundled:linux/NAME.toml`.
inline constexpr std::string_view kBundledPrefix = "bundled:";

/// Rules, diagnostics and counts, from the given paths or from the binary.
struct LoadedRules : rules::RuleSetLoad {
  bool bundled = false;
};

/// What `-r/--rules` names; without any path the bundled rules. kNotFound for a path that is not
/// there. Wrong rules are diagnostics, never an error.
base::Result<LoadedRules> LoadRuleArguments(const std::vector<std::string>& paths,
                                            rules::Profile profile = rules::Profile::kMinimal);

/// `linux/persistence_boot_copy.toml` -> `persistence_boot_copy`; also of a bundled path.
std::string_view RuleFileStem(std::string_view path);

/// The text of the test file beside a rule file; empty when there is none. kIo when it is there and
/// cannot be read, kLimitExceeded past 16 MiB.
struct TestFile {
  std::string path;  ///< empty: no test file
  std::string text;
};
base::Result<TestFile> TestFileBeside(const std::string& rule_path);

/// A whole file, at most `max_bytes` of it.
base::Result<std::string> ReadTextFile(const std::string& path, std::size_t max_bytes);

}  // namespace vedette::cli
