// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/json_writer.h"
#include "event/value.h"
#include "rules/rule.h"
#include "rules/rule_members.h"

/// The flat shape of an endpoint behaviour rule (id, name, os_list, query, actions, …), which its
/// TOML and JSON spellings share.
namespace vedette::rules {

/// `os_list` or endpoint actions, and no detection-rule `type` or `rule_id`.
bool IsBehaviorObject(const event::Value& object);

/// Fills `rule` from the object; unknown members go to `extra` without a word (the artefact format
/// is not ours to police). Severity medium and risk 47 stand in for what the format lacks.
void ReadBehaviorMembers(const event::Value& object, Rule& rule, std::vector<MemberIssue>& issues);

/// The members without `threat`; into an open object.
void WriteBehaviorMembers(base::JsonWriter& json, const Rule& rule);

}  // namespace vedette::rules
