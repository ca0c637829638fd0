// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/process_tree_observation.h"

namespace vedette::engine {

/// What a process runs: executable, name, command line, arguments. Immutable, so that a fork shares
/// its parent's. One heap block beside the object.
///
/// A text that does not fit into the budget is left out, never cut: half a command line would be
/// wrong about the process, and a rule that denies something of it would fire wrongly.
class ProcessImage {
 public:
  /// Texts are taken in the order executable, name, args, command line while they fit `max_bytes`.
  /// `left_out` is increased by one when something did not.
  static std::shared_ptr<const ProcessImage> Make(const ProcessProperties& properties,
                                                  std::size_t max_bytes, std::uint64_t& left_out);

  std::string_view executable() const { return {text(), executable_bytes_}; }
  std::string_view name() const { return {text() + executable_bytes_, name_bytes_}; }
  std::string_view command_line() const {
    return {text() + executable_bytes_ + name_bytes_, command_line_bytes_};
  }
  bool has_args() const { return has_args_; }
  std::size_t stored_args() const { return stored_args_; }
  /// `i` below stored_args(). O(1).
  std::string_view arg(std::size_t i) const;
  /// As the source said, else the number of arguments; -1 when neither is known.
  std::int64_t args_count() const;
  bool Equals(const ProcessProperties& properties) const;
  /// Heap bytes of the object and its block, without the allocator's own.
  std::size_t bytes() const { return sizeof(ProcessImage) + block_bytes_; }

 private:
  std::uint32_t EndOfArg(std::size_t i) const;
  const char* text() const { return block_.get() + stored_args_ * sizeof(std::uint32_t); }

  std::unique_ptr<char[]> block_;  // ends of the arguments, then the texts, arguments last
  std::uint32_t block_bytes_ = 0;
  std::uint32_t executable_bytes_ = 0;
  std::uint32_t name_bytes_ = 0;
  std::uint32_t command_line_bytes_ = 0;
  std::uint32_t stored_args_ = 0;
  bool has_args_ = false;
  std::int64_t args_count_ = -1;
};

}  // namespace vedette::engine
