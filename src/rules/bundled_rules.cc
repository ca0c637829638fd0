// SPDX-License-Identifier: Apache-2.0
#include "rules/bundled_rules.h"

#include <array>

namespace vedette::rules {
namespace {

#include "rules/bundled_rules.inc"

}  // namespace

std::span<const BundledFile> BundledFiles() { return kFiles; }

}  // namespace vedette::rules
