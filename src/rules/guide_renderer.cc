// SPDX-License-Identifier: Apache-2.0
#include "rules/guide_renderer.h"

#include <algorithm>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/guide_plugins.h"

namespace vedette::rules {
namespace {

using event::Value;

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kCyan = "\x1b[36m";
constexpr std::string_view kReset = "\x1b[0m";

std::string Painted(std::string_view text, std::string_view tint, bool colour) {
  if (!colour || text.empty()) return std::string(text);
  return std::string(tint) + std::string(text) + std::string(kReset);
}

std::string Harmless(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\r') continue;
    if (text[i] == '\t') {
      out += "  ";
    } else if (byte == 0xC2 && i + 1 < text.size() &&
               static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      out.push_back('.');  // C1 controls: some terminals obey them
      ++i;
    } else {
      out.push_back((byte < 0x20 && text[i] != '\n') || byte == 0x7F ? '.' : text[i]);
    }
  }
  return out;
}

/// Columns of a text, escape sequences not counted; code points stand for columns.
std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = std::min(text.find('m', i), text.size());
      continue;
    }
    columns += (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U ? 1U : 0U;
  }
  return columns;
}

/// `**bold**`, `` `code` `` and `[text](url)` of one paragraph.
std::string Spans(std::string_view text, bool colour) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (rest[0] == '`') {
      const std::size_t end = rest.find('`', 1);
      if (end != std::string_view::npos) {
        out += colour ? Painted(rest.substr(1, end - 1), kCyan, true)
                      : std::string(rest.substr(0, end + 1));
        i += end + 1;
        continue;
      }
    }
    if (rest.substr(0, 2) == "**") {
      const std::size_t end = rest.find("**", 2);
      if (end != std::string_view::npos && end > 2) {
        out += Painted(rest.substr(2, end - 2), kBold, colour);
        i += end + 2;
        continue;
      }
    }
    if (rest[0] == '[') {
      const std::size_t middle = rest.find("](");
      const std::size_t end = middle == std::string_view::npos ? middle : rest.find(')', middle);
      if (end != std::string_view::npos && rest.find('\n') > end) {
        out += rest.substr(1, middle - 1);
        out.append(" <").append(rest.substr(middle + 2, end - middle - 2)).append(">");
        i += end + 1;
        continue;
      }
    }
    out.push_back(rest[0]);
    ++i;
  }
  return out;
}

/// Wraps at blanks; `first` begins the first line, `indent` blanks the others.
std::string Wrap(std::string_view text, const std::string& first, std::size_t indent,
                 std::size_t width) {
  std::string out = first;
  std::size_t column = Columns(first);
  bool line_empty = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t columns = Columns(word);
    if (!line_empty && column + 1 + columns > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      line_empty = true;
    }
    if (!line_empty) {
      out.push_back(' ');
      ++column;
    }
    out += word;
    column += columns;
    line_empty = false;
  }
  return out + "\n";
}

/// Bytes of a list marker with its blanks: `- `, `* `, `12. `; 0 for none.
std::size_t MarkerLength(std::string_view text) {
  if (text.size() >= 2 && (text[0] == '-' || text[0] == '*' || text[0] == '+') && text[1] == ' ') {
    return 2;
  }
  std::size_t digits = 0;
  while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const bool ordered = digits > 0 && digits + 1 < text.size() &&
                       (text[digits] == '.' || text[digits] == ')') && text[digits + 1] == ' ';
  return ordered ? digits + 2 : 0;
}

class Renderer {
 public:
  explicit Renderer(const GuideStyle& style) : style_(style) {
    style_.width = std::max<std::size_t>(style_.width, 20);
  }

  void Markdown(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      Line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    Flush();
  }
  void Verbatim(std::string_view text) {
    Flush();
    out_ += text;
  }
  std::string Take() && { return std::move(out_); }

 private:
  void Line(std::string_view raw) {
    const std::size_t indent = std::min(raw.find_first_not_of(' '), raw.size());
    const std::string_view line = raw.substr(indent);
    if (line.substr(0, 3) == "```") {
      Flush();
      in_code_ = !in_code_;
      return;
    }
    if (in_code_) {
      out_ += "    " + Painted(raw, kCyan, style_.colour) + "\n";
      return;
    }
    if (line.empty()) {
      Flush();
      if (!out_.empty() &&
          out_.substr(out_.size() - std::min<std::size_t>(2, out_.size())) != "\n\n") {
        out_ += "\n";
      }
      return;
    }
    if (line[0] == '#') return Heading(line);
    if (const std::size_t marker = MarkerLength(line); marker > 0) {
      Flush();
      indent_ = std::min<std::size_t>(indent, 12);
      const bool bullet = line[0] == '-' || line[0] == '*' || line[0] == '+';
      first_ = std::string(indent_, ' ') +
               (bullet ? std::string("- ") : std::string(line.substr(0, marker)));
      indent_ = Columns(first_);
      paragraph_ = line.substr(marker);
      return;
    }
    if (line.substr(0, 2) == "> ") {
      Flush();
      first_ = "  | ";
      indent_ = 4;
      paragraph_ = line.substr(2);
      return;
    }
    if (!paragraph_.empty()) paragraph_.push_back(' ');
    paragraph_ += line;
  }

