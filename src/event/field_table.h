// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "event/schema.h"

namespace vedette::event {

enum class FieldId : std::uint32_t {};

/// How a field's value is laid into its slot.
enum class Shape : std::uint8_t {
  /// Missing, null, [] and [null] are kNull; one value is a scalar; several are a kList of scalars.
  /// Objects inside arrays are
  /// flattened (`a: [{b: 1}, {b: 2}]` gives a.b = [1, 2]). Values take the schema's type: a keyword
  /// holds text even where JSON had
  /// a number or boolean, a long holds a number even where JSON had digits in a string; what does
  /// not fit is left out.
  kFlat,
  /// The JSON value as it stands, lists and objects included, no typing: Endgame dialect,
  /// `_arraysearch`.
  kTree,
};

/// The fields that the loaded rules read, each with a slot. Interned while rules are compiled, then
/// frozen by handing it to a Projector as const.
class FieldTable {
 public:
  explicit FieldTable(const Schema& schema) : schema_(&schema) {}
  /// The id for a path and shape; the same pair gives the same id. An alias gets a slot of its own,
  /// filled from its target.
  FieldId Intern(std::string_view path, Shape shape = Shape::kFlat);
  struct Entry {
    std::string path;
    std::string source_path;  ///< the alias' target, else `path`
    Shape shape;
    FieldType type;
    std::string date_format;
    const std::string* null_value = nullptr;  ///< owned by the schema
  };
  const Entry& entry(FieldId id) const { return entries_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return entries_.size(); }
  const Schema& schema() const { return *schema_; }

 private:
  const Schema* schema_;
  std::vector<Entry> entries_;
  std::map<std::pair<std::string, Shape>, FieldId, std::less<>> ids_;
};

}  // namespace vedette::event
