// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The markdown plugins of investigation guides (rules.md section 5): `!{investigate{…}}`,
/// `!{osquery{…}}` and the old alias `!{insight{…}}`.
namespace vedette::rules {

/// One plugin found in a text.
struct GuidePlugin {
  std::string_view name;  ///< investigate, osquery, insight
  std::string_view json;  ///< its object, braces included
  std::size_t begin = 0;  ///< bytes of the whole plugin in the text
  std::size_t end = 0;
};
/// In order of appearance; what is not closed is plain text. Views into `text`. Linear.
std::vector<GuidePlugin> FindPlugins(std::string_view text);

/// Plugin name to its JSON objects, in order.
using Transforms = std::map<std::string, std::vector<std::string>, std::less<>>;

struct ExpandedGuide {
  std::string text;
  std::vector<std::string> problems;  ///< sentences for R017
};
/// TOML to API: `$osquery_0`, `$investigate_1`, … become plugins. Placeholders and entries that do
/// not pair up are named in `problems`.
ExpandedGuide ExpandPlaceholders(std::string_view text, const Transforms& transforms);
/// API to TOML: the inverse. `insight` becomes `investigate`.
std::string ExtractPlugins(std::string_view text, Transforms& transforms);

struct SplitNote {
  std::string note;
  std::string setup;
  bool found = false;
};
/// Cuts the section under a level-2 heading spelled exactly `Setup` out of a guide.
SplitNote CutSetup(std::string_view note);

}  // namespace vedette::rules
