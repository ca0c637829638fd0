// SPDX-License-Identifier: Apache-2.0
#include "engine/pending_table.h"

#include <algorithm>

namespace vedette::engine {
namespace {

constexpr std::size_t kFirstCapacity = 8;
// Large tables grow in smaller steps: memory counts more there than the moves.
constexpr std::size_t kLarge = 64 * 1024;

}  // namespace

std::size_t PendingTable::Home(const KeyHash& key) const {
  // The high half of the product maps a hash to [0, n) without division, for any n.
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(key.low) * slots_.size()) >> 64U);
}

Partial* PendingTable::Find(const KeyHash& key) {
  if (size_ == 0) return nullptr;
  for (std::size_t i = Home(key); slots_[i].events != Partial::kNone;) {
    if (slots_[i].key == key) return &slots_[i];
    if (++i == slots_.size()) i = 0;
  }
  return nullptr;
}

void PendingTable::Insert(const Partial& partial) {
  if ((size_ + 1) * 8 > slots_.size() * 7) Grow();
  Place(partial);
  ++size_;
}

void PendingTable::Place(const Partial& partial) {
  std::size_t i = Home(partial.key);
  while (slots_[i].events != Partial::kNone) {
    if (++i == slots_.size()) i = 0;
  }
  slots_[i] = partial;
}

void PendingTable::Grow() {
  std::vector<Partial> old = std::move(slots_);
  const std::size_t step = old.size() / (old.size() < kLarge ? 2 : 4);
  slots_ = std::vector<Partial>(std::max(kFirstCapacity, old.size() + step));
  for (const Partial& partial : old) {
    if (partial.events != Partial::kNone) Place(partial);
  }
}

void PendingTable::Erase(Partial* at) {
  std::size_t hole = static_cast<std::size_t>(at - slots_.data());
  const std::size_t n = slots_.size();
  for (std::size_t i = hole;;) {
    if (++i == n) i = 0;
    if (slots_[i].events == Partial::kNone) break;
    // A partial may fill the hole unless its home lies behind the hole on its way here.
    const std::size_t home = Home(slots_[i].key);
    const std::size_t from_home = (i + n - home) % n;
    const std::size_t from_hole = (i + n - hole) % n;
    if (from_home < from_hole) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = Partial();
  --size_;
}

void PendingTable::Clear() {
  slots_.clear();
  slots_.shrink_to_fit();
  size_ = 0;
}

}  // namespace vedette::engine
