// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "event/schema.h"

namespace vedette::event {
namespace {

struct Row {
  const char* name;
  FieldType type;
  const char* type_name;
  bool array;
};

constexpr Row kRows[] = {
#include "event/ecs_fields.inc"
};

Schema BuildEcsSchema() {
  Schema schema(/*open=*/true);
  for (const Row& row : kRows) {
    Schema::Field field;
    field.type = row.type;
    field.type_name = row.type_name;
    field.array = row.array;
    schema.Add(row.name, std::move(field));
  }
  return schema;
}

}  // namespace

const Schema& EcsSchema() {
  static const Schema schema = BuildEcsSchema();
  return schema;
}

}  // namespace vedette::event
