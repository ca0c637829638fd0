// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engine/sequence_machine.h"

namespace vedette::engine {

std::vector<SequenceMachine::Waiting> SequenceMachine::WaitingUnder(const KeyHash& key) {
  std::vector<Waiting> out;
  for (std::uint32_t stage = 0; stage + 1 < plan_.stages.size(); ++stage) {
    const Partial* partial = nullptr;
    if (plan_.ring != 0) {
      partial = rings_[stage].empty() ? nullptr : &rings_[stage].front();
    } else {
      partial = tables_[stage].Find(key);
    }
    if (partial == nullptr) continue;
    Waiting waiting{stage, {}, {partial->first_time}};
    chains_.Read(partial->events, waiting.events);
    out.push_back(std::move(waiting));
  }
  return out;
}

}  // namespace vedette::engine
