// SPDX-License-Identifier: Apache-2.0
#include "cli/rules_explain_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/arena.h"
#include "cli/event_summary.h"
#include "cli/numbers.h"
#include "cli/text_table.h"

namespace vedette::cli {
namespace {

using engine::ExplainedEvent;
using engine::ExplainedItem;
using engine::StatementReport;
using eql::Explanation;
using eql::Verdict;
using Role = ExplainedItem::Role;

constexpr std::size_t kMostValueColumns = 200;

std::string Mark(Verdict verdict, const ExplainStyle& style) {
  switch (verdict) {
    case Verdict::kTrue:
      return Tinted(style.colour, "32", style.utf8 ? "✓" : "+");
    case Verdict::kFalse:
      return Tinted(style.colour, "1;31", style.utf8 ? "✗" : "-");
    case Verdict::kNull:
      return Tinted(style.colour, "33", "null");
  }
  return {};
}

std::string Values(const std::vector<eql::SeenValue>& seen) {
  std::string out;
  for (const eql::SeenValue& value : seen) {
    if (!out.empty()) out += ", ";
    out += value.name + (value.missing() ? " is missing" : " is " + value.json);
  }
  return FitToWidth(out, kMostValueColumns);
}

std::string_view Word(const Explanation& node) {
  switch (node.kind) {
    case Explanation::Kind::kAnd:
      return "all of";
    case Explanation::Kind::kOr:
      return "any of";
    case Explanation::Kind::kNot:
      return "not";
    default:
      return {};
  }
}

class TreeWriter {
 public:
  TreeWriter(const ExplainStyle& style, std::string& out) : style_(style), out_(out) {}

  void Write(const Explanation& node, std::size_t depth) {
    if (node.kind == Explanation::Kind::kTest) return Write(node.parts.front(), depth);
    std::string line(2 * depth, ' ');
    const bool leaf = node.kind == Explanation::Kind::kLeaf;
    const std::string text = leaf ? WithoutControls(node.text) : std::string(Word(node));
    out_ += line + Mark(node.verdict, style_) + " " + text;
    if (leaf) Beside(2 * depth + 2 + DisplayWidth(text), 2 * depth + 4, node);
    out_ += '\n';
    for (const Explanation& part : node.parts) Write(part, depth + 1);
  }

 private:
  /// The values, on the same line where there is room.
  void Beside(std::size_t used, std::size_t indent, const Explanation& leaf) {
    std::string note = Values(leaf.seen);
    if (!leaf.hint.empty()) note += (note.empty() ? "" : "; ") + leaf.hint;
    if (note.empty()) return;
    if (used + 3 + DisplayWidth(note) <= style_.width) {
      out_ += "   ";
    } else {
      out_ += '\n' + std::string(indent, ' ');
    }
    out_ += Tinted(style_.colour, "2", note);
  }

