// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/sha256.h"
#include "engine/alert_document.h"

namespace vedette::engine {
namespace {

std::string IndexOf(const event::Value& document) {
  std::string dataset = TextOf(document.GetPath("data_stream.dataset"));
  if (dataset.empty()) dataset = TextOf(document.GetPath("event.dataset"));
  if (dataset.empty()) dataset = TextOf(document.GetPath("event.module"));
  if (dataset.empty()) dataset = "unknown";
  std::string space = TextOf(document.GetPath("data_stream.namespace"));
  if (space.empty()) space = "default";
  return fmt::format("logs-{}-{}", dataset, space);
}

}  // namespace

bool IdentifiedByBytes(const event::Event& event) {
  if (!event.id.empty()) return false;
  const event::Value id = event.document.GetPath("event.id");
  return !id.is_string() || id.text().empty();
}

EventIdentity IdentifyEvent(const event::Event& event, std::uint64_t ordinal) {
  EventIdentity identity;
  identity.index = event.index.empty() ? IndexOf(event.document) : std::string(event.index);
  if (!event.id.empty()) {
    identity.id = event.id;
  } else if (!IdentifiedByBytes(event)) {
    // event.id alone is unique per agent only.
    const std::string agent = TextOf(event.document.GetPath("agent.id"));
    const std::string id = TextOf(event.document.GetPath("event.id"));
    identity.id = agent.empty() ? id : fmt::format("{}:{}", agent, id);
  } else {
    identity.id = base::Sha256Hex(event.json);
    if (ordinal != 0) identity.id += fmt::format(":{}", ordinal);
  }
  return identity;
}

std::string AlertUuid(const EventIdentity& event, std::string_view rule_uuid) {
  return base::Sha256Hex(fmt::format("{}{}undefineddefault:{}", event.index, event.id, rule_uuid));
}

std::string TextOf(const event::Value& value) {
  using event::ValueKind;
  switch (value.kind()) {
    case ValueKind::kString:
    case ValueKind::kNumberText:
      return std::string(value.text());
    case ValueKind::kBoolean:
      return value.boolean() ? "true" : "false";
    case ValueKind::kInteger:
      return fmt::to_string(value.integer());
    case ValueKind::kUnsigned:
      return fmt::to_string(value.unsigned_integer());
    case ValueKind::kDouble:
      return fmt::to_string(value.real());
    case ValueKind::kList: {
      std::string text;
      for (const event::Value& element : value.list()) {
        const std::string part = TextOf(element);
        if (part.empty()) continue;
        if (!text.empty()) text += ", ";
        text += part;
      }
      return text;
    }
    case ValueKind::kNull:
    case ValueKind::kObject:
      return {};
  }
  return {};
}

std::string AlertReason(const event::Value& document, std::string_view severity,
                        std::string_view rule_name) {
  const auto text = [&](std::string_view path) {
    std::string value = TextOf(document.GetPath(path));
    if (value == "-") value.clear();
    return value;
  };
  std::string reason;
  if (const auto category = text("event.category"); !category.empty()) {
    reason += category + " event ";
  }
  const auto part = [&](std::string_view lead, const std::string& value, std::string_view tail) {
    if (!value.empty()) reason += fmt::format("{}{}{}", lead, value, tail);
  };
  part("with process ", text("process.name"), ", ");
  part("parent process ", text("process.parent.name"), ", ");
  part("file ", text("file.name"), ", ");
  for (const std::string_view end : {"source", "destination"}) {
    const std::string ip = text(fmt::format("{}.ip", end));
    const std::string port = text(fmt::format("{}.port", end));
    if (!ip.empty()) reason += fmt::format("{} {}{}{}, ", end, ip, port.empty() ? "" : ":", port);
  }
  part("by ", text("user.name"), " ");
  part("on ", text("host.name"), " ");
  reason += fmt::format("created {} alert {}.", severity, rule_name);
  return reason;
}

}  // namespace vedette::engine
