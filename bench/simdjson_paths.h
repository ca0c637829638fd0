// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace vedette::bench {

/// The 47 ECS paths that P47, the yardstick of every ratio, takes. Fixed: figures of different
/// versions compare only while this list stays as it is.
inline constexpr std::array kSimdjsonPaths = std::to_array<std::string_view>({
    "@timestamp",
    "agent.id",
    "agent.type",
    "data_stream.dataset",
    "data_stream.namespace",
    "destination.ip",
    "destination.port",
    "event.action",
    "event.category",
    "event.code",
    "event.dataset",
    "event.id",
    "event.ingested",
    "event.kind",
    "event.module",
    "event.outcome",
    "event.sequence",
    "event.type",
    "file.extension",
    "file.name",
    "file.path",
    "file.size",
    "host.hostname",
    "host.id",
    "host.name",
    "host.os.type",
    "message",
    "network.transport",
    "process.args",
    "process.args_count",
    "process.command_line",
    "process.entity_id",
    "process.executable",
    "process.hash.sha256",
    "process.name",
    "process.parent.args",
    "process.parent.command_line",
    "process.parent.entity_id",
    "process.parent.executable",
    "process.parent.name",
    "process.parent.pid",
    "process.pid",
    "process.working_directory",
    "source.ip",
    "source.port",
    "user.id",
    "user.name",
});
static_assert(kSimdjsonPaths.size() == 47);

}  // namespace vedette::bench
