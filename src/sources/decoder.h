// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace vedette::sources {

enum class SourceId : std::uint8_t {
  kUnknown,
  kElasticDefend,
  kEndgame,
  kAuditbeat,
  kAuditdManager,
  kCrowdstrikeFdr,
  kSentineloneCloudFunnel,
  kAuditLog,
  kVedette,
};
/// The names that `--source` takes: elastic_defend, endgame, … ; "unknown".
std::string_view SourceName(SourceId source);
/// The inverse; empty for "unknown" and any other text.
std::optional<SourceId> SourceFromName(std::string_view name);

enum class Form : std::uint8_t { kEcs, kRaw, kSideTable };

struct Recognition {
  SourceId source = SourceId::kUnknown;
  Form form = Form::kEcs;
};

/// First match of the table in sources/README section 2 on an unwrapped record tree (literal dotted
/// keys not yet expanded).
Recognition Recognise(const event::Value& record);

/// Raw vendor record -> ECS document tree in `arena`. The input tree must live in the same arena or
/// longer.
event::Value DecodeCrowdstrikeFdr(const event::Value& record, base::Arena& arena);
event::Value DecodeSentineloneCloudFunnel(const event::Value& record, base::Arena& arena);

}  // namespace vedette::sources
