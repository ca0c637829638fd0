// SPDX-License-Identifier: Apache-2.0
#include "rules/lint_allow.h"

#include <algorithm>

namespace vedette::rules {
namespace {

constexpr std::string_view kMark = "vedette: allow";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// A letter and three or four digits at the start of `text`; else nothing.
std::string_view CodeAt(std::string_view text) {
  if (text.empty() || text[0] < 'A' || text[0] > 'Z') return {};
  std::size_t end = 1;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return end == 4 || end == 5 ? text.substr(0, end) : std::string_view();
}

/// Does a comment begin on the line before `at`? Not whether it is inside a string: nobody writes
/// the mark there by chance.
bool InComment(std::string_view text, std::size_t at) {
  const std::size_t begin = text.rfind('\n', at) + 1;  // npos + 1 is 0
  const std::string_view before = text.substr(begin, at - begin);
  return before.find("//") != std::string_view::npos ||
         before.find("/*") != std::string_view::npos || before.find('#') != std::string_view::npos;
}

}  // namespace

CodeSet AllowedIn(std::string_view text) {
  CodeSet out;
  for (std::size_t at = text.find(kMark); at != std::string_view::npos;
       at = text.find(kMark, at + kMark.size())) {
    if (!InComment(text, at)) continue;
    std::string_view rest = text.substr(at + kMark.size());
    while (true) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" ,"), rest.size()));
      const std::string_view code = CodeAt(rest);
      if (code.empty()) break;
      out.emplace(code);
      rest.remove_prefix(code.size());
    }
  }
  return out;
}

CodeSet AllowedBy(const Rule& rule) {
  return AllowedIn(rule.origin.file != nullptr ? rule.origin.file->text()
                                               : std::string_view(rule.query));
}

std::size_t DropAllowed(const CodeSet& codes, std::vector<RuleDiagnostic>& diagnostics) {
  if (codes.empty()) return 0;
  return std::erase_if(diagnostics, [&](const RuleDiagnostic& found) {
    return found.diagnostic.severity == base::Severity::kWarning &&
           codes.contains(found.diagnostic.code);
  });
}

}  // namespace vedette::rules
