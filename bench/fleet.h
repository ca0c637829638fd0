// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "corpus_shapes.h"
#include "corpus_words.h"
#include "random.h"

namespace vedette::bench {

/// What becomes of an event.
enum class Plot : std::uint8_t { kEveryday, kPlanted, kNearMiss };

/// A made-up fleet of hosts that tells of itself. Memory does not grow with the number of events.
class Fleet {
 public:
  explicit Fleet(std::uint64_t seed);
  /// Appends event `ordinal` as one JSON document without a line break.
  void Append(std::uint64_t ordinal, Plot plot, std::string& out);

 private:
  void AppendStaged(EventWriter& writer, const Host& host, Plot plot);
  void AppendEveryday(EventWriter& writer, Host& host, base::Timestamp time);
  Process Spawn(const CommandShape& shape, const Process& parent, base::Timestamp start);

  Random random_;
  std::vector<Host> hosts_;
};

}  // namespace vedette::bench
