// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vedette::base {

/// Bump allocator for everything that lives as long as one batch of events.
///
/// Owns its blocks; Reset() keeps the first ones for reuse, so steady state allocates nothing.
/// Not thread-safe: one arena per worker. Destructors are never run, hence trivial types only.
class Arena {
 public:
  explicit Arena(std::size_t block_bytes = 256 * 1024) : block_bytes_(block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  /// `align` is a power of two no larger than alignof(max_align_t). Never null. O(1) amortised.
  void* Allocate(std::size_t bytes, std::size_t align = alignof(std::max_align_t)) {
    const std::size_t start = (used_ + align - 1) & ~(align - 1);
    if (current_ < blocks_.size() && start + bytes <= blocks_[current_].size) {
      used_ = start + bytes;
      return blocks_[current_].data.get() + start;
    }
    return AllocateSlow(bytes);
  }

  template <class T>
  std::span<T> NewArray(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    if (count == 0) return {};
    T* first = static_cast<T*>(Allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return {first, count};
  }

  /// A copy of `text` that lives until Reset().
  std::string_view Copy(std::string_view text) {
    if (text.empty()) return std::string_view("", 0);
    char* to = static_cast<char*>(Allocate(text.size(), 1));
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// Frees everything handed out. Blocks are kept up to `keep_bytes`, oversize ones are released,
  /// so that one 60 MB record does not stay resident for ever.
  void Reset(std::size_t keep_bytes = 8 * 1024 * 1024);

  std::size_t bytes_reserved() const { return reserved_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> data;
    std::size_t size;
  };
  void* AllocateSlow(std::size_t bytes);

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
  std::size_t block_bytes_;
  std::size_t reserved_ = 0;
};

}  // namespace vedette::base
