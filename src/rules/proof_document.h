// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "rules/proof_leaf.h"

namespace vedette::rules {

/// The ECS document, compact JSON with nested objects, that holds the values of event number
/// `event`. Array elements (`array#2.member`) become objects of one list.
std::string DocumentOf(const Valuation& values, std::uint32_t event);

}  // namespace vedette::rules