  void Heading(std::string_view line) {
    Flush();
    const std::size_t level = line.find_first_not_of('#');
    if (level == std::string_view::npos) return;
    std::string_view text = line.substr(level);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (!out_.empty() && out_.back() == '\n' && out_.size() > 1 && out_[out_.size() - 2] != '\n') {
      out_ += "\n";
    }
    const std::string title(text);
    out_ += Painted(title, kBold, style_.colour) + "\n";
    if (level <= 2) out_ += std::string(std::min(Columns(title), style_.width), '=') + "\n";
    if (level == 3) out_ += std::string(std::min(Columns(title), style_.width), '-') + "\n";
  }

  void Flush() {
    if (!paragraph_.empty() || !first_.empty()) {
      out_ += Wrap(Spans(paragraph_, style_.colour), first_, indent_, style_.width);
    }
    paragraph_.clear();
    first_.clear();
    indent_ = 0;
  }

  GuideStyle style_;
  std::string out_;
  std::string paragraph_;
  std::string first_;
  std::size_t indent_ = 0;
  bool in_code_ = false;
};

std::string_view TextOf(const Value& value) {
  return value.is_string() ? value.text() : std::string_view();
}

/// One provider as an EQL condition.
std::string Condition(const Value& provider) {
  const std::string field(TextOf(provider.Get("field")));
  std::string value;
  event::WriteJson(provider.Get("value"), value);
  const bool boolean = TextOf(provider.Get("valueType")) == "boolean";
  if (boolean && value.size() > 2 && value.front() == '"')
    value = value.substr(1, value.size() - 2);
  const Value excluded = provider.Get("excluded");
  const bool negated = excluded.kind() == event::ValueKind::kBoolean && excluded.boolean();
  if (TextOf(provider.Get("queryType")) == "range") {
    return (negated ? "not " : "") + field + " within " + value;
  }
  return field + (negated ? " != " : " == ") + value;
}

std::string Investigation(const Value& payload) {
  std::string out;
  const Value providers = payload.Get("providers");
  if (!providers.is_list()) return out;
  const std::size_t groups = providers.list().size();
  for (const Value& group : providers.list()) {
    if (!group.is_list()) continue;
    std::string all;
    for (const Value& provider : group.list()) {
      all += (all.empty() ? "" : " and ") + Condition(provider);
    }
    if (!out.empty()) out += " or\n      ";
    out += groups > 1 ? "(" + all + ")" : all;
  }
  return "    any where " + out + "\n";
}

}  // namespace

std::string RenderPlugin(std::string_view name, std::string_view json, const GuideStyle& style) {
  base::Arena arena(16 * 1024);
  event::JsonReader reader({.max_depth = 32});
  const auto payload = reader.Read(json, arena);
  if (!payload.has_value() || !payload->is_object()) {
    return Harmless("    !{" + std::string(name) + std::string(json) + "}\n");
  }
  const bool osquery = name == "osquery";
  std::string head = osquery ? "osquery: " : "hunt: ";
  head += Harmless(TextOf(payload->Get("label")));
  std::string out = "  " + Painted("> " + head, kBold, style.colour) + "\n";
  const std::string about = Harmless(TextOf(payload->Get("description")));
  if (!about.empty()) out += Wrap(about, "    ", 4, std::max<std::size_t>(style.width, 20));
  std::string body;
  if (osquery) {
    body = "    " + std::string(TextOf(payload->Get("query"))) + "\n";
  } else {
    body = Investigation(*payload);
    const std::string_view from = TextOf(payload->Get("relativeFrom"));
    const std::string_view to = TextOf(payload->Get("relativeTo"));
    if (!from.empty()) {
      body += "    time: " + std::string(from) + " to " + std::string(to.empty() ? "now" : to) +
              ", counted from the alert\n";
    }
  }
  return out + Painted(Harmless(body), style.colour ? kDim : "", style.colour);
}

std::string RenderGuide(std::string_view markdown, const GuideStyle& style) {
  Renderer renderer(style);
  std::size_t at = 0;
  for (const GuidePlugin& plugin : FindPlugins(markdown)) {
    renderer.Markdown(Harmless(markdown.substr(at, plugin.begin - at)));
    renderer.Verbatim(RenderPlugin(plugin.name, plugin.json, style));
    at = plugin.end;
  }
  renderer.Markdown(Harmless(markdown.substr(at)));
  return std::move(renderer).Take();
}

}  // namespace vedette::rules
