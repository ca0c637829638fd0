// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"

#include <algorithm>

namespace vedette::base {

void* Arena::AllocateSlow(std::size_t bytes) {
  if (current_ < blocks_.size()) ++current_;
  while (current_ < blocks_.size() && blocks_[current_].size < bytes) ++current_;
  if (current_ >= blocks_.size()) {
    const std::size_t size = std::max(bytes, block_bytes_);
    // Not value-initialised: callers write what they read.
    blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
    reserved_ += size;
    current_ = blocks_.size() - 1;
  }
  used_ = bytes;
  return blocks_[current_].data.get();
}

void Arena::Reset(std::size_t keep_bytes) {
  if (reserved_ > keep_bytes) {
    std::vector<Block> kept;
    std::size_t total = 0;
    for (Block& block : blocks_) {
      if (block.size == block_bytes_ && total + block.size <= keep_bytes) {
        total += block.size;
        kept.push_back(std::move(block));
      }
    }
    blocks_ = std::move(kept);
    reserved_ = total;
  }
  current_ = 0;
  used_ = 0;
}

}  // namespace vedette::base
