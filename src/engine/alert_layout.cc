// SPDX-License-Identifier: Apache-2.0
#include "engine/alert_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/json_writer.h"
#include "event/json_reader.h"
#include "event/type_fit.h"
#include "rules/rule.h"

namespace vedette::engine {
namespace {

using base::JsonWriter;
using event::Member;
using event::Value;

/// The shape of documents follows this release of the reference product.
constexpr std::string_view kCompatibleVersion = "9.2.0";

/// Names under which an event must not smuggle an alert's status into the alert.
bool IsReserved(std::string_view key) {
  constexpr std::array<std::string_view, 3> kNames{"kibana", "signal", "threshold_result"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
    return key == name || (key.starts_with(name) && key[name.size()] == '.');
  });
}

/// Whether an alert index would take `value` under this name.
bool Fits(const Value& value, const std::string& path) {
  if (value.is_object()) {
    const event::FieldType type = event::EcsSchema().TypeOf(path);
    return type == event::FieldType::kUnknown || type == event::FieldType::kObject ||
           type == event::FieldType::kNested || type == event::FieldType::kUnsupported ||
           event::FitsType(value, type);
  }
  const event::FieldType type = event::EcsSchema().TypeOf(path);
  if (type == event::FieldType::kUnknown) return true;
  if (value.is_list()) {
    return std::all_of(value.list().begin(), value.list().end(),
                       [&](const Value& element) { return Fits(element, path); });
  }
  return value.is_null() || event::FitsType(value, type);
}

/// Copies the event's tree, leaving out what an alert index could not hold.
class EventCopier {
 public:
  EventCopier(JsonWriter& writer, std::vector<std::string>& dropped)
      : writer_(writer), dropped_(dropped) {}

  void CopyTopLevel(const Value& document) {
    bool kind_written = false;
    for (const Member& member : document.object()) {
      if (IsReserved(member.key) || member.key == "event.kind" || member.key == "vedette" ||
          member.key == "@timestamp") {
        continue;
      }
      if (member.key == "event" && member.value.is_object()) {
        writer_.Key("event");
        writer_.BeginObject();
        if (!kind_written) writer_.Member("kind", "signal");
        kind_written = true;
        for (const Member& field : member.value.object()) {
          if (field.key != "kind") CopyMember(field, "event.");
        }
        writer_.EndObject();
        continue;
      }
      CopyMember(member, "");
    }
    if (!kind_written) writer_.Member("event.kind", "signal");
  }

 private:
  void CopyMember(const Member& member, std::string_view prefix) {
    const std::string path = fmt::format("{}{}", prefix, member.key);
    if (!Fits(member.value, path)) {
      dropped_.push_back(path);
      return;
    }
    writer_.Key(member.key);
    CopyValue(member.value, path);
  }

  void CopyValue(const Value& value, const std::string& path) {
    if (!value.is_object()) {
      event::WriteJson(value, writer_);
      return;
    }
    writer_.BeginObject();
    for (const Member& member : value.object()) CopyMember(member, path + ".");
    writer_.EndObject();
  }

