// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_finder.h"

#include <algorithm>
#include <functional>

#include "base/diagnostic.h"
#include "cli/rule_sources.h"

namespace vedette::cli {
namespace {

using rules::Rule;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), Lower);
  return out;
}

/// Each wanted word begins one of `words`.
bool Covers(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const std::string& want) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word.starts_with(want); });
  });
}

std::vector<std::string> AllWords(const Rule& rule, bool with_description) {
  std::string text = rule.name + " " + std::string(RuleFileStem(rule.origin.path));
  if (with_description) {
    text += " " + rule.description;
    for (const std::string& tag : rule.tags) text += " " + tag;
  }
  return WordsOf(text);
}

std::string Suggest(const std::vector<Rule>& rules, std::string_view wanted) {
  std::vector<std::string_view> names;
  for (const Rule& rule : rules) {
    names.push_back(rule.name);
    names.push_back(RuleFileStem(rule.origin.path));
  }
  std::string_view near = base::Nearest(wanted, names);
  if (!near.empty()) return std::string(near);
  // A misspelt word of a long name is far from the whole name: compare words.
  std::vector<std::string> words;
  for (const Rule& rule : rules) {
    for (std::string& word : AllWords(rule, false)) words.push_back(std::move(word));
  }
  std::string corrected;
  for (const std::string& want : WordsOf(wanted)) {
    near = base::Nearest(want, {words.begin(), words.end()});
    if (near.empty()) return {};
    corrected.append(corrected.empty() ? "" : "-").append(near);
  }
  return corrected;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    const char low = Lower(c);
    const bool part = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') ||
                      static_cast<unsigned char>(c) >= 0x80;
    if (part) {
      words.back() += low;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

FoundRules FindRule(const std::vector<Rule>& rules, std::string_view wanted) {
  const std::string low = Lowered(wanted);
  const std::vector<std::string> words = WordsOf(wanted);
  const std::vector<std::function<bool(const Rule&)>> ways = {
      [&](const Rule& rule) { return Lowered(rule.rule_id) == low || Lowered(rule.id) == low; },
      [&](const Rule& rule) { return Lowered(rule.name) == low; },
      [&](const Rule& rule) { return Lowered(RuleFileStem(rule.origin.path)) == low; },
      [&](const Rule& rule) { return Covers(WordsOf(RuleFileStem(rule.origin.path)), words); },
      [&](const Rule& rule) { return Covers(AllWords(rule, false), words); },
      [&](const Rule& rule) { return !low.empty() && Lowered(rule.name).find(low) != low.npos; },
      [&](const Rule& rule) { return Covers(AllWords(rule, true), words); },
  };
  FoundRules found;
  if (wanted.empty()) return found;
  for (const auto& fits : ways) {
    for (const Rule& rule : rules) {
      if (fits(rule)) found.rules.push_back(&rule);
    }
    if (!found.rules.empty()) return found;
  }
  found.suggestion = Suggest(rules, wanted);
  return found;
}

}  // namespace vedette::cli
