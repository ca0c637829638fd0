// SPDX-License-Identifier: Apache-2.0
#include "event/value.h"

namespace vedette::event {

Value Value::Get(std::string_view key) const {
  if (!is_object()) return {};
  for (const Member& member : object()) {
    if (member.key == key) return member.value;
  }
  return {};
}

Value Value::GetPath(std::string_view dotted) const {
  if (!is_object()) return {};
  for (const Member& member : object()) {
    if (!dotted.starts_with(member.key)) continue;
    if (dotted.size() == member.key.size()) return member.value;
    if (dotted[member.key.size()] != '.') continue;
    const Value found = member.value.GetPath(dotted.substr(member.key.size() + 1));
    if (!found.is_null()) return found;
  }
  return {};
}

}  // namespace vedette::event
