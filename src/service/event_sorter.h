// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "service/ordered_event.h"

namespace vedette::service {

/// Sorts any number of events by time in bounded memory: what does not fit goes, sorted, to
/// temporary files without a name, which are merged at the end. One thread.
class EventSorter {
 public:
  static constexpr std::size_t kDefaultMemory = 128UL * 1024 * 1024;

  explicit EventSorter(std::size_t memory_bytes = kDefaultMemory) : memory_(memory_bytes) {}

  /// kIo when a temporary file cannot be written.
  base::Result<void> Add(OrderedEvent event);
  /// Hands everything out in order, once. An error of the sink ends it.
  using Sink = std::function<base::Result<void>(const OrderedEvent&)>;
  base::Result<void> Drain(const Sink& sink);
  std::size_t spilled_runs() const { return runs_.size(); }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, CloseFile>;
  base::Result<void> Spill();

  std::size_t memory_;
  std::size_t bytes_ = 0;
  std::vector<OrderedEvent> events_;
  std::vector<File> runs_;
};

}  // namespace vedette::service
