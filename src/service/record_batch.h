// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/byte_buffer.h"
#include "io/input_files.h"
#include "service/record_block.h"
#include "service/record_decoder.h"

namespace vedette::service {

/// Records on their way from the reader to a worker, of one file or of several. Reused.
struct RecordBatch {
  enum class Kind : std::uint8_t {
    kRecord,
    kAuditRecord,  ///< an ECS document made of raw audit records
    kBlock,        ///< a RecordBlock whose bytes were copied
    kLargeBlock,   ///< a RecordBlock in `memory`; at most one, the last item
  };
  struct Item {
    Kind kind;
    std::size_t begin;  ///< in `copies`; of kLargeBlock in `memory`
    std::size_t size;
    RecordPlace place;
  };

  std::vector<Item> items;
  std::string copies;  ///< io::FrameBuffer::kPadding bytes more than the items need
  io::ByteBuffer memory;
  std::vector<Rejected> rejected;          ///< in the order of the files
  std::vector<io::InputProblem> problems;  ///< files that could not be read, or not to their end
  std::uint64_t bytes_read = 0;            ///< of all files up to here, as stored

  std::string_view BytesOf(const Item& item) const {
    return {(item.kind == Kind::kLargeBlock ? memory.data() : copies.data()) + item.begin,
            item.size};
  }
  bool empty() const { return items.empty() && rejected.empty() && problems.empty(); }
  void Clear();
};

}  // namespace vedette::service
