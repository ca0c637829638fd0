// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vedette::event {

/// Mapping types of reference section 5.1. kUnknown: the schema does not know the field.
enum class FieldType : std::uint8_t {
  kUnknown,
  kKeyword,
  kConstantKeyword,
  kWildcard,
  kText,
  kBoolean,
  kLong,
  kUnsignedLong,
  kDouble,
  kDate,
  kDateNanos,
  kIp,
  kVersion,
  kObject,
  kNested,
  kUnsupported,
};

/// Field names and types. An open schema (telemetry) answers kUnknown for a name that it lacks and
/// the caller carries on; a closed one (conformance) makes that an error. Immutable once built; any
/// thread may read.
class Schema {
 public:
  struct Field {
    FieldType type = FieldType::kKeyword;
    std::string type_name;                  ///< as written in the mapping: "long", "geo_point", …
    std::string alias;                      ///< other field when this is an alias
    std::string date_format;                ///< dates: pattern, empty = default
    std::optional<std::string> null_value;  ///< replacement for an explicit null
    bool array = false;                     ///< documents usually hold several values
  };
  explicit Schema(bool open) : open_(open) {}
  void Add(std::string name, Field field) {
    fields_.insert_or_assign(std::move(name), std::move(field));
  }
  bool open() const { return open_; }
  const Field* Find(std::string_view name) const;
  FieldType TypeOf(std::string_view name) const;
  /// All names, ascending; for "did you mean".
  std::vector<std::string_view> Names() const;

 private:
  bool open_;
  std::map<std::string, Field, std::less<>> fields_;
};

/// ECS plus the fields of the six sources: generated from schema/fields.toml, open. Built on first
/// use.
const Schema& EcsSchema();

}  // namespace vedette::event
