// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "event/value.h"

namespace vedette::cli {

/// An event in the words of a table row. Fields of ECS first, then Endgame's own names.
struct EventSummary {
  std::string time;  ///< `2026-03-09 07:42:57.902`; empty when there is none
  std::string what;  ///< category and action: `process exec`
  std::string host;
  std::string user;
  std::string detail;  ///< what was run, touched or reached; else the document itself
};
EventSummary SummarizeEvent(const event::Value& document, base::Timestamp time);

/// A field for a table cell: several values joined by ", ", objects as JSON, empty when missing.
std::string FieldText(const event::Value& document, std::string_view path);

}  // namespace vedette::cli
