// SPDX-License-Identifier: Apache-2.0
#include "cli/hunt_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "cli/event_summary.h"
#include "cli/numbers.h"

namespace vedette::cli {
namespace {

using base::Result;
using engine::QueryResult;
using engine::ResultEvent;

constexpr std::string_view kMissing = R"({"missing":true})";

std::vector<GrowingTable::Column> ColumnsOf(const HuntView& view) {
  std::vector<GrowingTable::Column> columns;
  if (!view.fields.empty()) {
    for (const std::string& field : view.fields) columns.push_back({field, 60});
    return columns;
  }
  if (view.counted) return {{"COUNT", 12}, {"PERCENT", 8}, {"HOSTS", 24}, {"KEY", 200}};
  return {{"TIME (UTC)", 23}, {"EVENT", 24}, {"HOST", 16}, {"USER", 12}, {"WHAT", 200}};
}

std::string Span(base::Duration span) {
  const double seconds = static_cast<double>(span.count()) / 1e9;
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

HuntOutput::HuntOutput(io::OutputFile& out, HuntView view) : out_(out), view_(std::move(view)) {
  if (view_.format != AnswerFormat::kTable) return;
  table_.emplace(ColumnsOf(view_), view_.width, view_.colour,
                 [this](std::string_view text) { return out_.Write(text); });
}

Result<void> HuntOutput::Write(const QueryResult& result) {
  if (view_.format == AnswerFormat::kTable) {
    ++count_;
    return WriteTable(result);
  }
  buffer_.clear();
  const std::string_view keys =
      result.join_keys.empty() ? std::string_view("[]") : std::string_view(result.join_keys);
  if (view_.format == AnswerFormat::kNdjson) {
    if (view_.events) {
      buffer_ += result.events.front().json;
    } else {
      buffer_ += "{\"join_keys\":";
      buffer_ += keys;
      buffer_ += ",\"events\":[";
      for (std::size_t i = 0; i < result.events.size(); ++i) {
        if (i != 0) buffer_ += ',';
        buffer_ += result.events[i].missing ? kMissing : std::string_view(result.events[i].json);
      }
      buffer_ += "]}";
    }
    buffer_ += '\n';
  } else {
    if (count_ == 0) {
      buffer_ = view_.events ? "{\"hits\":{\"events\":[\n" : "{\"hits\":{\"sequences\":[\n";
    } else {
      buffer_ = ",\n";
    }
    if (view_.events) {
      AppendHit(result.events.front());
    } else {
      buffer_ += "{\"join_keys\":";
      buffer_ += keys;
      buffer_ += ",\"events\":[";
      for (std::size_t i = 0; i < result.events.size(); ++i) {
        if (i != 0) buffer_ += ',';
        AppendHit(result.events[i]);
      }
      buffer_ += "]}";
    }
  }
  ++count_;
  return out_.Write(buffer_);
}

void HuntOutput::AppendHit(const ResultEvent& event) {
  base::JsonWriter json(buffer_);
  json.BeginObject();
  json.Member("_index", event.index);
  json.Member("_id", event.id);
  json.Key("_source");
  json.Raw(event.missing ? std::string_view("{}") : std::string_view(event.json));
  if (event.missing) json.MemberBool("missing", true);
  json.EndObject();
}

Result<void> HuntOutput::Finish(bool cut, bool partial) {
  if (view_.format == AnswerFormat::kTable) return table_->Flush();
  if (view_.format == AnswerFormat::kNdjson) return {};
  buffer_.clear();
  if (count_ == 0) {
    buffer_ = view_.events ? "{\"hits\":{\"events\":[" : "{\"hits\":{\"sequences\":[";
  } else {
    buffer_ += '\n';
  }
  buffer_ += fmt::format(
      "],\"total\":{{\"value\":{},\"relation\":\"{}\"}}}},\"is_partial\":{},\"is_running\":false,"
      "\"timed_out\":false}}\n",
      count_, cut ? "gte" : "eq", partial);
  return out_.Write(buffer_);
}

Result<void> HuntOutput::WriteTable(const QueryResult& result) {
  if (view_.events) return WriteRow(result.events.front(), {});
  VED_TRY_VOID(table_->Line(GroupHeading(result), "1;36"));
  for (std::size_t i = 0; i < result.events.size(); ++i) {
    VED_TRY_VOID(WriteRow(result.events[i], fmt::format("  {}", i + 1)));
  }
  return {};
}

std::string HuntOutput::GroupHeading(const QueryResult& result) {
  std::string text = fmt::format("#{}", count_);
  base::Arena arena;
  const auto keys = reader_.Read(result.join_keys.empty() ? "[]" : result.join_keys, arena);
  if (keys && keys->is_list()) {
    for (std::size_t i = 0; i < keys->list().size(); ++i) {
      const event::Value& key = keys->list()[i];
      std::string value;
      if (key.is_string()) {
        value = key.text();
      } else {
        event::WriteJson(key, value);
      }
      text += i == 0 ? "  " : ", ";
      text += i < view_.key_names.size() ? view_.key_names[i] + " " + value : value;
    }
  }
  std::optional<base::Timestamp> first;
  std::optional<base::Timestamp> last;
  int present = 0;
  for (const ResultEvent& event : result.events) {
    if (event.missing) continue;
    ++present;
    first = std::min(first.value_or(event.timestamp), event.timestamp);
    last = std::max(last.value_or(event.timestamp), event.timestamp);
  }
  if (present > 1) text += "  within " + Span(*last - *first);
  return text;
}

Result<void> HuntOutput::WriteRow(const ResultEvent& event, std::string mark) {
  arena_.Reset();
  event::Value document;
  if (!event.missing) {
    if (const auto read = reader_.Read(event.json, arena_)) document = *read;
  }
  std::vector<std::string> cells;
  if (!view_.fields.empty()) {
    for (const std::string& field : view_.fields) {
      cells.push_back(event.missing && cells.empty() ? "(missing)" : FieldText(document, field));
    }
  } else if (view_.counted) {
    // `percent` is a share of one.
    const event::Value percent = document.Get("percent");
    cells = {FieldText(document, "count"),
             percent.kind() == event::ValueKind::kDouble
                 ? fmt::format("{:.1f} %", percent.real() * 100)
                 : FieldText(document, "percent"),
             FieldText(document, "hosts"),
             document.Get("key").is_null() ? "null" : FieldText(document, "key")};
  } else if (event.missing) {
    cells = {"(missing)", "", "", "", "no such event, as the query asks"};
  } else {
    const EventSummary summary = SummarizeEvent(document, event.timestamp);
    cells = {summary.time.empty() ? "no time" : summary.time, summary.what, summary.host,
             summary.user, summary.detail};
  }
  return table_->Row(std::move(cells), std::move(mark));
}

}  // namespace vedette::cli
