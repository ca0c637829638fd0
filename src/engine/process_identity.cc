// SPDX-License-Identifier: Apache-2.0
#include "engine/process_identity.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace vedette::engine {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;  // 2^64 divided by the golden ratio

std::uint64_t Mix(std::uint64_t h) {
  h ^= h >> 32U;
  h *= kMultiplier;
  h ^= h >> 29U;
  h *= kMultiplier;
  return h ^ (h >> 32U);
}

// Starts on several cores are logged out of pid order by this much at most; more looks like a wrap.
constexpr std::uint32_t kDisorder = 256;

std::uint32_t DisorderBelow(std::uint32_t position) { return std::min(kDisorder, position / 4); }

}  // namespace

std::uint64_t HashProcessName(std::uint64_t seed, std::uint32_t host, std::string_view entity_id) {
  std::uint64_t h = Mix(seed ^ host) ^ entity_id.size();
  for (std::size_t at = 0; at < entity_id.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, entity_id.data() + at, std::min(sizeof(chunk), entity_id.size() - at));
    h = Mix(h + chunk);
  }
  return h;
}

std::uint64_t HashProcessName(std::uint64_t seed, std::uint32_t host, std::uint32_t pid) {
  return Mix(Mix(seed ^ host) + pid);
}

void NodeIndex::Place(Slot slot) {
  std::size_t i = slot.tag & mask();
  while (slots_[i].node != kNone) i = (i + 1) & mask();
  slots_[i] = slot;
}

void NodeIndex::Grow() {
  std::vector<Slot> old(std::max<std::size_t>(16, slots_.size() * 2));
  std::swap(old, slots_);
  for (const Slot& slot : old) {
    if (slot.node != kNone) Place(slot);
  }
}

void NodeIndex::Insert(std::uint64_t hash, std::uint32_t node) {
  if ((size_ + 1) * 4 > slots_.size() * 3) Grow();
  Place({static_cast<std::uint32_t>(hash), node});
  ++size_;
}

void NodeIndex::Erase(std::uint64_t hash, std::uint32_t node) {
  if (slots_.empty()) return;
  const auto tag = static_cast<std::uint32_t>(hash);
  std::size_t hole = tag & mask();
  while (slots_[hole].node != node || slots_[hole].tag != tag) {
    if (slots_[hole].node == kNone) return;
    hole = (hole + 1) & mask();
  }
  for (std::size_t i = (hole + 1) & mask(); slots_[i].node != kNone; i = (i + 1) & mask()) {
    const std::size_t home = slots_[i].tag & mask();
    // Entries whose home lies cyclically after the hole are where a search finds them already.
    if (((i - home) & mask()) < ((i - hole) & mask())) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = Slot{};
  --size_;
}

void PidClock::Advance(std::uint32_t pid) {
  ++ordinal_;
  if (pid >= position_) {
    position_ = pid;
    suspected_at_ = 0;
    return;
  }
  if (pid + DisorderBelow(position_) >= position_) return;
  if (suspected_at_ != 0 && pid + kDisorder >= suspected_) {
    previous_wrap_ = std::exchange(last_wrap_, suspected_at_);
    position_ = std::max(pid, suspected_);
    suspected_at_ = 0;
    return;
  }
  suspected_at_ = ordinal_;
  suspected_ = pid;
}

bool PidClock::MayBeReused(std::uint32_t pid, std::uint64_t then) const {
  if (pid <= 2) return false;  // init and the parent of kernel threads live as long as the kernel
  if (previous_wrap_ > then) return true;
  if (last_wrap_ > then && position_ + DisorderBelow(position_) >= pid) return true;
  return suspected_at_ > then && suspected_ + kDisorder >= pid;
}

}  // namespace vedette::engine
