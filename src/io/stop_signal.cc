// SPDX-License-Identifier: Apache-2.0
#include "io/stop_signal.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace vedette::io {

StopSignal::StopSignal() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StopSignal::~StopSignal() {
  if (descriptor_ >= 0) close(descriptor_);
}

void StopSignal::Raise() {
  raised_.store(true, std::memory_order_relaxed);
  // Fails only when it has been raised more often than 64 bits count.
  if (descriptor_ >= 0) static_cast<void>(eventfd_write(descriptor_, 1));
}

}  // namespace vedette::io
