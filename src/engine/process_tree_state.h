// SPDX-License-Identifier: Apache-2.0
// Inside of the process tree; included by its .cc files only.
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/process_identity.h"
#include "engine/process_tree.h"

namespace vedette::engine {

struct ProcessTree::State {
  static constexpr std::uint32_t kNone = NodeIndex::kNone;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  struct Node {
    std::int64_t start = 0;  // when start_exact
    std::int64_t first_seen = 0;
    std::int64_t image_since = 0;
    std::int64_t ended = kNever;  // last moment at which it may have held its pid
    std::uint64_t marks = 0;
    std::uint64_t alive_at = 0;  // PidClock
    std::shared_ptr<const ProcessImage> image;
    std::string entity_id;
    std::uint32_t generation = 0;
    std::uint32_t host = 0;
    std::uint32_t parent = kNone;  // valid while parent_generation agrees
    std::uint32_t parent_generation = 0;
    std::uint32_t children = 0;
    std::uint32_t older = kNone;  // of the same host, by last touch
    std::uint32_t newer = kNone;
    std::uint32_t pid = 0;
    bool used = false;
    bool has_pid = false;
    bool indexed_by_pid = false;
    bool live = true;
    bool seen = false;
    bool start_exact = false;
    bool image_own = false;  // from its own records, not from those of its children
    bool has_aliases = false;
    bool queued = false;  // in `endings`
  };

  static_assert(sizeof(Node) <= 144);  // the header says so

  struct PendingFork {
    std::uint32_t pid;
    std::uint32_t parent;
    std::uint32_t parent_generation;
    std::int64_t time;
  };

  struct Host {
    std::string key;
    std::string boot_id;
    std::string previous_boot_id;
    std::int64_t last = 0;    // time of the latest record to arrive, and of the one before: a
    std::int64_t before = 0;  // maximum would let one record from the future make all others late
    bool has_last = false;
    std::uint32_t nodes = 0;
    std::uint32_t oldest = kNone;
    std::uint32_t newest = kNone;
    std::uint32_t older_host = kNone;
    std::uint32_t newer_host = kNone;
    bool used = false;
    PidClock clock;
    std::vector<PendingFork> forks;
  };

  struct HostHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };

  /// Whether a pid still means the process that a node stands for.
  enum class Judgement : std::uint8_t { kSame, kOther, kLate };

  explicit State(const ProcessTreeOptions& given);

  /// Times at most `limit` apart; false when the difference does not fit.
  static bool Within(std::int64_t a, std::int64_t b, std::int64_t limit) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a, b, &difference)) return false;
    return difference <= limit && difference >= -limit;
  }

  // Bounds: who is kept.
  std::uint32_t FindHost(std::string_view key) const;
  std::uint32_t HostFor(std::string_view key);
  void TouchHost(std::uint32_t host);
  void UnlinkHost(std::uint32_t host);
  std::uint32_t NewNode(std::uint32_t host);
  void Touch(std::uint32_t node);
  void Unlink(std::uint32_t node);
  void Remove(std::uint32_t node);
  void MakeRoom(std::uint32_t host);
  std::size_t Clear(std::uint32_t host);
  void QueueEnding(std::uint32_t node);
  void Expire(std::int64_t now);
  bool EnterBoot(Host& host, std::uint32_t slot, const ProcessObservation& seen);

  // Names.
  std::uint32_t FindEntity(std::uint32_t host, std::string_view entity_id) const;
  std::uint32_t FindPid(std::uint32_t host, std::uint32_t pid) const;
  void SetEntity(std::uint32_t node, std::string_view entity_id);
  void DropEntity(std::uint32_t node);
  void TakePid(std::uint32_t node, std::uint32_t pid);
  void DropPid(std::uint32_t node);
  std::string_view EntityOf(const ProcessReference& reference) const {
    return reference.entity_id.size() <= options.max_entity_bytes ? reference.entity_id
                                                                  : std::string_view();
  }

  // Learning from a record.
  std::uint32_t Own(std::uint32_t host, const ProcessObservation& seen, std::int64_t now);
  std::uint32_t OwnByEntity(std::uint32_t host, const ProcessObservation& seen, std::int64_t now);
  std::uint32_t OwnByPid(std::uint32_t host, const ProcessObservation& seen, std::int64_t now);
  bool Recent(std::uint32_t host, std::int64_t now) const;
  Judgement Judge(std::uint32_t holder, const ProcessObservation& seen, std::int64_t now) const;
  bool ParentFits(std::uint32_t holder, const ProcessReference& parent) const;
  std::uint32_t Begin(std::uint32_t host, const ProcessObservation& seen, std::int64_t now);
  void Close(std::uint32_t node, std::int64_t now);
  void Learn(std::uint32_t node, const ProcessObservation& seen, std::int64_t now);
  void LearnImage(Node& node, const ProcessObservation& seen, std::int64_t now);
  void TakeImage(Node& node, const ProcessProperties& properties);
  void BelieveFork(std::uint32_t host, const ProcessObservation& seen, std::int64_t now);
  std::uint32_t StatedParent(std::uint32_t host, std::uint32_t child,
                             const ProcessObservation& seen, std::int64_t now);
  std::uint32_t ParentByEntity(std::uint32_t host, const ProcessReference& parent,
                               std::int64_t now);
  std::uint32_t ParentByPid(std::uint32_t host, std::optional<std::int64_t> child_start,
                            const ProcessReference& parent, std::int64_t now);
  std::uint32_t Unknown(std::uint32_t host, std::string_view entity_id,
                        std::optional<std::uint32_t> pid, std::int64_t now);
  void LinkParent(std::uint32_t child, std::uint32_t parent);
  bool IsSelfOrAncestor(std::uint32_t candidate, std::uint32_t of, bool& cut) const;

  std::uint32_t ParentSlot(const Node& node) const {
    if (node.parent == kNone || !nodes[node.parent].used ||
        nodes[node.parent].generation != node.parent_generation) {
      return kNone;
    }
    return node.parent;
  }
  ProcessNodeId IdOf(std::uint32_t slot) const {
    if (slot == kNone) return ProcessNodeId::kNone;
    return ProcessNodeId{(std::uint64_t{nodes[slot].generation} << 32U) | (slot + 1)};
  }
  std::uint32_t SlotOf(ProcessNodeId id) const {
    const auto raw = static_cast<std::uint64_t>(id);
    const auto slot = static_cast<std::uint32_t>(raw) - 1;
    if (static_cast<std::uint32_t>(raw) == 0 || slot >= nodes.size() || !nodes[slot].used ||
        nodes[slot].generation != static_cast<std::uint32_t>(raw >> 32U)) {
      return kNone;
    }
    return slot;
  }

  ProcessTreeOptions options;
  std::uint64_t seed;
  ProcessTreeCounters counters;
  std::vector<Node> nodes;
  std::vector<std::uint32_t> free_nodes;
  std::size_t node_count = 0;
  std::vector<Host> hosts;
  std::vector<std::uint32_t> free_hosts;
  std::unordered_map<std::string, std::uint32_t, HostHash, std::equal_to<>> host_slots;
  std::uint32_t oldest_host = kNone;
  std::uint32_t newest_host = kNone;
  NodeIndex by_entity;
  NodeIndex by_pid;
  // Entity ids that a process had before an exec changed them; few sources do that.
  std::unordered_map<std::uint32_t, std::vector<std::string>> aliases;
  std::deque<ProcessNodeId> endings;  // ended or unseen, without children
};

}  // namespace vedette::engine
