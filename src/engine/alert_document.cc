// SPDX-License-Identifier: Apache-2.0
#include "engine/alert_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json_writer.h"
#include "engine/alert_rule_members.h"
#include "event/json_reader.h"
#include "event/type_fit.h"

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

  bool Fits(const Value& value, const std::string& path) const {
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

/// `event.*` again as `kibana.alert.original_event.*`, and likewise data_stream.
void WriteOriginals(JsonWriter& writer, const Value& document, std::string_view name,
                    std::string_view target) {
  const std::string dotted = fmt::format("{}.", name);
  for (const Member& member : document.object()) {
    if (member.key == name && member.value.is_object()) {
      for (const Member& field : member.value.object()) {
        writer.Key(fmt::format("{}.{}", target, field.key));
        event::WriteJson(field.value, writer);
      }
    } else if (member.key.starts_with(dotted)) {
      writer.Key(fmt::format("{}.{}", target, member.key.substr(dotted.size())));
      event::WriteJson(member.value, writer);
    }
  }
}

/// A number in 0..100 out of a number or its text; the largest of a list.
std::optional<std::int64_t> RiskFrom(const Value& value) {
  if (value.is_list()) {
    std::optional<std::int64_t> best;
    for (const Value& element : value.list()) {
      const auto risk = RiskFrom(element);
      if (risk && (!best || *risk > *best)) best = risk;
    }
    return best;
  }
  const std::string text = TextOf(value);
  double number = 0;
  const auto [p, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || p != text.data() + text.size() || !(number >= 0 && number <= 100)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

bool HoldsText(const Value& value, std::string_view wanted) {
  if (!value.is_list()) return TextOf(value) == wanted;
  return std::any_of(value.list().begin(), value.list().end(),
                     [&](const Value& element) { return TextOf(element) == wanted; });
}

AlertSummary Summarise(const Value& document) {
  AlertSummary summary;
  const auto text = [&](std::string_view path) { return TextOf(document.GetPath(path)); };
  summary.host = text("host.name");
  if (summary.host.empty()) summary.host = text("host.hostname");
  if (summary.host.empty()) summary.host = text("host.id");
  summary.user = text("user.name");
  if (summary.user.empty()) summary.user = text("user.id");
  summary.process = text("process.command_line");
  if (summary.process.empty()) {
    const Value args = document.GetPath("process.args");
    if (args.is_list()) {
      for (const Value& argument : args.list()) {
        if (!summary.process.empty()) summary.process += ' ';
        summary.process += TextOf(argument);
      }
    } else {
      summary.process = TextOf(args);
    }
  }
  if (summary.process.empty()) summary.process = text("process.name");
  summary.parent = text("process.parent.name");
  if (summary.parent.empty()) summary.parent = text("process.parent.executable");
  return summary;
}

}  // namespace

AlertWriter::AlertWriter(const rules::Rule& rule)
    : rule_(rule), rule_members_(AlertRuleMembers(rule)) {}

AlertWriter::Overrides AlertWriter::ApplyOverrides(const Value& document) const {
  Overrides result{rule_.name, rule_.severity, rule_.risk_score};
  int best = -1;
  for (const auto& mapping : rule_.severity_mapping) {
    const int rank = rules::SeverityRank(mapping.severity);
    if (rank > best && HoldsText(document.GetPath(mapping.field), mapping.value)) {
      best = rank;
      result.severity = mapping.severity;
    }
  }
  // The reference reads the first entry only, and only its field.
  if (!rule_.risk_score_mapping.empty()) {
    if (const auto risk = RiskFrom(document.GetPath(rule_.risk_score_mapping.front().field))) {
      result.risk_score = *risk;
    }
  }
  if (!rule_.rule_name_override.empty()) {
    const Value name = document.GetPath(rule_.rule_name_override);
    if (name.is_string() && !name.text().empty()) result.name = name.text();
  }
  return result;
}

AlertSummary AlertWriter::Write(const AlertInput& input, std::string& out) const {
  const Value& document = input.event->document;
  const Overrides overrides = ApplyOverrides(document);
  AlertSummary summary = Summarise(document);
  summary.uuid = AlertUuid(input.identity, rule_.id);
  summary.rule_name = overrides.name;
  summary.severity = overrides.severity;
  summary.risk_score = overrides.risk_score;
  summary.reason = AlertReason(document, overrides.severity, overrides.name);
  summary.time = input.event->timestamp;
  summary.has_time = input.event->has_timestamp;

  const std::string created = base::FormatIsoTime(input.created);
  std::vector<std::string> dropped;
  JsonWriter writer(out);
  writer.BeginObject();
  // The alert's own time first; the event's stays as original_time.
  writer.Member("@timestamp", created);
  std::string event_members;
  {
    JsonWriter event_writer(event_members);
    event_writer.BeginObject();
    EventCopier(event_writer, dropped).CopyTopLevel(document);
    event_writer.EndObject();
  }
  const std::string body = event_members.substr(1, event_members.size() - 2);
  if (!body.empty()) {
    out += ',';
    out += body;
  }
  writer.Key("kibana.space_ids");
  writer.Raw(R"(["default"])");
  writer.Member("kibana.version", kCompatibleVersion);
  writer.Member("kibana.alert.uuid", summary.uuid);
  writer.Member("kibana.alert.status", "active");
  writer.Member("kibana.alert.workflow_status", "open");
  writer.Key("kibana.alert.workflow_tags");
  writer.Raw("[]");
  writer.Key("kibana.alert.workflow_assignee_ids");
  writer.Raw("[]");
  writer.Member("kibana.alert.start", created);
  writer.Member("kibana.alert.last_detected", created);
  writer.Member("kibana.alert.original_time",
                summary.has_time ? base::FormatIsoTime(summary.time) : created);
  writer.Member("kibana.alert.intended_timestamp", created);
  writer.Member("kibana.alert.reason", summary.reason);
  writer.Member("kibana.alert.severity", summary.severity);
  writer.MemberInt("kibana.alert.risk_score", summary.risk_score);
  writer.MemberInt("kibana.alert.depth", 1);
  if (!rule_.building_block_type.empty()) {
    writer.Member("kibana.alert.building_block_type", rule_.building_block_type);
  }
  writer.Key("kibana.alert.ancestors");
  writer.BeginArray();
  writer.BeginObject();
  writer.Member("id", input.identity.id);
  writer.Member("type", "event");
  writer.Member("index", input.identity.index);
  writer.MemberInt("depth", 0);
  writer.EndObject();
  writer.EndArray();
  WriteOriginals(writer, document, "event", "kibana.alert.original_event");
  WriteOriginals(writer, document, "data_stream", "kibana.alert.original_data_stream");
  writer.Member("kibana.alert.rule.name", overrides.name);
  writer.Member("kibana.alert.rule.execution.uuid",
                rules::UuidFromName(fmt::format("run {} of {}", created, rule_.id)));
  writer.Member("kibana.alert.rule.execution.timestamp", created);
  writer.Member("kibana.alert.rule.execution.type", "manual");
  out += ',';
  out += rule_members_;
  writer.Key("vedette");
  writer.BeginObject();
  writer.Member("mode", input.mode);
  writer.Member("source", input.source);
  const Value own = document.Get("vedette");
  if (own.is_object()) {
    for (const Member& member : own.object()) {
      if (member.key == "mode" || member.key == "source") continue;
      writer.Key(member.key);
      event::WriteJson(member.value, writer);
    }
  }
  if (!dropped.empty()) {
    writer.Key("dropped_fields");
    writer.BeginArray();
    for (const auto& path : dropped) writer.String(path);
    writer.EndArray();
  }
  writer.EndObject();
  writer.EndObject();
  return summary;
}

}  // namespace vedette::engine
