// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_diagnostic.h"

/// Warnings that somebody looked at and accepts. In a rule they are named in a comment, of the
/// query (`// vedette: allow W0303, R027` or `/* … */`; every codec keeps that) or of the TOML file
/// (`# vedette: allow R013`). Errors cannot be allowed.
namespace vedette::rules {

using CodeSet = std::set<std::string, std::less<>>;

/// The codes named in comments of a text. A word that is no code ends the list. Linear.
CodeSet AllowedIn(std::string_view text);
/// Those of a rule: its file's, else its query's.
CodeSet AllowedBy(const Rule& rule);
/// Removes warnings with these codes and says how many there were.
std::size_t DropAllowed(const CodeSet& codes, std::vector<RuleDiagnostic>& diagnostics);

}  // namespace vedette::rules
