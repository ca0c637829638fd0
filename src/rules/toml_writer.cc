// SPDX-License-Identifier: Apache-2.0
#include "rules/toml_writer.h"

#include <algorithm>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/rule_members.h"

namespace vedette::rules {
namespace {

using event::Value;
using event::ValueKind;

constexpr std::size_t kLineWidth = 100;

bool IsBareKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// A basic string; line breaks stay when `several_lines`, else they are escaped.
std::string Basic(std::string_view text, bool several_lines) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = several_lines ? "\"\"\"\n" : "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += several_lines ? "\n" : "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 0x0FU]);
    } else {
      out.push_back(c);
    }
  }
  out += several_lines ? "\"\"\"" : "\"";
  return out;
}

std::string Key(std::string_view key) {
  return IsBareKey(key) ? std::string(key) : Basic(key, false);
}

/// Literal strings show a query as it is; what they cannot hold goes to a basic one.
std::string Quoted(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return Basic(text, false);
  const bool literal = text.find("'''") == std::string_view::npos && text.back() != '\'' &&
                       std::none_of(text.begin(), text.end(), [](char c) {
                         const auto byte = static_cast<unsigned char>(c);
                         return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
                       });
  return literal ? "'''\n" + std::string(text) + "'''" : Basic(text, true);
}

std::string Inline(const Value& value);

std::string InlineObject(const Value& value) {
  std::string out;
  std::vector<std::string_view> seen;  // TOML refuses duplicate keys; the first wins, as in Get()
  for (const event::Member& member : value.object()) {
    if (member.value.is_null()) continue;
    if (std::find(seen.begin(), seen.end(), member.key) != seen.end()) continue;
    seen.push_back(member.key);
    out += out.empty() ? "{ " : ", ";
    out += Key(member.key) + " = " + Inline(member.value);
  }
  return out.empty() ? "{}" : out + " }";
}

std::string Inline(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kString:
      return Basic(value.text(), false);
    case ValueKind::kObject:
      return InlineObject(value);
    case ValueKind::kList: {
      std::string out;
      for (const Value& item : value.list()) {
        if (item.is_null()) continue;
        out += out.empty() ? "[" : ", ";
        out += Inline(item);
      }
      return out.empty() ? "[]" : out + "]";
    }
    case ValueKind::kDouble: {
      std::string text = JsonText(value);
      if (text == "null") return "nan";
      if (text.find_first_of(".eE") == std::string::npos) text += ".0";
      return text;
    }
    case ValueKind::kUnsigned:
    case ValueKind::kNumberText:
      return Basic(JsonText(value), false);  // past TOML's 64-bit signed range
    default:
      return JsonText(value);
  }
}

/// A list that is too long for one line: an item per line.
std::string InlineLines(const Value& list) {
  std::string out = "[\n";
  for (const Value& item : list.list()) {
    if (!item.is_null()) out.append("    ").append(Inline(item)).append(",\n");
  }
  return out + "]";
}

}  // namespace

void TomlWriter::Table(std::string_view name) {
  if (!out_.empty()) out_ += "\n";
  out_.append("[").append(name).append("]\n");
}

void TomlWriter::ArrayTable(std::string_view name) {
  if (!out_.empty()) out_ += "\n";
  out_.append("[[").append(name).append("]]\n");
}

void TomlWriter::Raw(std::string_view key, std::string_view value) {
  out_.append(Key(key)).append(" = ").append(value).append("\n");
}

void TomlWriter::Text(std::string_view key, const std::string& text) {
  if (!text.empty()) Raw(key, Quoted(text));
}

void TomlWriter::List(std::string_view key, const std::vector<std::string>& items) {
  if (items.empty()) return;
  std::string one_line = "[";
  std::string lines = "[\n";
  for (const std::string& item : items) {
    const std::string quoted = Basic(item, false);
    one_line += (one_line.size() > 1 ? ", " : "") + quoted;
    lines += "    " + quoted + ",\n";
  }
  const bool fits = key.size() + 4 + one_line.size() <= kLineWidth;
  Raw(key, fits ? one_line + "]" : lines + "]");
}

void TomlWriter::Int(std::string_view key, std::int64_t value) { Raw(key, std::to_string(value)); }

void TomlWriter::Bool(std::string_view key, bool value) { Raw(key, value ? "true" : "false"); }

void TomlWriter::Json(std::string_view key, std::string_view json) {
  base::Arena arena(16UL * 1024);
  event::JsonReader reader({.max_depth = 64});
  const auto value = reader.Read(json, arena);
  if (!value.has_value() || value->is_null()) return;
  const std::string one_line = Inline(*value);
  const bool fits = key.size() + 3 + one_line.size() <= kLineWidth;
  Raw(key, fits || !value->is_list() ? one_line : InlineLines(*value));
}

void TomlWriter::Ref(const AttackRef& ref) {
  Text("id", ref.id);
  Text("name", ref.name);
  Text("reference", ref.reference);
}

void TomlWriter::Threat(const std::string& name, const std::vector<rules::Threat>& threats) {
  for (const rules::Threat& threat : threats) {
    ArrayTable(name);
    Text("framework", threat.framework);
    Table(name + ".tactic");
    Ref(threat.tactic);
    for (const ThreatTechnique& technique : threat.techniques) {
      ArrayTable(name + ".technique");
      Ref(technique.ref);
      for (const AttackRef& sub : technique.subtechniques) {
        ArrayTable(name + ".technique.subtechnique");
        Ref(sub);
      }
    }
  }
}

}  // namespace vedette::rules
