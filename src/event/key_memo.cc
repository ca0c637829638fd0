// SPDX-License-Identifier: Apache-2.0
#include "event/key_memo.h"

#include <algorithm>

namespace vedette::event {
namespace {

/// Mixes the first eight bytes, the last eight and the length. Crafted keys may collide: a look-up
/// then costs up to kMaxProbes comparisons, see Find.
std::uint64_t HashKey(std::uint32_t node, std::string_view key) {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const std::size_t part = std::min<std::size_t>(key.size(), 8);
  std::memcpy(&head, key.data(), part);
  std::memcpy(&tail, key.data() + key.size() - part, part);
  std::uint64_t hash = (head ^ key.size() * 0x9E3779B97F4A7C15U) * 0xD6E8FEB86659FD93U;
  hash = (hash ^ hash >> 32U ^ tail) * 0xD6E8FEB86659FD93U;
  hash = (hash ^ hash >> 29U ^ node) * 0x9E3779B97F4A7C15U;
  return hash ^ hash >> 32U;
}

constexpr std::size_t kMaxProbes = 32;

}  // namespace

KeyMemo::KeyMemo(const KeyTrie& trie, std::span<const std::string_view> watched)
    : trie_(&trie),
      watched_(watched.begin(), watched.end()),
      entries_(kCapacity),
      owner_(kCapacity),
      slots_(2 * kCapacity) {
  Clear();
}

void KeyMemo::Clear() {
  std::fill(slots_.begin(), slots_.end(), 0);
  entries_[kUnheld] = Entry();
  entries_[kNoKey] = Entry();
  // 32 bytes 0xFF are no UTF-8, so no key of a sound line looks like this.
  entries_[kNoKey].text.fill('\xFF');
  entries_[kNoKey].need = ~std::uint32_t{0};
  used_ = 2;
  first_ = {kNoKey, kNoKey};
}

std::uint32_t KeyMemo::Find(std::uint32_t node, std::string_view key) {
  if (key.size() <= kMaxKey) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = HashKey(node, key) & mask;
    for (std::size_t probe = 0; probe < kMaxProbes; ++probe, at = (at + 1) & mask) {
      std::uint32_t& slot = slots_[at];
      if (slot == 0) {
        if (used_ == kCapacity) break;
        slot = static_cast<std::uint32_t>(used_++);
        Describe(node, key, entries_[slot]);
        owner_[slot] = node;
        return slot;
      }
      const Entry& held = entries_[slot];
      if (owner_[slot] == node && std::string_view(held.text.data(), held.length) == key) {
        return slot;
      }
    }
  }
  Describe(node, key, entries_[kUnheld]);
  return kUnheld;
}

void KeyMemo::Describe(std::uint32_t node, std::string_view key, Entry& entry) const {
  entry = Entry();
  if (key.size() <= kMaxKey) {
    std::memcpy(entry.text.data(), key.data(), key.size());
    entry.text[key.size()] = '"';
    entry.need = static_cast<std::uint32_t>((std::uint64_t{2} << key.size()) - 1);
  }
  entry.length = static_cast<std::uint16_t>(std::min<std::size_t>(key.size(), 0xFFFF));
  if (node == KeyTrie::kRoot && IsWatched(key)) entry.flags |= kWatched;
  entry.node = trie_->Find(node, key);
  if (entry.node == KeyTrie::kNone) return;
  const KeyTrie::Node& found = trie_->node(entry.node);
  if (!found.children.empty()) entry.flags |= kInner;
  if (found.fields.empty()) return;
  entry.flags |= kWanted;
  if (found.fields.size() > 1) entry.flags |= kSeveral;
  entry.field = static_cast<std::uint32_t>(found.fields.front());
}

bool KeyMemo::IsWatched(std::string_view key) const {
  return std::any_of(watched_.begin(), watched_.end(), [key](const std::string& name) {
    if (!name.ends_with('*')) return key == name;
    return key.starts_with(std::string_view(name).substr(0, name.size() - 1));
  });
}

}  // namespace vedette::event
