// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event/field_table.h"

namespace vedette::service {

/// What a decoder must know of a record before anything in it is decoded: the fields that say which
/// source it is of and which index it lies in, and its time. Interned in the table of a run's rules
/// before that is frozen; immutable after that.
class RecordFields {
 public:
  /// `timestamp_field`: of the run. The table outlives this.
  RecordFields(event::FieldTable& table, std::string_view timestamp_field);

  const event::FieldTable& table() const { return *table_; }
  event::FieldId timestamp() const { return timestamp_; }
  std::string_view timestamp_field() const { return timestamp_field_; }
  /// All that sources::Recognise and sources::OriginOf read of an ECS document. Two records that
  /// agree in the text of these are of one kind.
  std::span<const event::FieldId> kind_texts() const { return kind_texts_; }
  /// Of these they ask only whether there is such an object, or such a value.
  std::span<const event::FieldId> kind_presences() const { return kind_presences_; }
  /// Members at the top of a record that make it a container, or a vendor's own record: such ones
  /// are read as trees.
  static std::span<const std::string_view> WatchedNames();

 private:
  const event::FieldTable* table_;
  std::string timestamp_field_;
  event::FieldId timestamp_;
  std::vector<event::FieldId> kind_texts_;
  std::vector<event::FieldId> kind_presences_;
};

}  // namespace vedette::service
