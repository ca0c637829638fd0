// SPDX-License-Identifier: Apache-2.0
#include "engine/field_roles.h"

#include <algorithm>
#include <string_view>

namespace vedette::engine {
namespace {

/// They sort events into kinds; nearly every rule names one or more of them.
constexpr std::string_view kDiscriminators[] = {
    "agent.type",       "data_stream.dataset", "data_stream.type", "event.action",
    "event.category",   "event.code",          "event.dataset",    "event.kind",
    "event.module",     "event.outcome",       "event.provider",   "event.type",
    "host.os.family",   "host.os.platform",    "host.os.type",     "network.direction",
    "network.protocol", "network.transport",
};

/// Texts that people and programs make up anew. Fields of the type `wildcard` are taken for such
/// anyway.
constexpr std::string_view kFreeText[] = {
    "args",
    "command_line",
    "entity_id",
    "path",
    "working_directory",
    "hash",
    "env_vars",
    "message",
    "original",
    "title",
    "question.name",
    "registered_domain",
    "sha256",
    "sha1",
    "md5",
    "id",
    "url",
    "domain",
    "target_path",
    "inode",
    "text",
    "io",
    "full",
};

/// Ends in `.id`, but says who and not which one.
constexpr std::string_view kFewIds[] = {"user.id",       "group.id",      "real_user.id",
                                        "saved_user.id", "real_group.id", "effective.id"};

bool EndsWithPart(std::string_view path, std::string_view part) {
  return path == part || (path.ends_with(part) && path.size() > part.size() &&
                          path[path.size() - part.size() - 1] == '.');
}

}  // namespace

FieldRole InitialRole(const event::FieldTable::Entry& entry) {
  const std::string_view path = entry.source_path;
  if (std::find(std::begin(kDiscriminators), std::end(kDiscriminators), path) !=
      std::end(kDiscriminators)) {
    return FieldRole::kDiscriminator;
  }
  using event::FieldType;
  switch (entry.type) {
    case FieldType::kWildcard:
    case FieldType::kLong:
    case FieldType::kUnsignedLong:
    case FieldType::kDouble:
    case FieldType::kDate:
    case FieldType::kDateNanos:
    case FieldType::kIp:
      return FieldRole::kHigh;
    default:
      break;
  }
  const auto ends = [&](std::string_view part) { return EndsWithPart(path, part); };
  if (std::any_of(std::begin(kFewIds), std::end(kFewIds), ends)) return FieldRole::kLow;
  return std::any_of(std::begin(kFreeText), std::end(kFreeText), ends) ? FieldRole::kHigh
                                                                       : FieldRole::kLow;
}

}  // namespace vedette::engine
