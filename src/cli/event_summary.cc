// SPDX-License-Identifier: Apache-2.0
#include "cli/event_summary.h"

#include <initializer_list>
#include <utility>

#include "event/json_reader.h"

namespace vedette::cli {
namespace {

using event::Value;

constexpr std::size_t kMaxDetail = 4096;  // no terminal shows more

void Append(const Value& value, std::string& out) {
  if (value.is_null() || out.size() > kMaxDetail) return;
  if (value.is_list()) {
    for (const Value& element : value.list()) Append(element, out);
    return;
  }
  if (!out.empty()) out += ", ";
  if (value.is_string()) {
    out += value.text().substr(0, kMaxDetail);
  } else {
    event::WriteJson(value, out);
  }
}

std::string FirstOf(const Value& document, std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    if (std::string text = FieldText(document, path); !text.empty()) return text;
  }
  return {};
}

std::string TimeText(base::Timestamp time) {
  // Events without a time carry the epoch.
  if (time.nanoseconds == 0) return {};
  constexpr std::size_t kToMilliseconds = 23;
  std::string text = base::FormatIsoTime(time).substr(0, kToMilliseconds);
  text[10] = ' ';
  return text;
}

std::string CommandLine(const Value& document) {
  std::string text = FirstOf(document, {"process.command_line", "command_line", "process.title"});
  if (!text.empty()) return text;
  if (const Value args = document.GetPath("process.args"); args.is_list()) {
    for (const Value& arg : args.list()) {
      if (!arg.is_string() || text.size() > kMaxDetail) continue;
      if (!text.empty()) text += ' ';
      text += arg.text();
    }
    if (!text.empty()) return text;
  }
  return FirstOf(document, {"process.executable", "process_path", "process.name", "process_name"});
}

std::string Target(const Value& document) {
  std::string file = FirstOf(document, {"file.path", "file_path", "file.name", "file_name"});
  if (!file.empty()) return file;
  std::string name = FirstOf(document, {"dns.question.name", "url.full", "url.original"});
  if (!name.empty()) return name;
  std::string address =
      FirstOf(document, {"destination.ip", "destination.address", "destination_address"});
  if (address.empty()) return FirstOf(document, {"registry.path", "key_path"});
  const std::string port = FirstOf(document, {"destination.port", "destination_port"});
  if (!port.empty()) {
    const bool brackets = address.find(':') != std::string::npos;
    address = (brackets ? "[" + address + "]:" : address + ":") + port;
  }
  return address;
}

std::string Detail(const Value& document, bool process) {
  std::string text;
  if (process) {
    text = CommandLine(document);
    const std::string parent = FirstOf(
        document, {"process.parent.name", "parent_process_name", "process.parent.executable"});
    if (!text.empty() && !parent.empty()) text += "  (from " + parent + ")";
  } else if (const std::string target = Target(document); !target.empty()) {
    text = target;
    const std::string by =
        FirstOf(document, {"process.name", "process_name", "process.executable"});
    if (!by.empty()) text += "  (by " + by + ")";
  }
  if (text.empty()) text = FirstOf(document, {"message"});
  if (text.empty()) text = CommandLine(document);
  if (text.empty()) event::WriteJson(document, text);
  return text;
}

}  // namespace

std::string FieldText(const Value& document, std::string_view path) {
  std::string out;
  Append(document.GetPath(path), out);
  return out;
}

EventSummary SummarizeEvent(const Value& document, base::Timestamp time) {
  EventSummary out;
  out.time = TimeText(time);
  const std::string category =
      FirstOf(document, {"event.category", "event_type", "event_type_full"});
  const std::string action = FirstOf(document, {"event.action", "subtype", "event_subtype_full"});
  out.what = category;
  if (!action.empty()) out.what += (category.empty() ? "" : " ") + action;
  out.host = FirstOf(document, {"host.name", "host.hostname", "hostname", "host.id"});
  out.user = FirstOf(document, {"user.name", "user_name", "user.id"});
  out.detail = Detail(document, category.starts_with("process"));
  return out;
}

}  // namespace vedette::cli
