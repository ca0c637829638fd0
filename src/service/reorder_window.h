// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "service/ordered_event.h"

namespace vedette::service {

/// Brings a nearly ordered stream in order: an event waits until one that is `lateness` younger has
/// been seen. What comes later still is late: counted and kept apart, for order cannot be
/// mended after the fact. Memory: the events of one lateness. O(log n) an event; one thread.
class ReorderWindow {
 public:
  using Sink = std::function<base::Result<void>(const OrderedEvent&)>;
  /// `late_sink` gets the late ones at once.
  ReorderWindow(base::Duration lateness, Sink sink, Sink late_sink)
      : lateness_(lateness), sink_(std::move(sink)), late_sink_(std::move(late_sink)) {}

  base::Result<void> Add(OrderedEvent event);
  /// The clock of the stream, from an event that itself does not matter.
  base::Result<void> AdvanceTo(base::Timestamp time);
  base::Result<void> Finish();
  std::uint64_t late() const { return late_; }

 private:
  base::Result<void> HandOut();

  base::Duration lateness_;
  Sink sink_;
  Sink late_sink_;
  std::vector<OrderedEvent> heap_;
  std::int64_t newest_ = INT64_MIN;
  std::int64_t handed_out_ = INT64_MIN;  ///< what is older than this has missed its turn
  std::uint64_t late_ = 0;
};

}  // namespace vedette::service
