// SPDX-License-Identifier: Apache-2.0
#include "rules/api_json_codec.h"

#include <memory>
#include <optional>
#include <utility>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/behavior_members.h"
#include "rules/rule_members.h"

namespace vedette::rules {
namespace {

using event::Value;

constexpr std::size_t kMaxRules = 200'000;  // a hundred times the public corpus

class ApiReader {
 public:
  explicit ApiReader(const std::string& path) : path_(path), reader_({.max_depth = 48}) {}

  base::Result<Value> Parse(std::string_view text) {
    arena_.Reset();
    return reader_.Read(text, arena_);
  }

  void Object(const Value& value, std::uint32_t line) {
    if (!value.is_object()) return Refuse(line, "expected a JSON object");
    if (IsSummary(value)) {
      ++out_.summaries;
    } else if (value.Get("item_id").is_string() || value.Get("entries").is_list()) {
      ++out_.exception_items;
    } else if (value.Get("list_id").is_string() && value.Get("query").is_null()) {
      ++out_.exception_lists;
    } else if (value.Get("attributes").is_object() || value.Get("connector_type_id").is_string()) {
      ++out_.connectors;
    } else {
      RuleObject(value, line);
    }
  }

  void Refuse(std::uint32_t line, std::string message) {
    ++out_.refused;
    out_.diagnostics.push_back(AtLine(path_, line, MakeError("R001", std::move(message))));
  }

  ApiRead Take() { return std::move(out_); }

 private:
  static bool IsSummary(const Value& value) {
    return !value.Get("exported_count").is_null() || !value.Get("exported_rules_count").is_null();
  }

  void RuleObject(const Value& value, std::uint32_t line) {
    if (out_.rules.size() >= kMaxRules) return Refuse(line, "too many rules in one file");
    if (!value.Get("name").is_string() && !value.Get("query").is_string()) {
      return Refuse(line, "this object is neither a rule, an exception nor a connector");
    }
    Rule rule;
    rule.origin.path = path_;
    rule.origin.line = line;
    std::vector<MemberIssue> issues;
    if (IsBehaviorObject(value)) {
      ReadBehaviorMembers(value, rule, issues);
    } else {
      ReadMembers(value, /*unknown_is_error=*/false, rule, issues);
    }
    AssignIdentity(rule);
    rule.query_source = std::make_shared<const base::Source>(
        path_ + ", line " + std::to_string(line) + ", query", rule.query);
    for (MemberIssue& issue : issues) {
      out_.diagnostics.push_back(AtKey(rule, "rule." + issue.key, std::move(issue.diagnostic)));
    }
    out_.rules.push_back(std::move(rule));
  }

  std::string path_;
  base::Arena arena_;
  event::JsonReader reader_;
  ApiRead out_;
};

constexpr std::string_view kBlank = " \t\r\n";

/// Every line its own object; an unreadable one is refused alone.
void ReadLines(std::string_view text, ApiReader& reader) {
  std::uint32_t line = 0;
  while (!text.empty()) {
    ++line;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.find_first_not_of(kBlank) == std::string_view::npos) continue;
    const auto value = reader.Parse(one);
    if (value.has_value()) {
      reader.Object(*value, line);
    } else {
      reader.Refuse(line, value.error().message());
    }
  }
}

/// True when the first line that is not blank is a whole object and more follows.
bool LooksLikeLines(std::string_view text, ApiReader& reader) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  if (text.find_first_not_of(kBlank, end) == std::string_view::npos) return false;
  if (text[0] != '{') return false;
  const auto first = reader.Parse(text.substr(0, end));
  return first.has_value() && first->is_object();
}

}  // namespace

ApiRead ReadApiRules(const std::string& path, std::string_view text) {
  ApiReader reader(path);
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.find_first_not_of(kBlank) == std::string_view::npos) return reader.Take();
  if (LooksLikeLines(text, reader)) {
    ReadLines(text, reader);
    return reader.Take();
  }
  const auto whole = reader.Parse(text);
  if (!whole.has_value()) {
    // A first line may be damaged in an otherwise good export.
    if (text.find("\n{") != std::string_view::npos) {
      ReadLines(text, reader);
    } else {
      reader.Refuse(1, whole.error().message());
    }
    return reader.Take();
  }
  Value list = *whole;
  if (whole->is_object() && whole->Get("data").is_list()) list = whole->Get("data");
  if (whole->is_object() && whole->Get("rules").is_list()) list = whole->Get("rules");
  if (!list.is_list()) {
    reader.Object(*whole, 1);
    return reader.Take();
  }
  for (const Value& item : list.list()) reader.Object(item, 1);
  return reader.Take();
}

}  // namespace vedette::rules
