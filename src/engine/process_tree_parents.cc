// SPDX-License-Identifier: Apache-2.0
// Whom a record means by its parent, and the links of the tree.
#include "engine/process_tree_state.h"

namespace vedette::engine {

std::uint32_t ProcessTree::State::Unknown(std::uint32_t host, std::string_view entity_id,
                                          std::optional<std::uint32_t> pid, std::int64_t now) {
  const std::uint32_t slot = NewNode(host);
  nodes[slot].first_seen = now;
  nodes[slot].image_since = now;
  if (!entity_id.empty()) SetEntity(slot, entity_id);
  if (pid) TakePid(slot, *pid);
  ++counters.unknown;
  QueueEnding(slot);
  return slot;
}

std::uint32_t ProcessTree::State::ParentByEntity(std::uint32_t host, const ProcessReference& parent,
                                                 std::int64_t now) {
  const std::string_view entity = EntityOf(parent);
  const std::uint32_t found = FindEntity(host, entity);
  if (found != kNone) return found;
  if (!parent.pid || *parent.pid == 0) return Unknown(host, entity, std::nullopt, now);
  const std::uint32_t holder = FindPid(host, *parent.pid);
  if (holder == kNone) return Unknown(host, entity, parent.pid, now);
  const Node& node = nodes[holder];
  if (node.entity_id.empty() && now >= node.first_seen && now <= node.ended &&
      !hosts[host].clock.MayBeReused(*parent.pid, node.alive_at) &&
      (!parent.start || !node.start_exact ||
       Within(parent.start->nanoseconds, node.start, options.start_tolerance.count()))) {
    SetEntity(holder, entity);
    return holder;
  }
  // Which of the two holds the pid now cannot be told: the parent may be long dead.
  return Unknown(host, entity, std::nullopt, now);
}

std::uint32_t ProcessTree::State::ParentByPid(std::uint32_t host,
                                              std::optional<std::int64_t> child_start,
                                              const ProcessReference& parent, std::int64_t now) {
  const std::uint32_t pid = *parent.pid;
  if (pid == 0) return kNone;
  const std::uint32_t holder = FindPid(host, pid);
  if (holder == kNone) {
    if (!Recent(host, now)) return kNone;
    return Unknown(host, {}, pid, now);
  }
  const Node& node = nodes[holder];
  const std::int64_t tolerance = options.start_tolerance.count();
  if (now < node.first_seen) {
    ++counters.late;
    return kNone;
  }
  if (parent.start && node.start_exact &&
      !Within(parent.start->nanoseconds, node.start, tolerance)) {
    return kNone;
  }
  if (child_start && node.start_exact && node.start > *child_start &&
      !Within(node.start, *child_start, tolerance)) {
    return kNone;
  }
  const bool doubtful = hosts[host].clock.MayBeReused(pid, node.alive_at);
  if (doubtful) ++counters.pid_doubtful;
  if (!doubtful && now <= node.ended) {
    nodes[holder].alive_at = hosts[host].clock.now();
    return holder;
  }
  Close(holder, now);
  return Unknown(host, {}, pid, now);
}

std::uint32_t ProcessTree::State::StatedParent(std::uint32_t host, std::uint32_t child,
                                               const ProcessObservation& seen, std::int64_t now) {
  if (!seen.parent.named()) return kNone;
  const ProcessNodeId child_id = IdOf(child);
  std::uint32_t found = kNone;
  if (!EntityOf(seen.parent).empty()) {
    found = ParentByEntity(host, seen.parent, now);
  } else if (seen.parent.pid && seen.parent.pid != seen.process.pid) {
    std::optional<std::int64_t> start;
    if (seen.process.start) {
      start = seen.process.start->nanoseconds;
    } else if (child != kNone && nodes[child].start_exact) {
      start = nodes[child].start;
    }
    found = ParentByPid(host, start, seen.parent, now);
  }
  if (found == kNone || SlotOf(child_id) != child) return found;
  if (found == child) return kNone;
  Touch(found);
  if (child != kNone) Touch(child);
  Node& node = nodes[found];
  if (!node.image_own && !seen.parent.properties.empty() && now >= node.image_since) {
    TakeImage(node, seen.parent.properties);
  }
  if (!node.start_exact && seen.parent.start) {
    node.start = seen.parent.start->nanoseconds;
    node.start_exact = true;
  }
  return found;
}

bool ProcessTree::State::IsSelfOrAncestor(std::uint32_t candidate, std::uint32_t of,
                                          bool& cut) const {
  for (std::size_t steps = 0; of != kNone; ++steps, of = ParentSlot(nodes[of])) {
    if (of == candidate) return true;
    if (steps == options.max_ancestor_steps) {
      cut = true;
      return false;
    }
  }
  return false;
}

void ProcessTree::State::LinkParent(std::uint32_t child, std::uint32_t parent) {
  Node& node = nodes[child];
  if (ParentSlot(node) != kNone) return;
  if (node.children != 0) {  // a process without children is nobody's ancestor
    bool cut = false;
    if (IsSelfOrAncestor(child, parent, cut) || cut) {
      ++counters.cycles_refused;
      return;
    }
  }
  node.parent = parent;
  node.parent_generation = nodes[parent].generation;
  ++nodes[parent].children;
}

}  // namespace vedette::engine
