// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/keyed_hash.h"

namespace vedette::engine {

/// Bytes that several memos share: whose entries fall out takes more of it. One thread.
struct MemoBudget {
  std::size_t left = 0;
};

/// Remembers a number for what a hash stands for. Sets of four entries in one cache line; the
/// newest goes first, the oldest falls out. Grows by doubling while entries fall out, up to a
/// bound of its own and as long as the shared budget lasts. One thread.
class KeyedMemo {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  /// `budget` outlives this; null: none but `max_bytes`.
  explicit KeyedMemo(std::size_t max_bytes, MemoBudget* budget = nullptr)
      : max_sets_(1), budget_(budget) {
    while (max_sets_ * 2 * sizeof(Set) <= max_bytes) max_sets_ *= 2;
    sets_.resize(std::min<std::size_t>(max_sets_, 16));
  }
  std::uint32_t Find(const Hash128& hash) const {
    const Set& set = sets_[hash.high & (sets_.size() - 1)];
    const auto tag = static_cast<std::uint32_t>(hash.low);
    for (const Entry& entry : set.entries) {
      if (entry.high == hash.high && entry.tag == tag) return entry.value;
    }
    return kNone;
  }
  void Insert(const Hash128& hash, std::uint32_t value) {
    Place({hash.high, static_cast<std::uint32_t>(hash.low), value});
    if (fallen_ * 4 > sets_.size() && sets_.size() < max_sets_) GrowIfAffordable();
  }
  void Clear() {
    for (Set& set : sets_) set = {};
    fallen_ = 0;
  }
  std::size_t bytes() const { return sets_.size() * sizeof(Set); }

 private:
  struct Entry {
    std::uint64_t high = 0;
    std::uint32_t tag = 0;
    std::uint32_t value = kNone;
  };
  struct alignas(64) Set {
    Entry entries[4];
  };
  void Place(Entry entry) {
    Set& set = sets_[entry.high & (sets_.size() - 1)];
    for (Entry& place : set.entries) std::swap(place, entry);
    if (entry.value != kNone) ++fallen_;
  }
  void GrowIfAffordable() {
    const std::size_t more = sets_.size() * sizeof(Set);
    if (budget_ != nullptr) {
      if (budget_->left < more) return;
      budget_->left -= more;
    }
    Grow();
  }
  void Grow() {
    std::vector<Set> old(sets_.size() * 2);
    old.swap(sets_);
    fallen_ = 0;
    for (const Set& set : old) {
      for (int i = 3; i >= 0; --i) {
        if (set.entries[i].value != kNone) Place(set.entries[i]);
      }
    }
    fallen_ = 0;
  }

  std::size_t max_sets_;
  MemoBudget* budget_;
  std::vector<Set> sets_;
  std::uint64_t fallen_ = 0;
};

}  // namespace vedette::engine
