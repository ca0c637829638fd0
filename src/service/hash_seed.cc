// SPDX-License-Identifier: Apache-2.0
#include "service/hash_seed.h"

#include <random>

namespace vedette::service {

std::uint64_t SecretHashSeed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

}  // namespace vedette::service