  const ExplainStyle& style_;
  std::string& out_;
};

void AppendTree(const eql::EventExplanation& explanation, const ExplainStyle& style,
                std::size_t depth, std::string& out) {
  if (!explanation.category.empty()) {
    out += std::string(2 * depth, ' ') +
           Mark(explanation.of_category ? Verdict::kTrue : Verdict::kFalse, style) + " " +
           WithoutControls(explanation.category) + " where   " +
           Tinted(style.colour, "2", Values({explanation.category_seen})) + "\n";
  }
  if (explanation.condition) TreeWriter(style, out).Write(*explanation.condition, depth);
}

std::string Heading(const ExplainedEvent& event, event::JsonReader& reader) {
  base::Arena arena;
  std::string out = fmt::format("event {}", event.number);
  const auto document = reader.Read(event.json, arena);
  if (!document) return out;
  const EventSummary summary = SummarizeEvent(*document, event.timestamp);
  const auto add = [&](const std::string& part) {
    if (!part.empty()) out += "  " + part;
  };
  if (event.has_timestamp) add(summary.time);
  add(summary.what);
  add(summary.host);
  add(summary.user);
  add(summary.detail);
  return out;
}

std::string ItemLabel(std::size_t i, const ExplainedItem& item) {
  if (item.role == Role::kUntil) return "until";
  return std::to_string(i + 1);
}

std::string ItemText(const ExplainedItem& item) {
  return item.runs > 1 ? fmt::format("{} with runs={}", item.text, item.runs) : item.text;
}

std::string Items(const StatementReport& report, const ExplainStyle& style) {
  TextTable table({{"Item"}, {"Events", true}, {"Keys", true}, {"Query", false, true, 30}});
  for (std::size_t i = 0; i < report.items.size(); ++i) {
    const ExplainedItem& item = report.items[i];
    const bool empty = item.events == 0 && item.role == Role::kItem;
    table.Row({{ItemLabel(i, item)},
               {WithThousands(item.events), empty ? std::string_view("1;31") : std::string_view()},
               {WithThousands(item.keys)},
               {ItemText(item)}});
  }
  return table.Render(style.width, style.colour);
}

std::string KeysTable(const StatementReport& report, const ExplainStyle& style) {
  std::string title;
  for (const std::string& name : report.key_names) title += (title.empty() ? "" : ", ") + name;
  if (title.empty()) title = "(no join key)";
  std::string out;
  for (const StatementReport::Key& key : report.keys) {
    const bool good = key.results != 0;
    out += "  " + Tinted(style.colour, good ? "32" : "33",
                         WithoutControls(key.keys.empty() ? "(all events)" : key.keys));
    out += ": " + WithoutControls(key.stands);
    const auto dropped = [&](std::uint64_t count, const char* what) {
      if (count != 0) out += fmt::format("; {} {}", WithThousands(count), what);
    };
    dropped(key.expired, "ran out of time");
    dropped(key.until, "ended by until");
    dropped(key.missing, "refused by a missing item");
    dropped(key.replaced, "restarted by a newer event");
    dropped(key.evicted, "forgotten for want of room");
    out += '\n';
  }
  return Tinted(style.colour, "1", WithoutControls(title)) + "\n" + out;
}

void WriteTree(base::JsonWriter& json, const Explanation& node) {
  static constexpr const char* kKinds[] = {"and", "or", "not", "test", "leaf"};
  json.BeginObject();
  json.Member("kind", kKinds[static_cast<std::size_t>(node.kind)]);
  json.Member("verdict", eql::VerdictName(node.verdict));
  json.MemberInt("distance", node.distance);
  json.Member("text", node.text);
  if (!node.hint.empty()) json.Member("hint", node.hint);
  if (!node.seen.empty()) {
    json.Key("seen");
    json.BeginArray();
    for (const eql::SeenValue& value : node.seen) {
      json.BeginObject();
      json.Member("name", value.name);
      json.Key("value");
      json.Raw(value.json);
      json.EndObject();
    }
    json.EndArray();
  }
  if (!node.parts.empty()) {
    json.Key("parts");
    json.BeginArray();
    for (const Explanation& part : node.parts) WriteTree(json, part);
    json.EndArray();
  }
  json.EndObject();
}

void Count(base::JsonWriter& json, std::string_view name, std::uint64_t count) {
  json.Key(name);
  json.Uint(count);
}

void WriteItem(base::JsonWriter& json, const ExplainedItem& item, bool nearest) {
  static constexpr const char* kRoles[] = {"item", "missing", "until"};
  json.BeginObject();
  json.Member("role", kRoles[static_cast<std::size_t>(item.role)]);
  json.Member("text", item.text);
  if (item.runs > 1) json.MemberInt("runs", item.runs);
  if (item.asks_earlier) json.MemberBool("asks_earlier", true);
  Count(json, "events", item.events);
  Count(json, "without_key", item.without_key);
  Count(json, "keys", item.keys);
  if (nearest && item.nearest) {
    json.Key("nearest");
    WriteExplainedEvent(json, *item.nearest);
  }
  json.EndObject();
}

}  // namespace

bool LocaleIsUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string locale(value);
    std::transform(locale.begin(), locale.end(), locale.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

std::string EventPage(const ExplainedEvent& event, const ExplainStyle& style,
                      event::JsonReader& reader) {
  std::string out =
      Tinted(style.colour, "1", FitToWidth(Heading(event, reader), style.width)) + "\n";
  const std::string reason = engine::FirstReason(event);
  out += event.fires()
             ? Tinted(style.colour, "32", "fires")
             : Tinted(style.colour, "1;31", "does not fire") + ": " + WithoutControls(reason);
  out += '\n';
  AppendTree(event.explanation, style, 1, out);
  return out;
}

std::string StatementPage(const StatementReport& report, const ExplainStyle& style,
                          event::JsonReader& reader) {
  std::string out = Tinted(style.colour, "1", WithoutControls(report.verdict)) + "\n\n";
  out += Items(report, style) + "\n";
  if (!report.keys.empty()) out += KeysTable(report, style);
  if (report.key_count > report.keys.size()) {
    out += fmt::format("  and {}; --all shows them\n",
                       Counted(report.key_count - report.keys.size(), "other key"));
  }
  if (!report.awaited) return out;
  const ExplainedItem& item = report.items[*report.awaited];
  // Where the item does match under other keys, an event of another kind tells nothing.
  if (!item.nearest || (item.events != 0 && item.nearest->nearness.other_category)) return out;
  out += "\n" +
         Tinted(style.colour, "1",
                fmt::format("The event that comes nearest to item {} without matching it:",
                            *report.awaited + 1)) +
         "\n";
  out += FitToWidth(Heading(*item.nearest, reader), style.width) + "\n";
  out += WithoutControls(engine::FirstReason(*item.nearest)) + "\n";
  AppendTree(item.nearest->explanation, style, 1, out);
  return out;
}

void WriteExplainedEvent(base::JsonWriter& json, const ExplainedEvent& event) {
  json.BeginObject();
  Count(json, "number", event.number);
  if (event.has_timestamp) json.Member("timestamp", base::FormatIsoTime(event.timestamp));
  json.MemberBool("fires", event.fires());
  if (!event.fires()) json.Member("reason", engine::FirstReason(event));
  json.MemberInt("distance", event.nearness.distance);
  if (!event.outside_indices.empty()) json.Member("outside_indices", event.outside_indices);
  if (!event.explanation.category.empty()) {
    json.Key("category");
    json.BeginObject();
    json.Member("wanted", event.explanation.category);
    json.MemberBool("holds", event.explanation.of_category);
    json.Member("field", event.explanation.category_seen.name);
    json.Key("value");
    json.Raw(event.explanation.category_seen.json);
    json.EndObject();
  }
  if (event.explanation.condition) {
    json.Key("condition");
    WriteTree(json, *event.explanation.condition);
  }
  json.Key("event");
  json.Raw(event.json);
  json.EndObject();
}

void WriteStatement(base::JsonWriter& json, const StatementReport& report, bool keys) {
  json.Member("kind", report.kind);
  json.Member("verdict", report.verdict);
  Count(json, "results", report.results);
  Count(json, "events", report.events);
  if (!report.maxspan.empty()) json.Member("maxspan", report.maxspan);
  json.Key("key_names");
  json.BeginArray();
  for (const std::string& name : report.key_names) json.String(name);
  json.EndArray();
  if (report.awaited) json.MemberInt("awaited_item", *report.awaited + 1);
  json.Key("items");
  json.BeginArray();
  for (std::size_t i = 0; i < report.items.size(); ++i) {
    WriteItem(json, report.items[i], report.awaited == i);
  }
  json.EndArray();
  Count(json, "key_count", report.key_count);
  Count(json, "keys_left_out", report.keys_left_out);
  Count(json, "evicted", report.evicted);
  if (!keys) return;
  json.Key("keys");
  json.BeginArray();
  for (const StatementReport::Key& key : report.keys) WriteExplainedKey(json, key);
  json.EndArray();
}

void WriteExplainedKey(base::JsonWriter& json, const StatementReport::Key& key) {
  json.BeginObject();
  json.Key("join_keys");
  json.Raw(key.keys.empty() ? "[]" : key.keys);
  Count(json, "results", key.results);
  json.Member("stands", key.stands);
  Count(json, "reached", key.reached);
  json.Member("fate", engine::FateName(key.fate));
  if (key.reached != 0) {
    json.Member("first", base::FormatIsoTime(key.first));
    json.Member("last", base::FormatIsoTime(key.last));
  }
  if (key.late) {
    json.Key("late_seconds");
    json.Double(static_cast<double>(key.late->count()) / 1e9);
  }
  json.Key("events");
  json.BeginArray();
  for (const std::uint64_t count : key.events) json.Uint(count);
  json.EndArray();
  Count(json, "expired", key.expired);
  Count(json, "until", key.until);
  Count(json, "missing", key.missing);
  Count(json, "replaced", key.replaced);
  Count(json, "evicted", key.evicted);
  json.EndObject();
}

}  // namespace vedette::cli
