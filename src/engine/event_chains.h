// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "engine/retained_events.h"

namespace vedette::engine {

/// The events of partial sequences, newest first. A chain of one event costs nothing here: it is
/// the event's own number, marked. Longer ones share their tails, counted by reference. One thread.
class EventChains {
 public:
  using Chain = std::uint32_t;

  explicit EventChains(RetainedEvents& events) : events_(&events) {}
  /// The current event alone.
  Chain Start() { return events_->Retain() | kDirect; }
  /// `tail` and then the current event. Takes over the caller's hold on `tail`.
  Chain Append(Chain tail);
  void AddReference(Chain chain);
  void Release(Chain chain);
  EventRef Last(Chain chain) const {
    return (chain & kDirect) != 0 ? chain & ~kDirect : nodes_[chain].event;
  }
  /// Oldest first.
  void Read(Chain chain, std::vector<EventRef>& out) const;
  RetainedEvents& events() { return *events_; }
  const RetainedEvents& events() const { return *events_; }
  std::size_t bytes() const { return nodes_.capacity() * sizeof(Node); }

 private:
  static constexpr Chain kDirect = 0x80000000U;
  struct Node {
    EventRef event = kNoEvent;
    Chain tail = 0;
    std::uint32_t references = 0;
  };
  RetainedEvents* events_;
  std::vector<Node> nodes_;
  std::vector<Chain> free_;
};

}  // namespace vedette::engine
