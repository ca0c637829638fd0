// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/schema.h"
#include "event/value.h"

namespace vedette::event {

/// Whether an index with this mapping would take `value`, as Elasticsearch's default coercion does.
/// Used before an alert document copies event fields: one field that does not fit would get the
/// whole document refused.
///
/// Null fits everything, a list fits when each of its elements does. Text fits a number when it is
/// one, a boolean when it is "true", "false" or empty. An unknown or unsupported type takes
/// anything: there is no telling. O(size of value); lists nested more than 32 deep do not fit.
bool FitsType(const Value& value, FieldType type);

}  // namespace vedette::event
