// SPDX-License-Identifier: Apache-2.0
#include "rules/guide_plugins.h"

#include <algorithm>
#include <array>

namespace vedette::rules {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"investigate", "osquery", "insight"};

/// End of the JSON object that begins at `at`, or npos. Knows strings and escapes only.
std::size_t ObjectEnd(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<GuidePlugin> FindPlugins(std::string_view text) {
  std::vector<GuidePlugin> found;
  std::size_t at = 0;
  while ((at = text.find("!{", at)) != std::string_view::npos) {
    const std::size_t begin = at;
    at += 2;
    for (const std::string_view name : kNames) {
      if (text.substr(at, name.size()) != name || text.substr(at + name.size(), 1) != "{") continue;
      const std::size_t json = at + name.size();
      const std::size_t end = ObjectEnd(text, json);
      // Unclosed here means unclosed for all that follows: stop, which keeps this linear.
      if (end == std::string_view::npos) return found;
      if (text.substr(end, 1) != "}") break;
      found.push_back(
          {text.substr(at, name.size()), text.substr(json, end - json), begin, end + 1});
      at = end + 1;
      break;
    }
  }
  return found;
}

ExpandedGuide ExpandPlaceholders(std::string_view text, const Transforms& transforms) {
  ExpandedGuide out;
  std::map<std::string, std::vector<bool>, std::less<>> used;
  for (const auto& [name, entries] : transforms) used[name].assign(entries.size(), false);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t dollar = std::min(text.find('$', at), text.size());
    out.text += text.substr(at, dollar - at);
    at = dollar;
    if (at == text.size()) break;
    std::size_t consumed = 0;
    for (const std::string_view name : kNames) {
      if (text.substr(at + 1, name.size()) != name) continue;
      std::size_t digit = at + 1 + name.size();
      if (text.substr(digit, 1) != "_") continue;
      const std::size_t first = ++digit;
      while (digit < text.size() && IsDigit(text[digit]) && digit - first < 6) ++digit;
      if (digit == first) continue;
      consumed = digit - at;
      const auto number =
          static_cast<std::size_t>(std::stoul(std::string(text.substr(first, digit - first))));
      const auto entries = transforms.find(name);
      if (entries == transforms.end() || number >= entries->second.size()) {
        out.problems.push_back("placeholder `" + std::string(text.substr(at, consumed)) +
                               "` has no [[transform." + std::string(name) + "]] entry");
        out.text += text.substr(at, consumed);
      } else {
        out.text.append("!{").append(name).append(entries->second[number]).append("}");
        used.find(name)->second[number] = true;
      }
      break;
    }
    if (consumed == 0) {
      out.text.push_back('$');
      consumed = 1;
    }
    at += consumed;
  }
  for (const auto& [name, flags] : used) {
    for (std::size_t i = 0; i < flags.size(); ++i) {
      if (flags[i]) continue;
      out.problems.push_back("[[transform." + name + "]] number " + std::to_string(i) +
                             " is used by no placeholder `$" + name + "_" + std::to_string(i) +
                             "`");
    }
  }
  return out;
}

std::string ExtractPlugins(std::string_view text, Transforms& transforms) {
  std::string out;
  std::size_t at = 0;
  for (const GuidePlugin& plugin : FindPlugins(text)) {
    const std::string name(plugin.name == "insight" ? "investigate" : plugin.name);
    std::vector<std::string>& entries = transforms[name];
    out += text.substr(at, plugin.begin - at);
    out += "$" + name + "_" + std::to_string(entries.size());
    entries.emplace_back(plugin.json);
    at = plugin.end;
  }
  out += text.substr(at);
  return out;
}

SplitNote CutSetup(std::string_view note) {
  SplitNote out;
  bool in_setup = false;
  bool in_code = false;
  std::size_t at = 0;
  while (at < note.size()) {
    const std::size_t end = std::min(note.find('\n', at), note.size());
    std::string_view line = note.substr(at, end - at);
    const std::string_view whole = note.substr(at, std::min(end + 1, note.size()) - at);
    at = end + 1;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.substr(0, 3) == "```") in_code = !in_code;
    if (!in_code && (line.substr(0, 3) == "## " || line.substr(0, 2) == "# ")) {
      in_setup = line == "## Setup" && !out.found;
      if (in_setup) {
        out.found = true;
        continue;
      }
    }
    (in_setup ? out.setup : out.note) += whole;
  }
  if (!out.found) return out;
  const std::size_t first = out.setup.find_first_not_of("\r\n");
  out.setup.erase(0, std::min(first, out.setup.size()));
  while (!out.note.empty() && out.note.back() == '\n') out.note.pop_back();
  if (!out.note.empty()) out.note.push_back('\n');
  return out;
}

}  // namespace vedette::rules
