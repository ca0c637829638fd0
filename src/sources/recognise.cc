// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "sources/decoder.h"

namespace vedette::sources {
namespace {

using event::Member;
using event::Value;

constexpr std::array<std::pair<SourceId, std::string_view>, 9> kNames = {{
    {SourceId::kUnknown, "unknown"},
    {SourceId::kElasticDefend, "elastic_defend"},
    {SourceId::kEndgame, "endgame"},
    {SourceId::kAuditbeat, "auditbeat"},
    {SourceId::kAuditdManager, "auditd_manager"},
    {SourceId::kCrowdstrikeFdr, "crowdstrike_fdr"},
    {SourceId::kSentineloneCloudFunnel, "sentinelone_cloud_funnel"},
    {SourceId::kAuditLog, "audit_log"},
    {SourceId::kVedette, "vedette"},
}};

// One ECS field as text; of an array its first element (arrays come with `fields` responses).
std::string_view Text(const Value& record, std::string_view path) {
  Value value = record.GetPath(path);
  if (value.is_list() && !value.list().empty()) value = value.list().front();
  return value.is_string() ? value.text() : std::string_view();
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

// An object of that name, or dotted keys that would make one.
bool HasObject(const Value& record, std::string_view name) {
  for (const Member& member : record.object()) {
    if (!member.key.starts_with(name)) continue;
    if (member.key.size() == name.size() ? member.value.is_object()
                                         : member.key[name.size()] == '.') {
      return true;
    }
  }
  return false;
}

SourceId RecogniseEcs(const Value& record) {
  const std::string_view agent = Text(record, "agent.type");
  const std::string_view module = Text(record, "event.module");
  const std::string_view stream = Text(record, "data_stream.dataset");
  if (agent == "vedette") return SourceId::kVedette;
  if (stream.starts_with("endpoint.events.") || agent == "endpoint" || module == "endpoint") {
    return SourceId::kElasticDefend;
  }
  // Its agent is an auditbeat, hence before that.
  if (stream == "auditd_manager.auditd" ||
      Text(record, "event.dataset") == "auditd_manager.auditd") {
    return SourceId::kAuditdManager;
  }
  if (HasObject(record, "sentinel_one_cloud_funnel")) return SourceId::kSentineloneCloudFunnel;
  if (HasObject(record, "crowdstrike") && !record.GetPath("event.action").is_null()) {
    return SourceId::kCrowdstrikeFdr;
  }
  if (module == "endgame" || agent == "endgame") return SourceId::kEndgame;
  if (agent == "auditbeat" || HasObject(record, "auditd") ||
      IsOneOf(Text(record, "service.type"), {"auditd", "system", "file_integrity"})) {
    return SourceId::kAuditbeat;
  }
  return SourceId::kUnknown;
}

bool HasText(const Value& record, std::string_view key) { return record.Get(key).is_string(); }

bool IsText(const Value& record, std::string_view key, std::string_view text) {
  const Value value = record.Get(key);
  return value.is_string() && value.text() == text;
}

}  // namespace

std::string_view SourceName(SourceId source) {
  for (const auto& [id, name] : kNames) {
    if (id == source) return name;
  }
  return "unknown";
}

std::optional<SourceId> SourceFromName(std::string_view name) {
  for (const auto& [id, known] : kNames) {
    if (known == name && id != SourceId::kUnknown) return id;
  }
  return std::nullopt;
}

Recognition Recognise(const Value& record) {
  if (!record.is_object()) return {};
  // Before any ECS test: a raw line's literal `event.category` reads like an ECS field.
  if (HasText(record, "meta.event.name")) {
    return {SourceId::kSentineloneCloudFunnel, Form::kRaw};
  }
  if (const SourceId ecs = RecogniseEcs(record); ecs != SourceId::kUnknown) {
    return {ecs, Form::kEcs};
  }
  if ((HasText(record, "event_simpleName") && (HasText(record, "aid") || HasText(record, "cid"))) ||
      !record.Get("ExternalApiType").is_null()) {
    return {SourceId::kCrowdstrikeFdr, Form::kRaw};
  }
  if (IsText(record, "dataSource.name", "SentinelOne") || IsText(record, "i.scheme", "edr")) {
    return {SourceId::kSentineloneCloudFunnel, Form::kRaw};
  }
  if (!record.Get("UserSid_readable").is_null() && record.Get("event_simpleName").is_null()) {
    return {SourceId::kCrowdstrikeFdr, Form::kSideTable};
  }
  return {};
}

}  // namespace vedette::sources
