// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

/// A word, a quoted text or a bracket of a KQL query.
std::vector<std::string_view> Tokens(std::string_view text) {
  constexpr std::string_view kEnds = " \t\r\n()\"{}";
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    if (c == '"') {
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
      end = std::min(end + 1, text.size());
    } else if (kEnds.find(c) == std::string_view::npos) {
      while (end < text.size() && kEnds.find(text[end]) == std::string_view::npos) {
        end += text[end] == '\\' ? 2U : 1U;
      }
      end = std::min(end, text.size());
    }
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

/// For each `(` the place of its `)`, 0 elsewhere.
std::vector<std::size_t> Closings(const std::vector<std::string_view>& tokens) {
  std::vector<std::size_t> out(tokens.size(), 0);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] == "(") open.push_back(i);
    if (tokens[i] != ")" || open.empty()) continue;
    out[open.back()] = i;
    open.pop_back();
  }
  return out;
}

}  // namespace

void LintKql(const LintContext& lint) {
  const Rule& rule = lint.rule;
  const bool kql = rule.language == "kuery" ||
                   (rule.language.empty() && rule.type != RuleType::kEql &&
                    rule.type != RuleType::kEsql && rule.type != RuleType::kMachineLearning);
  if (!kql) return;
  const auto tokens = Tokens(rule.query);
  const auto closings = Closings(tokens);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view token = tokens[i];
    if (token == "AND" || token == "OR" || token == "NOT") {
      lint.Warn("query", "R026", "KQL's `" + std::string(token) + "` is written in lower case");
      return;
    }
    if (token == "not" && tokens[i + 1] == "not") {
      lint.Warn("query", "R026", "`not not` cancels out");
      return;
    }
    if (token == "(" && tokens[i + 1] == "(" && closings[i] != 0 &&
        closings[i + 1] + 1 == closings[i]) {
      lint.Warn("query", "R026", "the outer of two pairs of parentheses does nothing");
      return;
    }
  }
  if (!tokens.empty() && tokens.front() == "(" && closings.front() + 1 == tokens.size()) {
    lint.Warn("query", "R026", "parentheses around the whole query do nothing");
  }
}

}  // namespace vedette::rules
