// SPDX-License-Identifier: Apache-2.0
#include "cli/hunt_completion.h"

#include <algorithm>
#include <array>

#include "eql/dialect.h"
#include "eql/function_table.h"

namespace vedette::cli {
namespace {

constexpr std::array<std::string_view, 5> kCommands = {":explain", ":fields", ":help", ":q",
                                                       ":quit"};
// Categories of ECS that hosts report.
constexpr std::array<std::string_view, 15> kCategories = {
    "any",      "authentication", "configuration",
    "driver",   "file",           "host",
    "iam",      "library",        "malware",
    "network",  "package",        "process",
    "registry", "session",        "intrusion_detection"};

bool InWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '@' || c == '-';
}

/// The last character before the word that is no blank; NUL at the beginning.
char Before(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text.empty() ? '\0' : text.back();
}

class Collector {
 public:
  explicit Collector(std::string_view word) : word_(word) {}
  void Offer(std::string_view candidate) {
    if (candidate.starts_with(word_)) found_.emplace_back(candidate);
  }
  std::vector<std::string> Take() {
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  std::string_view word_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string_view> HuntCommands() { return {kCommands.begin(), kCommands.end()}; }

Completion CompleteHunt(std::string_view before_cursor, eql::Dialect dialect,
                        const service::FieldSurvey& survey) {
  std::size_t begin = before_cursor.size();
  while (begin > 0 && InWord(before_cursor[begin - 1])) --begin;
  if (begin == 1 && before_cursor.front() == ':') begin = 0;
  const std::string_view word = before_cursor.substr(begin);
  std::string_view head = before_cursor.substr(0, begin);
  Collector found(word);
  if (word.starts_with(':')) {
    for (const std::string_view command : kCommands) found.Offer(command);
    return {word.size(), found.Take()};
  }
  const bool lists_fields = head.starts_with(":fields");
  if (head.starts_with(":explain")) head.remove_prefix(std::string_view(":explain").size());
  const eql::DialectRules& rules = eql::RulesOf(dialect);
  const char before = Before(head);
  if (before == '|') {
    for (const eql::PipeRule& pipe : rules.pipes) found.Offer(pipe.name);
    return {word.size(), found.Take()};
  }
  if (before == '\0' || before == '[') {
    for (const std::string_view category : kCategories) found.Offer(category);
    if (before == '\0') {
      found.Offer("sequence");
      if (rules.sample) found.Offer("sample");
      if (rules.join) found.Offer("join");
    }
    return {word.size(), found.Take()};
  }
  for (const auto& [path, seen] : survey.fields) found.Offer(path);
  if (!lists_fields) {
    for (const eql::Keyword& keyword : rules.keywords) found.Offer(keyword.text);
    for (const eql::FunctionSpec& function : eql::Functions()) {
      if (function.In(dialect)) found.Offer(std::string(function.name) + "(");
    }
  }
  return {word.size(), found.Take()};
}

std::string CommonPrefix(const std::vector<std::string>& candidates) {
  if (candidates.empty()) return {};
  std::string_view common = candidates.front();
  for (const std::string_view one : candidates) {
    const auto end = std::mismatch(common.begin(), common.end(), one.begin(), one.end()).first;
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  return std::string(common);
}

}  // namespace vedette::cli
