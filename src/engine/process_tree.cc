// SPDX-License-Identifier: Apache-2.0
#include "engine/process_tree.h"

#include <unordered_set>
#include <utility>

#include "engine/process_tree_state.h"

namespace vedette::engine {

ProcessTree::ProcessTree(const ProcessTreeOptions& options)
    : state_(std::make_unique<State>(options)), max_ancestor_steps_(options.max_ancestor_steps) {}
ProcessTree::~ProcessTree() = default;
ProcessTree::ProcessTree(ProcessTree&&) noexcept = default;
ProcessTree& ProcessTree::operator=(ProcessTree&&) noexcept = default;

ProcessNodeId ProcessTree::FindByEntityId(std::string_view host, std::string_view entity_id) const {
  const std::uint32_t slot = state_->FindHost(host);
  if (slot == State::kNone || entity_id.empty()) return ProcessNodeId::kNone;
  return state_->IdOf(state_->FindEntity(slot, entity_id));
}

ProcessNodeId ProcessTree::FindByPid(std::string_view host, std::uint32_t pid,
                                     base::Timestamp time) const {
  const std::uint32_t slot = state_->FindHost(host);
  if (slot == State::kNone) return ProcessNodeId::kNone;
  const std::uint32_t found = state_->FindPid(slot, pid);
  if (found == State::kNone) return ProcessNodeId::kNone;
  const State::Node& node = state_->nodes[found];
  if (time.nanoseconds < node.first_seen || time.nanoseconds > node.ended ||
      state_->hosts[slot].clock.MayBeReused(pid, node.alive_at)) {
    return ProcessNodeId::kNone;
  }
  return state_->IdOf(found);
}

ProcessView ProcessTree::View(ProcessNodeId id) const {
  const std::uint32_t slot = state_->SlotOf(id);
  if (slot == State::kNone) return {};
  const State::Node& node = state_->nodes[slot];
  ProcessView view;
  view.id = id;
  view.seen = node.seen;
  view.live = node.live;
  view.entity_id = node.entity_id;
  if (node.has_pid) view.pid = node.pid;
  if (node.start_exact) view.start = base::Timestamp{node.start};
  view.first_seen = {node.first_seen};
  view.image_since = {node.image_since};
  view.image = node.image.get();
  view.image_own = node.image_own;
  return view;
}

ProcessNodeId ProcessTree::ParentOf(ProcessNodeId id) const {
  const std::uint32_t slot = state_->SlotOf(id);
  if (slot == State::kNone) return ProcessNodeId::kNone;
  return state_->IdOf(state_->ParentSlot(state_->nodes[slot]));
}

bool ProcessTree::Mark(ProcessNodeId id, unsigned query) {
  const std::uint32_t slot = state_->SlotOf(id);
  if (slot == State::kNone || query >= 64) return false;
  state_->nodes[slot].marks |= std::uint64_t{1} << query;
  return true;
}

bool ProcessTree::IsMarked(ProcessNodeId id, unsigned query) const {
  const std::uint32_t slot = state_->SlotOf(id);
  return slot != State::kNone && query < 64 && ((state_->nodes[slot].marks >> query) & 1U) != 0;
}

bool ProcessTree::AnyAncestorMarked(ProcessNodeId id, unsigned query) const {
  const std::uint32_t slot = state_->SlotOf(id);
  if (slot == State::kNone || query >= 64) return false;
  std::uint32_t at = state_->ParentSlot(state_->nodes[slot]);
  for (std::size_t steps = 0; at != State::kNone; ++steps) {
    if (steps == max_ancestor_steps_) return WalkCut();
    if (((state_->nodes[at].marks >> query) & 1U) != 0) return true;
    at = state_->ParentSlot(state_->nodes[at]);
  }
  return false;
}

bool ProcessTree::WalkCut() const {
  ++state_->counters.walks_cut;
  return false;
}

const ProcessTreeCounters& ProcessTree::counters() const { return state_->counters; }
std::size_t ProcessTree::node_count() const { return state_->node_count; }
std::size_t ProcessTree::host_count() const { return state_->host_slots.size(); }

std::size_t ProcessTree::MeasureBytes() const {
  const State& state = *state_;
  std::size_t bytes = state.nodes.capacity() * sizeof(State::Node) +
                      state.free_nodes.capacity() * sizeof(std::uint32_t) +
                      state.hosts.capacity() * sizeof(State::Host) + state.by_entity.bytes() +
                      state.by_pid.bytes() + state.endings.size() * sizeof(ProcessNodeId);
  std::unordered_set<const ProcessImage*> images;
  for (const State::Node& node : state.nodes) {
    // 15: what std::string holds without the heap. 16: the counts beside a shared image.
    if (node.entity_id.capacity() > 15) bytes += node.entity_id.capacity() + 1;
    if (node.image && images.insert(node.image.get()).second) bytes += node.image->bytes() + 16;
  }
  return bytes;
}

}  // namespace vedette::engine
