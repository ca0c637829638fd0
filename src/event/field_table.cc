// SPDX-License-Identifier: Apache-2.0
#include "event/field_table.h"

namespace vedette::event {

FieldId FieldTable::Intern(std::string_view path, Shape shape) {
  std::pair<std::string, Shape> key{std::string(path), shape};
  if (const auto found = ids_.find(key); found != ids_.end()) return found->second;
  const FieldId id{static_cast<std::uint32_t>(entries_.size())};
  Entry entry{key.first, key.first, shape, FieldType::kUnknown, {}, nullptr};
  const Schema::Field* field = schema_->Find(path);
  if (field != nullptr && !field->alias.empty()) {
    entry.source_path = field->alias;
    field = schema_->Find(field->alias);
  }
  if (field != nullptr) {
    entry.type = field->type;
    entry.date_format = field->date_format;
    if (field->null_value) entry.null_value = &*field->null_value;
  }
  entries_.push_back(std::move(entry));
  ids_.emplace(std::move(key), id);
  return id;
}

}  // namespace vedette::event
