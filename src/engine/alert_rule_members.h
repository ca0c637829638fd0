// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rules/rule.h"

namespace vedette::engine {

/// The copy of a rule that each of its alerts carries:
/// `"kibana.alert.rule.uuid":…,"kibana.alert.rule.rule_id":…` and so on, without braces and without
/// name and execution, which an alert sets itself. Made once per rule.
std::string AlertRuleMembers(const rules::Rule& rule);

}  // namespace vedette::engine
