// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vedette::service {

/// A fresh seed for the hashes of a run. Join keys come from logs that attackers write: without
/// knowing the seed nobody can make them collide.
std::uint64_t SecretHashSeed();

}  // namespace vedette::service
