// SPDX-License-Identifier: Apache-2.0
// Which hosts and processes a tree keeps, and by which names it finds them.
#include <algorithm>
#include <random>

#include "engine/process_tree_state.h"

namespace vedette::engine {
namespace {

// Ended processes looked at per record: more than one record can end, so the queue drains.
constexpr int kEndingsPerRecord = 4;
// A process may change its entity id this often and still be found by the old ones.
constexpr std::size_t kMaxAliases = 8;

}  // namespace

ProcessTree::State::State(const ProcessTreeOptions& given)
    : options(given), seed(given.hash_seed != 0 ? given.hash_seed : std::random_device{}()) {
  options.max_nodes = std::clamp<std::size_t>(options.max_nodes, 2, kNone - 1);
  options.max_hosts = std::clamp<std::size_t>(options.max_hosts, 1, kNone - 1);
  options.max_image_bytes = std::min<std::size_t>(options.max_image_bytes, 1U << 30U);
}

std::uint32_t ProcessTree::State::FindHost(std::string_view key) const {
  const auto found = host_slots.find(key);
  return found == host_slots.end() ? kNone : found->second;
}

std::uint32_t ProcessTree::State::HostFor(std::string_view key) {
  std::uint32_t slot = FindHost(key);
  if (slot != kNone) {
    TouchHost(slot);
    return slot;
  }
  if (host_slots.size() >= options.max_hosts) {
    const std::uint32_t victim = oldest_host;
    Clear(victim);
    UnlinkHost(victim);
    host_slots.erase(hosts[victim].key);
    hosts[victim] = Host{};
    free_hosts.push_back(victim);
    ++counters.evicted_hosts;
  }
  if (free_hosts.empty()) {
    slot = static_cast<std::uint32_t>(hosts.size());
    hosts.emplace_back();
  } else {
    slot = free_hosts.back();
    free_hosts.pop_back();
  }
  hosts[slot].used = true;
  hosts[slot].key = key;
  host_slots.emplace(hosts[slot].key, slot);
  TouchHost(slot);
  return slot;
}

void ProcessTree::State::UnlinkHost(std::uint32_t slot) {
  Host& host = hosts[slot];
  if (host.older_host != kNone) hosts[host.older_host].newer_host = host.newer_host;
  if (host.newer_host != kNone) hosts[host.newer_host].older_host = host.older_host;
  if (oldest_host == slot) oldest_host = host.newer_host;
  if (newest_host == slot) newest_host = host.older_host;
  host.older_host = host.newer_host = kNone;
}

void ProcessTree::State::TouchHost(std::uint32_t slot) {
  if (newest_host == slot) return;
  UnlinkHost(slot);
  hosts[slot].older_host = newest_host;
  if (newest_host != kNone) hosts[newest_host].newer_host = slot;
  newest_host = slot;
  if (oldest_host == kNone) oldest_host = slot;
}

void ProcessTree::State::Unlink(std::uint32_t slot) {
  Node& node = nodes[slot];
  Host& host = hosts[node.host];
  if (node.older != kNone) nodes[node.older].newer = node.newer;
  if (node.newer != kNone) nodes[node.newer].older = node.older;
  if (host.oldest == slot) host.oldest = node.newer;
  if (host.newest == slot) host.newest = node.older;
  node.older = node.newer = kNone;
}

void ProcessTree::State::Touch(std::uint32_t slot) {
  Host& host = hosts[nodes[slot].host];
  if (host.newest == slot) return;
  Unlink(slot);
  nodes[slot].older = host.newest;
  if (host.newest != kNone) nodes[host.newest].newer = slot;
  host.newest = slot;
  if (host.oldest == kNone) host.oldest = slot;
}

void ProcessTree::State::MakeRoom(std::uint32_t host) {
  while (node_count >= options.max_nodes) {
    const bool beyond_its_share = hosts[host].nodes * host_slots.size() >= options.max_nodes;
    std::uint32_t from = host;
    if (!beyond_its_share || hosts[host].nodes == 0) {
      from = oldest_host;
      while (hosts[from].nodes == 0) from = hosts[from].newer_host;
    }
    Remove(hosts[from].oldest);
    ++counters.evicted_nodes;
  }
}

std::uint32_t ProcessTree::State::NewNode(std::uint32_t host) {
  MakeRoom(host);
  std::uint32_t slot = 0;
  if (free_nodes.empty()) {
    slot = static_cast<std::uint32_t>(nodes.size());
    nodes.emplace_back();
  } else {
    slot = free_nodes.back();
    free_nodes.pop_back();
  }
  Node& node = nodes[slot];
  node.used = true;
  node.host = host;
  node.alive_at = hosts[host].clock.now();
  ++hosts[host].nodes;
  ++node_count;
  ++counters.created;
  Touch(slot);
  return slot;
}

void ProcessTree::State::Remove(std::uint32_t slot) {
  DropPid(slot);
  DropEntity(slot);
  Unlink(slot);
  const std::uint32_t parent = ParentSlot(nodes[slot]);
  const std::uint32_t generation = nodes[slot].generation + 1;
  --hosts[nodes[slot].host].nodes;
  --node_count;
  nodes[slot] = Node{};
  nodes[slot].generation = generation;
  free_nodes.push_back(slot);
  if (parent == kNone) return;
  --nodes[parent].children;
  QueueEnding(parent);
}

std::size_t ProcessTree::State::Clear(std::uint32_t host) {
  std::size_t removed = 0;
  for (; hosts[host].oldest != kNone; ++removed) Remove(hosts[host].oldest);
  hosts[host].forks.clear();
  return removed;
}

void ProcessTree::State::QueueEnding(std::uint32_t slot) {
  Node& node = nodes[slot];
  if (node.queued || node.children != 0 || (node.live && node.seen)) return;
  node.queued = true;
  endings.push_back(IdOf(slot));
}

void ProcessTree::State::Expire(std::int64_t now) {
  for (int i = 0; i < kEndingsPerRecord && !endings.empty(); ++i) {
    const ProcessNodeId id = endings.front();
    endings.pop_front();
    const std::uint32_t slot = SlotOf(id);
    if (slot == kNone) continue;
    Node& node = nodes[slot];
    if (node.children != 0 || (node.live && node.seen)) {
      node.queued = false;
      continue;
    }
    const std::int64_t from = node.live ? node.first_seen : node.ended;
    // Times are hostile too: the difference of two of them may not fit.
    std::int64_t age = 0;
    const bool overflow = __builtin_sub_overflow(now, from, &age);
    if (overflow ? now > from : age >= options.grace.count()) {
      Remove(slot);
      ++counters.expired;
    } else {
      endings.push_back(id);  // clocks of hosts differ: none may hold up the others
    }
  }
}

bool ProcessTree::State::EnterBoot(Host& host, std::uint32_t slot, const ProcessObservation& seen) {
  if (seen.boots) {
    counters.cleared_by_boot += Clear(slot);
    ++counters.boots;
    host.clock = PidClock();
    return false;
  }
  if (seen.boot_id.empty() || seen.boot_id == host.boot_id) return true;
  if (!host.boot_id.empty()) {
    if (seen.boot_id == host.previous_boot_id) {
      ++counters.stale_boot;
      return false;
    }
    counters.cleared_by_boot += Clear(slot);
    ++counters.boots;
    host.clock = PidClock();
  }
  host.previous_boot_id = std::move(host.boot_id);
  host.boot_id = seen.boot_id;
  return true;
}

std::uint32_t ProcessTree::State::FindEntity(std::uint32_t host, std::string_view id) const {
  return by_entity.Find(HashProcessName(seed, host, id), [&](std::uint32_t slot) {
    const Node& node = nodes[slot];
    if (node.host != host) return false;
    if (node.entity_id == id) return true;
    if (!node.has_aliases) return false;
    const auto& others = aliases.at(slot);
    return std::find(others.begin(), others.end(), id) != others.end();
  });
}

std::uint32_t ProcessTree::State::FindPid(std::uint32_t host, std::uint32_t pid) const {
  return by_pid.Find(HashProcessName(seed, host, pid), [&](std::uint32_t slot) {
    return nodes[slot].host == host && nodes[slot].pid == pid;
  });
}

void ProcessTree::State::SetEntity(std::uint32_t slot, std::string_view id) {
  Node& node = nodes[slot];
  if (!node.entity_id.empty()) {
    std::vector<std::string>& others = aliases[slot];
    if (others.size() == kMaxAliases) {
      by_entity.Erase(HashProcessName(seed, node.host, others.front()), slot);
      others.erase(others.begin());
    }
    others.push_back(std::move(node.entity_id));
    node.has_aliases = true;
  }
  node.entity_id = id;
  by_entity.Insert(HashProcessName(seed, node.host, node.entity_id), slot);
}

void ProcessTree::State::DropEntity(std::uint32_t slot) {
  Node& node = nodes[slot];
  if (node.entity_id.empty()) return;
  by_entity.Erase(HashProcessName(seed, node.host, node.entity_id), slot);
  if (node.has_aliases) {
    for (const std::string& id : aliases[slot]) {
      by_entity.Erase(HashProcessName(seed, node.host, id), slot);
    }
    aliases.erase(slot);
    node.has_aliases = false;
  }
  node.entity_id.clear();
}

void ProcessTree::State::TakePid(std::uint32_t slot, std::uint32_t pid) {
  const std::uint32_t holder = FindPid(nodes[slot].host, pid);
  if (holder == slot) return;
  if (holder != kNone) DropPid(holder);
  DropPid(slot);
  Node& node = nodes[slot];
  node.pid = pid;
  node.has_pid = true;
  node.indexed_by_pid = true;
  by_pid.Insert(HashProcessName(seed, node.host, pid), slot);
}

void ProcessTree::State::DropPid(std::uint32_t slot) {
  Node& node = nodes[slot];
  if (!node.indexed_by_pid) return;
  by_pid.Erase(HashProcessName(seed, node.host, node.pid), slot);
  node.indexed_by_pid = false;
}

}  // namespace vedette::engine
