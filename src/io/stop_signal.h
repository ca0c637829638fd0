// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace vedette::io {

/// Says that nobody wants more, and ends reads that wait for someone else (pipes, terminals) from
/// another thread, once and for all. Any thread may raise it. It must outlive the sources that know
/// it.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void Raise();
  bool raised() const { return raised_.load(std::memory_order_relaxed); }
  /// Readable once raised; -1 when the system has no descriptor left: then reads cannot be ended.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  std::atomic<bool> raised_ = false;
};

}  // namespace vedette::io
