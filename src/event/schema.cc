// SPDX-License-Identifier: Apache-2.0
#include "event/schema.h"

namespace vedette::event {

const Schema::Field* Schema::Find(std::string_view name) const {
  const auto it = fields_.find(name);
  return it == fields_.end() ? nullptr : &it->second;
}

FieldType Schema::TypeOf(std::string_view name) const {
  const Field* field = Find(name);
  // One hop: a mapping may not alias an alias, so a second hop could only be a mistake or a cycle.
  if (field != nullptr && !field->alias.empty()) field = Find(field->alias);
  return field == nullptr || !field->alias.empty() ? FieldType::kUnknown : field->type;
}

std::vector<std::string_view> Schema::Names() const {
  std::vector<std::string_view> names;
  names.reserve(fields_.size());
  for (const auto& [name, field] : fields_) names.push_back(name);
  return names;
}

}  // namespace vedette::event
