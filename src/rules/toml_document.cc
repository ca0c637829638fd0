// SPDX-License-Identifier: Apache-2.0
#include "rules/toml_document.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "base/utf8.h"
#include "rules/rule_diagnostic.h"

namespace vedette::rules {
namespace {

using event::Member;
using event::Value;

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxPlaces = 4096;
constexpr std::size_t kMaxKeyParts = 64;

/// toml++ bounds nested values but not `a.b.c.…`, and frees trees by recursion. Any run of key
/// characters with this many dots is refused before it gets there.
bool HasEndlessKey(std::string_view text) {
  std::size_t dots = 0;
  for (const char c : text) {
    const bool key = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '_' || c == '-' || c == '"' || c == '\'' || c == ' ' || c == '\t';
    if (c == '.') {
      if (++dots > kMaxKeyParts) return true;
    } else if (!key) {
      dots = 0;
    }
  }
  return false;
}

class Converter {
 public:
  explicit Converter(TomlDocument& document) : document_(&document) {
    const std::string_view text = document.file->text();
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }

  base::Span SpanOf(const toml::source_region& region) const {
    base::Span span{Offset(region.begin), Offset(region.end)};
    const std::string_view text = document_->file->text();
    // A caret line shows one line: cut spans there.
    const std::size_t line_end = std::min(text.find('\n', span.begin), text.size());
    span.end = std::clamp(span.end, span.begin, static_cast<std::uint32_t>(line_end));
    return span;
  }

  /// False when nested too deeply.
  bool Convert(const toml::node& node, const std::string& path, std::size_t depth, Value& out) {
    if (depth > kMaxDepth) return false;
    if (!path.empty() && document_->places.size() < kMaxPlaces) {
      document_->places.emplace(path, SpanOf(node.source()));
    }
    if (const auto* table = node.as_table()) return Table(*table, path, depth, out);
    if (const auto* array = node.as_array()) return Array(*array, path, depth, out);
    out = Scalar(node);
    return true;
  }

 private:
  std::uint32_t Offset(const toml::source_position& position) const {
    if (position.line == 0 || line_starts_.empty()) return 0;
    const std::size_t line = std::min<std::size_t>(position.line - 1, line_starts_.size() - 1);
    const std::string_view text = document_->file->text();
    std::size_t at = line_starts_[line];
    for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
      if (text[at] == '\n') break;
      at += std::max<std::size_t>(1, base::Utf8SequenceLength(text.substr(at, 4)));
    }
    return static_cast<std::uint32_t>(std::min(at, text.size()));
  }

  bool Table(const toml::table& table, const std::string& path, std::size_t depth, Value& out) {
    const auto members = document_->arena.NewArray<Member>(table.size());
    std::size_t at = 0;
    for (const auto& [key, node] : table) {
      members[at].key = document_->arena.Copy(key.str());
      const std::string below =
          path.empty() ? std::string(key.str()) : path + "." + std::string(key.str());
      if (!Convert(node, below, depth + 1, members[at].value)) return false;
      ++at;
    }
    out = Value::Object(members);
    return true;
  }

  bool Array(const toml::array& array, const std::string& path, std::size_t depth, Value& out) {
    const auto items = document_->arena.NewArray<Value>(array.size());
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (!Convert(*array.get(i), path + "." + std::to_string(i), depth + 1, items[i]))
        return false;
    }
    out = Value::List(items);
    return true;
  }

  Value Scalar(const toml::node& node) {
    if (const auto* text = node.as_string()) {
      return Value::String(document_->arena.Copy(text->get()));
    }
    if (const auto* number = node.as_integer()) return Value::Integer(number->get());
    if (const auto* real = node.as_floating_point()) return Value::Double(real->get());
    if (const auto* flag = node.as_boolean()) return Value::Boolean(flag->get());
    std::ostringstream text;
    if (const auto* date = node.as_date()) text << date->get();
    if (const auto* time = node.as_time()) text << time->get();
    if (const auto* moment = node.as_date_time()) text << moment->get();
    return Value::String(document_->arena.Copy(text.str()));
  }

  TomlDocument* document_;
  std::vector<std::uint32_t> line_starts_;
};

}  // namespace

TomlDocument ParseToml(const std::string& path, std::string text) {
  TomlDocument document;
  const bool too_large = text.size() > kMaxTomlBytes;
  document.file = std::make_shared<const base::Source>(path, too_large ? "" : std::move(text));
  if (too_large) {
    document.error = MakeError("R001", "the file is larger than 4 MiB");
    return document;
  }
  if (HasEndlessKey(document.file->text())) {
    document.error = MakeError("R001", "a key has more than 64 parts");
    return document;
  }
  Converter converter(document);
  const toml::parse_result result = toml::parse(document.file->text(), std::string_view(path));
  if (!result) {
    document.error = MakeError("R001", "not TOML: " + std::string(result.error().description()));
    document.error.span = converter.SpanOf(result.error().source());
    document.error.span.end = std::max(document.error.span.end, document.error.span.begin);
    return document;
  }
  Value root;
  if (!converter.Convert(result.table(), "", 0, root)) {
    document.error = MakeError("R001", "tables nest deeper than 64 levels");
    document.places.clear();
    return document;
  }
  document.root = root;
  return document;
}

std::shared_ptr<const base::Source> StringInFile(const base::Source& file, base::Span place,
                                                 const std::string& value) {
  const std::string_view text = file.text();
  std::size_t start = std::min<std::size_t>(place.begin, text.size());
  const std::string_view rest = text.substr(start);
  if (rest.substr(0, 3) == "'''" || rest.substr(0, 3) == "\"\"\"") {
    start += 3;
    if (text.substr(start, 2) == "\r\n") {
      start += 2;
    } else if (text.substr(start, 1) == "\n") {
      start += 1;
    }
  } else if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
    start += 1;
  }
  const auto at = file.PlaceOf(static_cast<std::uint32_t>(start));
  return std::make_shared<const base::Source>(file.path(), value, at.line, at.column);
}

}  // namespace vedette::rules
