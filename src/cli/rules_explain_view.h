// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "cli/answer.h"
#include "engine/explain_event.h"
#include "engine/explain_statement.h"
#include "event/json_reader.h"

namespace vedette::cli {

struct ExplainStyle {
  std::size_t width = 100;
  bool colour = false;
  bool utf8 = true;  ///< else marks are ASCII
};

/// Whether the locale of the environment (LC_ALL, LC_CTYPE, LANG: the first that is set) is UTF-8.
bool LocaleIsUtf8();

/// A block of lines for a person: the event, the reason, the condition as a tree. Ends with a line
/// break. `reader` is room for reading the event again.
std::string EventPage(const engine::ExplainedEvent& event, const ExplainStyle& style,
                      event::JsonReader& reader);
std::string StatementPage(const engine::StatementReport& report, const ExplainStyle& style,
                          event::JsonReader& reader);

/// One JSON object, without a line break (docs/reference/rules-explain.md).
void WriteExplainedEvent(base::JsonWriter& json, const engine::ExplainedEvent& event);
/// Members of an object under way; keys as a list only when `keys`.
void WriteStatement(base::JsonWriter& json, const engine::StatementReport& report, bool keys);
void WriteExplainedKey(base::JsonWriter& json, const engine::StatementReport::Key& key);

}  // namespace vedette::cli
