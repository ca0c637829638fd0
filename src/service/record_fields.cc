// SPDX-License-Identifier: Apache-2.0
#include "service/record_fields.h"

namespace vedette::service {
namespace {

constexpr std::string_view kKindTexts[] = {
    "agent.type",       "event.module",          "data_stream.dataset",
    "data_stream.type", "data_stream.namespace", "event.dataset",
    "event.category",   "service.type",
};
constexpr std::string_view kKindPresences[] = {"sentinel_one_cloud_funnel", "crowdstrike", "auditd",
                                               "event.action"};
// Containers first, then what vendors' raw records begin with; a dotted spelling of an object that
// tells a source is rare enough to be read whole.
constexpr std::string_view kWatched[] = {
    "_source",
    "_index",
    "_id",
    "hits",
    "responses",
    "meta.event.name",
    "event_simpleName",
    "ExternalApiType",
    "dataSource.name",
    "i.scheme",
    "UserSid_readable",
    "sentinel_one_cloud_funnel.*",
    "crowdstrike.*",
    "auditd.*",
};

}  // namespace

RecordFields::RecordFields(event::FieldTable& table, std::string_view timestamp_field)
    : table_(&table),
      timestamp_field_(timestamp_field),
      timestamp_(table.Intern(timestamp_field, event::Shape::kTree)) {
  for (const std::string_view path : kKindTexts) {
    kind_texts_.push_back(table.Intern(path, event::Shape::kTree));
  }
  for (const std::string_view path : kKindPresences) {
    kind_presences_.push_back(table.Intern(path, event::Shape::kTree));
  }
}

std::span<const std::string_view> RecordFields::WatchedNames() { return kWatched; }

}  // namespace vedette::service