  JsonWriter& writer_;
  std::vector<std::string>& dropped_;
};

/// `event.*` again as `kibana.alert.original_event.*`, and likewise data_stream. What does not fit
/// is left out here too: the copies have the mapping of the originals.
void WriteOriginals(JsonWriter& writer, const Value& document, std::string_view name,
                    std::string_view target) {
  const std::string dotted = fmt::format("{}.", name);
  for (const Member& member : document.object()) {
    if (member.key == name && member.value.is_object()) {
      for (const Member& field : member.value.object()) {
        if (!Fits(field.value, dotted + std::string(field.key))) continue;
        writer.Key(fmt::format("{}.{}", target, field.key));
        event::WriteJson(field.value, writer);
      }
    } else if (member.key.starts_with(dotted) && Fits(member.value, std::string(member.key))) {
      writer.Key(fmt::format("{}.{}", target, member.key.substr(dotted.size())));
      event::WriteJson(member.value, writer);
    }
  }
}

/// Members of `vedette` that the alert writes itself.
bool IsOwnVedetteMember(std::string_view key) {
  constexpr std::array<std::string_view, 5> kNames{"mode", "source", "dropped_fields", "timeline",
                                                   "common_fields_truncated"};
  return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

void WriteStatus(const AlertContent& content, JsonWriter& writer) {
  const std::string created = base::FormatIsoTime(content.created);
  writer.Key("kibana.space_ids");
  writer.Raw(R"(["default"])");
  writer.Member("kibana.version", kCompatibleVersion);
  writer.Member("kibana.alert.uuid", content.uuid);
  writer.Member("kibana.alert.status", "active");
  writer.Member("kibana.alert.workflow_status", "open");
  writer.Key("kibana.alert.workflow_tags");
  writer.Raw("[]");
  writer.Key("kibana.alert.workflow_assignee_ids");
  writer.Raw("[]");
  writer.Member("kibana.alert.start", created);
  writer.Member("kibana.alert.last_detected", base::FormatIsoTime(content.last_detected));
  writer.Member("kibana.alert.original_time", base::FormatIsoTime(content.original_time));
  writer.Member("kibana.alert.intended_timestamp", created);
  writer.Member("kibana.alert.reason", content.reason);
  writer.Member("kibana.alert.severity", content.severity);
  writer.MemberInt("kibana.alert.risk_score", content.risk_score);
}

void WriteLineage(const AlertContent& content, JsonWriter& writer) {
  writer.MemberInt("kibana.alert.depth", content.depth);
  if (!content.building_block_type.empty()) {
    writer.Member("kibana.alert.building_block_type", content.building_block_type);
  }
  if (!content.group_id.empty()) writer.Member("kibana.alert.group.id", content.group_id);
  if (content.group_index) {
    writer.Key("kibana.alert.group.index");
    writer.Uint(*content.group_index);
  }
  writer.Key("kibana.alert.ancestors");
  writer.BeginArray();
  for (const AlertAncestor& ancestor : content.ancestors) {
    writer.BeginObject();
    writer.Member("id", ancestor.id);
    writer.Member("type", ancestor.depth == 0 ? "event" : "signal");
    writer.Member("index", ancestor.index);
    writer.MemberInt("depth", ancestor.depth);
    if (ancestor.depth != 0) writer.Member("rule", ancestor.rule_uuid);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteRule(const AlertContent& content, JsonWriter& writer, std::string& out) {
  const std::string created = base::FormatIsoTime(content.created);
  writer.Member("kibana.alert.rule.name", content.rule_name);
  writer.Member("kibana.alert.rule.execution.uuid",
                rules::UuidFromName(fmt::format("run {} of {}", created, content.rule_uuid)));
  writer.Member("kibana.alert.rule.execution.timestamp", created);
  writer.Member("kibana.alert.rule.execution.type", "manual");
  out += ',';
  out += content.rule_members;
}

void WriteOwn(const AlertContent& content, const std::vector<std::string>& dropped,
              JsonWriter& writer, std::string& out) {
  writer.Key("vedette");
  writer.BeginObject();
  writer.Member("mode", content.mode);
  if (content.sources.size() == 1) {
    writer.Member("source", content.sources.front());
  } else {
    writer.Key("source");
    writer.BeginArray();
    for (const std::string_view source : content.sources) writer.String(source);
    writer.EndArray();
  }
  const Value given = content.document.Get("vedette");
  if (given.is_object()) {
    for (const Member& member : given.object()) {
      if (IsOwnVedetteMember(member.key)) continue;
      writer.Key(member.key);
      event::WriteJson(member.value, writer);
    }
  }
  if (!content.vedette_members.empty()) {
    out += ',';
    out += content.vedette_members;
  }
  if (!dropped.empty()) {
    writer.Key("dropped_fields");
    writer.BeginArray();
    for (const auto& path : dropped) writer.String(path);
    writer.EndArray();
  }
  writer.EndObject();
}

}  // namespace

void LayOutAlert(const AlertContent& content, std::string& out) {
  std::vector<std::string> dropped;
  JsonWriter writer(out);
  writer.BeginObject();
  // The alert's own time first; the event's stays as original_time.
  writer.Member("@timestamp", base::FormatIsoTime(content.created));
  EventCopier(writer, dropped).CopyTopLevel(content.document);
  WriteStatus(content, writer);
  WriteLineage(content, writer);
  WriteOriginals(writer, content.document, "event", "kibana.alert.original_event");
  WriteOriginals(writer, content.document, "data_stream", "kibana.alert.original_data_stream");
  WriteRule(content, writer, out);
  WriteOwn(content, dropped, writer, out);
  writer.EndObject();
}

}  // namespace vedette::engine
