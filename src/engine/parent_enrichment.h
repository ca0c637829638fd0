// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/process_tree.h"
#include "event/event.h"

namespace vedette::engine {

struct ParentEnrichmentOptions {
  ProcessTreeOptions tree;
  std::size_t max_ancestry = 20;  ///< entity ids in process.Ext.ancestry
};

struct ParentEnrichmentCounters {
  std::uint64_t events = 0;
  std::uint64_t enriched = 0;  ///< events that got at least one field
  std::uint64_t fields = 0;
  std::uint64_t disagreed = 0;  ///< the record's own words about its parent contradict the tree's
  std::uint64_t image_unsure = 0;  ///< the parent ran something else by the time of a late record
};

/// Fills the parts of process.parent.* that a source lacks from the process tree which the same
/// stream builds: entity_id, pid, start, executable, name, args, args_count, command_line, and
/// process.Ext.ancestry (entity ids, the parent first).
///
/// It takes facts only from a parent of which the stream held a record of its own, and never
/// touches a value that the record has. Where the record says anything of its parent that differs
/// from what the tree knows, it fills nothing of the image (nothing at all when ids differ). What a
/// parent's record did not say (arguments too long to keep, a start nobody saw) stays absent.
///
/// One object for each run, one thread, events in event-time order. Cost for each event: the
/// reader's, the tree's and a copy of two or three member lists into the arena.
/// docs/explanation/process-tree.md
class ParentEnrichment {
 public:
  explicit ParentEnrichment(const ParentEnrichmentOptions& options = {});

  /// Observes the event, then replaces `event.document` by one with what was found; its slots and
  /// bytes stay as they were, so project again when `enriched` grew. Appends the dotted names of
  /// the fields that were filled (views of static storage). New values live in `arena`.
  ObservedProcess Enrich(event::Event& event, base::Arena& arena,
                         std::vector<std::string_view>& enriched);
  /// Only learns from the event: for sources whose documents stay as they are, and for relations.
  ObservedProcess Observe(const event::Event& event, base::Arena& arena);

  ProcessTree& tree() { return tree_; }
  const ProcessTree& tree() const { return tree_; }
  const ParentEnrichmentCounters& counters() const { return counters_; }

 private:
  ProcessTree tree_;
  std::size_t max_ancestry_;
  ParentEnrichmentCounters counters_;
};

}  // namespace vedette::engine
