// SPDX-License-Identifier: Apache-2.0
// What one record tells: which process it is about, and what is new of it.
#include <algorithm>

#include "engine/process_tree_state.h"

namespace vedette::engine {
namespace {

bool Begins(ProcessChange change) {
  return change == ProcessChange::kFork || change == ProcessChange::kStart;
}

}  // namespace

ObservedProcess ProcessTree::Observe(const ProcessObservation& seen) {
  State& state = *state_;
  ++state.counters.observations;
  const std::uint32_t slot = state.HostFor(seen.host);
  State::Host& host = state.hosts[slot];
  ObservedProcess result;
  const std::int64_t now = seen.time ? seen.time->nanoseconds : host.last;
  result.time = {now};
  host.before = host.has_last ? host.last : now;
  host.last = now;
  host.has_last = true;
  state.Expire(now);
  if (!state.EnterBoot(host, slot, seen)) return result;

  const std::uint32_t own = seen.process.named() ? state.Own(slot, seen, now) : State::kNone;
  const ProcessNodeId own_id = state.IdOf(own);
  if (!seen.process.named() || own != State::kNone) {
    const std::uint32_t parent = state.StatedParent(slot, own, seen, now);
    result.stated_parent = state.IdOf(parent);
    // Making room for the parent may have cost the process itself.
    if (own == State::kNone || state.SlotOf(own_id) != own) return result;
    if (parent != State::kNone) state.LinkParent(own, parent);
  }
  if (own == State::kNone) return result;
  state.Learn(own, seen, now);
  result.process = own_id;
  return result;
}

std::uint32_t ProcessTree::State::Own(std::uint32_t host, const ProcessObservation& seen,
                                      std::int64_t now) {
  const std::uint32_t node =
      EntityOf(seen.process).empty() ? OwnByPid(host, seen, now) : OwnByEntity(host, seen, now);
  if (node == kNone) return kNone;
  Touch(node);
  nodes[node].alive_at = std::max(nodes[node].alive_at, hosts[host].clock.now());
  return node;
}

std::uint32_t ProcessTree::State::Begin(std::uint32_t host, const ProcessObservation& seen,
                                        std::int64_t now) {
  const bool allocates = Begins(seen.change) || seen.change == ProcessChange::kExec;
  if (seen.process.pid && allocates) hosts[host].clock.Advance(*seen.process.pid);
  const std::uint32_t slot = NewNode(host);
  nodes[slot].first_seen = now;
  nodes[slot].image_since = now;
  const std::string_view entity = EntityOf(seen.process);
  if (!entity.empty()) SetEntity(slot, entity);
  if (seen.process.pid) TakePid(slot, *seen.process.pid);
  return slot;
}

void ProcessTree::State::Close(std::uint32_t slot, std::int64_t now) {
  Node& node = nodes[slot];
  if (node.live) {
    node.live = false;
    node.ended = now;
    ++counters.pid_reused;
  }
  DropPid(slot);
  QueueEnding(slot);
}

std::uint32_t ProcessTree::State::OwnByEntity(std::uint32_t host, const ProcessObservation& seen,
                                              std::int64_t now) {
  const std::string_view entity = EntityOf(seen.process);
  const std::uint32_t found = FindEntity(host, entity);
  if (found != kNone) {
    Node& node = nodes[found];
    if (node.live || !Begins(seen.change) || now <= node.ended) {
      if (!node.has_pid && seen.process.pid) {
        const std::uint32_t holder = FindPid(host, *seen.process.pid);
        if (holder == kNone || nodes[holder].first_seen <= now) {
          if (holder != kNone) Close(holder, now);
          TakePid(found, *seen.process.pid);
        }
      }
      return found;
    }
    // An id made from the pid alone comes back with the pid.
    DropEntity(found);
    return Begin(host, seen, now);
  }
  if (!seen.process.pid) return Begin(host, seen, now);

  const std::uint32_t holder = FindPid(host, *seen.process.pid);
  if (holder == kNone) return Begin(host, seen, now);
  const bool same = Judge(holder, seen, now) == Judgement::kSame;
  if (nodes[holder].entity_id.empty()) {
    if (same) {
      SetEntity(holder, entity);
      return holder;
    }
  } else if (same && seen.change == ProcessChange::kExec && ParentFits(holder, seen.parent)) {
    SetEntity(holder, entity);
    return holder;
  }
  if (now < nodes[holder].first_seen) {
    // It ended before the present holder of the pid came; only its own id can find it.
    ProcessObservation without_pid = seen;
    without_pid.process.pid.reset();
    const std::uint32_t slot = Begin(host, without_pid, now);
    nodes[slot].pid = *seen.process.pid;
    nodes[slot].has_pid = true;
    return slot;
  }
  Close(holder, now);
  return Begin(host, seen, now);
}

bool ProcessTree::State::ParentFits(std::uint32_t holder, const ProcessReference& parent) const {
  const std::string_view entity = EntityOf(parent);
  const std::uint32_t known = ParentSlot(nodes[holder]);
  if (!entity.empty()) {
    const std::uint32_t named = FindEntity(nodes[holder].host, entity);
    return named != kNone && (named == holder || named == known);
  }
  return parent.pid && known != kNone && nodes[known].has_pid && nodes[known].pid == *parent.pid;
}

ProcessTree::State::Judgement ProcessTree::State::Judge(std::uint32_t holder,
                                                        const ProcessObservation& seen,
                                                        std::int64_t now) const {
  const Node& node = nodes[holder];
  const std::int64_t tolerance = options.start_tolerance.count();
  if (seen.process.start) {
    const std::int64_t start = seen.process.start->nanoseconds;
    if (!node.live && start > node.ended) return Judgement::kOther;
    if (node.start_exact) {
      if (Within(start, node.start, tolerance)) return Judgement::kSame;
      return start > node.start ? Judgement::kOther : Judgement::kLate;
    }
    if (start <= node.first_seen || Within(start, node.first_seen, tolerance)) {
      return Judgement::kSame;
    }
    return Judgement::kOther;
  }
  // One that was only referred to has no known start; its own record may come a little later.
  if (now < node.first_seen) return node.seen ? Judgement::kLate : Judgement::kSame;
  if (now > node.ended) return Judgement::kOther;
  if (Begins(seen.change)) {
    // The same news twice, or the two halves of one birth.
    return now == node.first_seen && node.seen ? Judgement::kSame : Judgement::kOther;
  }
  if (hosts[node.host].clock.MayBeReused(node.pid, node.alive_at)) return Judgement::kOther;
  const std::uint32_t parent = ParentSlot(node);
  if (!node.seen || parent == kNone || !seen.parent.pid || !nodes[parent].has_pid ||
      nodes[parent].pid == *seen.parent.pid) {
    return Judgement::kSame;
  }
  // Another parent: orphans go to init or to a reaper among their ancestors.
  if (!nodes[parent].live || *seen.parent.pid == 1) return Judgement::kSame;
  const std::uint32_t reaper = FindPid(node.host, *seen.parent.pid);
  bool cut = false;
  const bool is_ancestor = reaper != kNone && IsSelfOrAncestor(reaper, parent, cut);
  return is_ancestor && !cut ? Judgement::kSame : Judgement::kOther;
}

void ProcessTree::State::BelieveFork(std::uint32_t host, const ProcessObservation& seen,
                                     std::int64_t now) {
  std::vector<PendingFork>& forks = hosts[host].forks;
  const auto fork = std::find_if(forks.begin(), forks.end(), [&](const PendingFork& pending) {
    return pending.pid == *seen.process.pid;
  });
  if (fork == forks.end()) return;
  const PendingFork pending = *fork;
  forks.erase(fork);
  const Node& parent = nodes[pending.parent];
  if (!parent.used || parent.generation != pending.parent_generation || !seen.parent.pid ||
      !parent.has_pid || parent.pid != *seen.parent.pid || now < pending.time) {
    return;
  }
  std::uint32_t child = FindPid(host, pending.pid);
  if (child != kNone && (nodes[child].seen || nodes[child].first_seen < pending.time)) {
    // The child of vfork runs before its parent comes back and reports it.
    if (nodes[child].first_seen >= pending.time || ParentSlot(nodes[child]) == pending.parent) {
      return;
    }
    Close(child, pending.time);
    child = kNone;
  }
  hosts[host].clock.Advance(pending.pid);
  if (child == kNone) child = NewNode(host);
  Node& node = nodes[child];
  node.first_seen = node.image_since = node.start = pending.time;
  node.start_exact = true;
  node.seen = true;
  TakePid(child, pending.pid);
  const Node& forker = nodes[pending.parent];
  if (!forker.used || forker.generation != pending.parent_generation) return;  // made room
  if (forker.image_own && forker.image_since <= pending.time) {
    node.image = forker.image;
    node.image_own = true;
  }
  LinkParent(child, pending.parent);
}

// A straggler behind everything that was forgotten would become a process that never ends.
bool ProcessTree::State::Recent(std::uint32_t host, std::int64_t now) const {
  return now >= hosts[host].before || Within(now, hosts[host].before, options.grace.count());
}

std::uint32_t ProcessTree::State::OwnByPid(std::uint32_t host, const ProcessObservation& seen,
                                           std::int64_t now) {
  if (!seen.process.pid) return kNone;
  if (!hosts[host].forks.empty()) BelieveFork(host, seen, now);
  const std::uint32_t holder = FindPid(host, *seen.process.pid);
  if (holder == kNone) {
    if (!Recent(host, now)) {
      ++counters.late;
      return kNone;
    }
    return Begin(host, seen, now);
  }
  switch (Judge(holder, seen, now)) {
    case Judgement::kSame:
      return holder;
    case Judgement::kLate:
      ++counters.late;
      return kNone;
    case Judgement::kOther:
      break;
  }
  Close(holder, now);
  return Begin(host, seen, now);
}

void ProcessTree::State::TakeImage(Node& node, const ProcessProperties& properties) {
  if (node.image && node.image->Equals(properties)) return;
  node.image = ProcessImage::Make(properties, options.max_image_bytes, counters.images_reduced);
}

void ProcessTree::State::LearnImage(Node& node, const ProcessObservation& seen, std::int64_t now) {
  const ProcessProperties& given = seen.process.properties;
  if (node.image_own && now < node.image_since) return;
  if (given.empty()) {
    const std::uint32_t parent = ParentSlot(node);
    if (seen.change == ProcessChange::kFork && !node.image_own && parent != kNone &&
        nodes[parent].image_own && nodes[parent].image_since <= now) {
      node.image = nodes[parent].image;
      node.image_own = true;
      node.image_since = now;
    }
    return;
  }
  const bool whole = seen.change != ProcessChange::kOther && seen.change != ProcessChange::kExit;
  if (whole || !node.image || !node.image_own) {
    TakeImage(node, given);
    node.image_own = true;
    node.image_since = now;
    return;
  }
  // A record by the way: another executable means an exec that nobody logged. A name does not, it
  // is the thread's in audit records.
  const ProcessImage& known = *node.image;
  if (!given.executable.empty() && !known.executable().empty() &&
      given.executable != known.executable()) {
    TakeImage(node, given);
    node.image_since = now;
    return;
  }
  if ((known.executable().empty() && !given.executable.empty()) ||
      (known.name().empty() && !given.name.empty())) {
    ProcessProperties joined = given;
    if (joined.executable.empty()) joined.executable = known.executable();
    if (joined.name.empty() || !known.name().empty()) joined.name = known.name();
    if (joined.command_line.empty()) joined.command_line = known.command_line();
    std::vector<std::string_view> args;
    if (!joined.has_args && known.has_args()) {
      for (std::size_t i = 0; i < known.stored_args(); ++i) args.push_back(known.arg(i));
      joined.args = args;
      joined.has_args = true;
      joined.args_count = known.args_count();
    }
    const std::shared_ptr<const ProcessImage> before = node.image;
    TakeImage(node, joined);
  }
}

void ProcessTree::State::Learn(std::uint32_t slot, const ProcessObservation& seen,
                               std::int64_t now) {
  Node& node = nodes[slot];
  const bool first = !node.seen;
  LearnImage(node, seen, now);
  node.seen = true;
  node.first_seen = std::min(node.first_seen, now);
  if (!node.start_exact) {
    if (seen.process.start) {
      node.start = seen.process.start->nanoseconds;
      node.start_exact = true;
      // From its start on the pid was its own.
      if (node.start < node.first_seen && node.indexed_by_pid) node.first_seen = node.start;
    } else if (Begins(seen.change) && first) {
      node.start = now;
      node.start_exact = true;
    }
  }
  if (seen.forked_pid && node.has_pid) {
    std::vector<PendingFork>& forks = hosts[node.host].forks;
    std::erase_if(forks, [&](const PendingFork& fork) { return fork.pid == *seen.forked_pid; });
    if (forks.size() >= options.max_pending_forks && !forks.empty()) forks.erase(forks.begin());
    if (options.max_pending_forks != 0) {
      forks.push_back({*seen.forked_pid, slot, node.generation, now});
    }
  }
  if (seen.change == ProcessChange::kExit || seen.exits) {
    if (node.live || now < node.ended) node.ended = std::max(now, node.first_seen);
    node.live = false;
    QueueEnding(slot);
  }
}

}  // namespace vedette::engine
