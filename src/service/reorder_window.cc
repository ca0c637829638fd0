// SPDX-License-Identifier: Apache-2.0
#include "service/reorder_window.h"

#include <algorithm>
#include <utility>

namespace vedette::service {
namespace {

bool Later(const OrderedEvent& a, const OrderedEvent& b) { return b.Before(a); }

std::int64_t Minus(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_sub_overflow(a, b, &out) ? INT64_MIN : out;
}

}  // namespace

base::Result<void> ReorderWindow::Add(OrderedEvent event) {
  if (event.timestamp.nanoseconds < handed_out_) {
    ++late_;
    return late_sink_(event);
  }
  newest_ = std::max(newest_, event.timestamp.nanoseconds);
  heap_.push_back(std::move(event));
  std::push_heap(heap_.begin(), heap_.end(), Later);
  return HandOut();
}

base::Result<void> ReorderWindow::AdvanceTo(base::Timestamp time) {
  newest_ = std::max(newest_, time.nanoseconds);
  return HandOut();
}

base::Result<void> ReorderWindow::HandOut() {
  const std::int64_t watermark = Minus(newest_, lateness_.count());
  handed_out_ = std::max(handed_out_, watermark);
  while (!heap_.empty() && heap_.front().timestamp.nanoseconds < watermark) {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    const OrderedEvent event = std::move(heap_.back());
    heap_.pop_back();
    VED_TRY_VOID(sink_(event));
  }
  return {};
}

base::Result<void> ReorderWindow::Finish() {
  std::sort(heap_.begin(), heap_.end(), [](const auto& a, const auto& b) { return a.Before(b); });
  for (const OrderedEvent& event : heap_) VED_TRY_VOID(sink_(event));
  heap_.clear();
  return {};
}

}  // namespace vedette::service
