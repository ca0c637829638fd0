// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "event/value.h"
#include "rules/rule.h"
#include "rules/toml_document.h"
#include "rules/toml_rule_codec.h"

/// Endpoint behaviour rules as TOML: `[rule]` with id, os_list and query; `[[actions]]`,
/// `[[threat]]` and `[internal]` beside it.
namespace vedette::rules {

bool LooksLikeBehaviorToml(const event::Value& root);
/// `document.root` must be set and hold a `rule` table.
TomlRead ReadBehaviorToml(const TomlDocument& document);
std::string WriteBehaviorToml(const Rule& rule);

}  // namespace vedette::rules
