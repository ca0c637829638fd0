// SPDX-License-Identifier: Apache-2.0
#include "sources/command_line_split.h"

#include <algorithm>
#include <span>
#include <vector>

namespace vedette::sources {
namespace {

using event::Value;

bool Separates(char c) { return c == ' ' || c == '\t'; }

// Unquotes one argument after the other into a buffer as long as the line: no argument grows.
class Splitter {
 public:
  Splitter(std::string_view line, char* out) : line_(line), out_(out) {}

  /// False at the end of the line. `argument` may come out empty.
  bool Next(std::string_view& argument) {
    while (at_ < line_.size() && Separates(line_[at_])) ++at_;
    if (at_ == line_.size()) return false;
    const char* start = out_;
    bool quoted = false;
    while (at_ < line_.size() && (quoted || !Separates(line_[at_]))) {
      const char c = line_[at_];
      if (c == '\\') {
        Backslashes(quoted);
      } else if (c == '"') {
        Quote(quoted);
      } else {
        *out_++ = c;
        ++at_;
      }
    }
    argument = std::string_view(start, static_cast<std::size_t>(out_ - start));
    return true;
  }

 private:
  void Quote(bool& quoted) {
    ++at_;
    if (quoted && at_ < line_.size() && line_[at_] == '"') {
      *out_++ = '"';
      ++at_;
    }
    quoted = !quoted;
  }

  void Backslashes(bool& quoted) {
    const std::size_t end = std::min(line_.find_first_not_of('\\', at_), line_.size());
    const std::size_t count = end - at_;
    at_ = end;
    const bool before_quote = end < line_.size() && line_[end] == '"';
    out_ = std::fill_n(out_, before_quote ? count / 2 : count, '\\');
    if (!before_quote) return;
    if (count % 2 == 1) {
      *out_++ = '"';
      ++at_;
    } else {
      Quote(quoted);
    }
  }

  std::string_view line_;
  char* out_;
  std::size_t at_ = 0;
};

}  // namespace

Value SplitCommandLine(std::string_view line, base::Arena& arena) {
  if (line.empty()) return Value::List({});
  Splitter splitter(line, arena.NewArray<char>(line.size()).data());
  std::vector<Value> arguments;
  std::string_view argument;
  while (arguments.size() < kMaxArguments && splitter.Next(argument)) {
    if (!argument.empty()) arguments.push_back(Value::String(argument));
  }
  const std::span<Value> kept = arena.NewArray<Value>(arguments.size());
  std::copy(arguments.begin(), arguments.end(), kept.begin());
  return Value::List(kept);
}

}  // namespace vedette::sources
