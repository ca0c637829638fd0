// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "engine/process_tree_image.h"
#include "engine/process_tree_observation.h"

namespace vedette::engine {

/// Names a process of one tree; stays safe to use after the process was forgotten (every question
/// about it then has the empty answer).
enum class ProcessNodeId : std::uint64_t { kNone = 0 };

struct ProcessTreeOptions {
  std::size_t max_nodes = 1U << 20U;  ///< of all hosts together
  std::size_t max_hosts = 16'384;
  std::size_t max_image_bytes = 4'096;  ///< texts of one image; see ProcessImage
  std::size_t max_entity_bytes = 256;   ///< a longer entity id is not an entity id
  base::Duration grace =
      std::chrono::minutes(5);  ///< how long an ended process without children stays
  base::Duration start_tolerance =
      std::chrono::seconds(1);             ///< start times of one process differ less
  std::size_t max_ancestor_steps = 1'024;  ///< bound of every walk upwards
  std::size_t max_pending_forks = 64;      ///< per host; see ProcessObservation::forked_pid
  std::uint64_t hash_seed = 0;             ///< 0: one that differs from run to run
};

struct ProcessTreeCounters {
  std::uint64_t observations = 0;
  std::uint64_t created = 0;            ///< nodes, unknown ones included
  std::uint64_t unknown = 0;            ///< nodes created because a record referred to them
  std::uint64_t pid_reused = 0;         ///< nodes closed because another process took their pid
  std::uint64_t pid_doubtful = 0;       ///< references by pid refused because it may be reused
  std::uint64_t late = 0;               ///< records older than the node they would belong to
  std::uint64_t stale_boot = 0;         ///< records of an earlier boot
  std::uint64_t boots = 0;              ///< reboots seen
  std::uint64_t cleared_by_boot = 0;    ///< nodes they removed
  std::uint64_t expired = 0;            ///< ended nodes removed after the grace
  std::uint64_t evicted_nodes = 0;      ///< removed by max_nodes
  std::uint64_t evicted_hosts = 0;      ///< removed by max_hosts
  std::uint64_t images_reduced = 0;     ///< images that lost a text to max_image_bytes
  std::uint64_t cycles_refused = 0;     ///< parents that were descendants
  mutable std::uint64_t walks_cut = 0;  ///< walks that met max_ancestor_steps
};

/// What the tree knows of one process. Views live until the next Observe().
struct ProcessView {
  ProcessNodeId id = ProcessNodeId::kNone;  ///< kNone: forgotten or never known; the rest is empty
  bool seen = false;  ///< a record of its own was seen; else it was only referred to
  bool live = false;  ///< no exit was seen or concluded
  std::string_view entity_id;
  std::optional<std::uint32_t> pid;
  std::optional<base::Timestamp> start;  ///< only when stated or its birth was seen
  base::Timestamp first_seen;
  base::Timestamp image_since;          ///< since when `image` holds
  const ProcessImage* image = nullptr;  ///< null when nothing is known of it
  bool image_own = false;  ///< from its own records; else from what its children's say of it
};

struct ObservedProcess {
  ProcessNodeId process = ProcessNodeId::kNone;
  /// The process that this record names as the parent (may be an unseen one); kNone when it names
  /// none or the name cannot be trusted. Not always ParentOf(process): after the parent's death a
  /// record names the reaper, while the tree keeps the line of descent.
  ProcessNodeId stated_parent = ProcessNodeId::kNone;
  base::Timestamp time;  ///< of the record, else of the latest one of its host
};

/// The processes of many hosts as the stream itself shows them, in event-time order.
///
/// Identity: the entity id within a host; without one pid and start time, where a pid counts only
/// between the first sign of a process and its exit, only within a boot, and only while the pid
/// cannot have been given away (PidClock). When in doubt two processes are kept apart and a parent
/// is unknown: the tree loses, it does not invent. An exec keeps the node, also when the source
/// changes the entity id with it. Processes that are only referred to are nodes with `seen` false.
/// Ended processes stay while they have descendants, and for a grace besides.
/// Why it is built so: docs/explanation/process-tree.md. Language: reference sections 12.3, 14.3.
///
/// Memory: 144 bytes a node, 11 to 22 for its pid and as much for its entity id, the entity id
/// beyond 15 bytes, and the image (72 bytes and its texts), which forks share. Measured without the
/// allocator's own (MeasuresBytesPerNode in the tests): 490 bytes for a process with a 78-byte
/// entity id and an image of 185 bytes, 161 for one that is known by pid and shares its parent's
/// image. Bounds evict the processes touched longest ago, first of the host that exceeds its share;
/// the children of an evicted process lose their line.
///
/// Observe is O(1) expected but for the walk that refuses cycles. One thread.
class ProcessTree {
 public:
  explicit ProcessTree(const ProcessTreeOptions& options = {});
  ~ProcessTree();
  ProcessTree(ProcessTree&&) noexcept;
  ProcessTree& operator=(ProcessTree&&) noexcept;

  /// Learns from one record. Never fails: what makes no sense is counted and left out.
  ObservedProcess Observe(const ProcessObservation& observation);

  /// By entity id, living or remembered.
  ProcessNodeId FindByEntityId(std::string_view host, std::string_view entity_id) const;
  /// The process that held `pid` at `time`, if that is certain.
  ProcessNodeId FindByPid(std::string_view host, std::uint32_t pid, base::Timestamp time) const;

  ProcessView View(ProcessNodeId id) const;
  ProcessNodeId ParentOf(ProcessNodeId id) const;

  /// Whether `holds(ProcessView)` is true of any ancestor, nearest first. The process itself is
  /// none of them. At most max_ancestor_steps steps.
  template <class Predicate>
  bool IsDescendantOf(ProcessNodeId id, Predicate&& holds) const {
    ProcessNodeId at = ParentOf(id);
    for (std::size_t steps = 0; at != ProcessNodeId::kNone; ++steps, at = ParentOf(at)) {
      if (steps == max_ancestor_steps_) return WalkCut();
      if (holds(View(at))) return true;
    }
    return false;
  }

  /// Notes that a record of the process matched inner query `query` (0 to 63; else false). The mark
  /// belongs to the process: it outlives exec and death. False when the process is forgotten.
  bool Mark(ProcessNodeId id, unsigned query);
  bool IsMarked(ProcessNodeId id, unsigned query) const;
  /// `descendant of`: an ancestor, not the process itself, is marked.
  bool AnyAncestorMarked(ProcessNodeId id, unsigned query) const;

  const ProcessTreeCounters& counters() const;
  std::size_t node_count() const;
  std::size_t host_count() const;
  /// Bytes held, images counted once however many forks share them. O(nodes).
  std::size_t MeasureBytes() const;

 private:
  struct State;
  bool WalkCut() const;

  std::unique_ptr<State> state_;
  std::size_t max_ancestor_steps_;
};

}  // namespace vedette::engine
