// SPDX-License-Identifier: Apache-2.0
#include "engine/event_chains.h"

#include <algorithm>

namespace vedette::engine {

EventChains::Chain EventChains::Append(Chain tail) {
  Chain chain;
  if (free_.empty()) {
    chain = static_cast<Chain>(nodes_.size());
    nodes_.emplace_back();
  } else {
    chain = free_.back();
    free_.pop_back();
  }
  nodes_[chain] = {events_->Retain(), tail, 1};
  return chain;
}

void EventChains::AddReference(Chain chain) {
  if ((chain & kDirect) != 0) {
    events_->AddReference(chain & ~kDirect);
  } else {
    ++nodes_[chain].references;
  }
}

void EventChains::Release(Chain chain) {
  while ((chain & kDirect) == 0) {
    Node& node = nodes_[chain];
    if (--node.references != 0) return;
    events_->Release(node.event);
    free_.push_back(chain);
    chain = node.tail;
  }
  events_->Release(chain & ~kDirect);
}

void EventChains::Read(Chain chain, std::vector<EventRef>& out) const {
  out.clear();
  while ((chain & kDirect) == 0) {
    out.push_back(nodes_[chain].event);
    chain = nodes_[chain].tail;
  }
  out.push_back(chain & ~kDirect);
  std::reverse(out.begin(), out.end());
}

}  // namespace vedette::engine
