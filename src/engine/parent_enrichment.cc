// SPDX-License-Identifier: Apache-2.0
#include "engine/parent_enrichment.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/time.h"
#include "engine/parent_enrichment_document.h"
#include "engine/process_tree_reader.h"

namespace vedette::engine {
namespace {

using event::Value;

constexpr std::size_t kCommBytes = 15;  // what the kernel keeps of a name

/// Two names of one image: a source may know only the kernel's short one.
bool SameName(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string_view shorter = a.size() < b.size() ? a : b;
  const std::string_view longer = a.size() < b.size() ? b : a;
  return shorter.size() == kCommBytes && longer.starts_with(shorter);
}

bool SameArgs(const ProcessImage& image, const ProcessProperties& stated) {
  if (!stated.has_args || !image.has_args()) return true;
  if (stated.args.size() != image.stored_args()) return false;
  for (std::size_t i = 0; i < stated.args.size(); ++i) {
    if (stated.args[i] != image.arg(i)) return false;
  }
  return true;
}

/// What the record says of its parent's image does not contradict the tree.
bool Agrees(const ProcessImage& image, const ProcessProperties& stated) {
  const auto same = [](std::string_view a, std::string_view b) {
    return a.empty() || b.empty() || a == b;
  };
  return same(stated.executable, image.executable()) &&
         same(stated.command_line, image.command_line()) && SameArgs(image, stated) &&
         (stated.name.empty() || image.name().empty() || SameName(stated.name, image.name()));
}

Value CopyText(std::string_view text, base::Arena& arena) {
  return text.empty() ? Value() : Value::String(arena.Copy(text));
}

Value CopyArgs(const ProcessImage& image, base::Arena& arena) {
  if (!image.has_args()) return {};
  const auto args = arena.NewArray<Value>(image.stored_args());
  for (std::size_t i = 0; i < args.size(); ++i) {
    args[i] = Value::String(arena.Copy(image.arg(i)));
  }
  return Value::List(args);
}

/// Entity ids from the parent upwards, as long as each is known.
Value Ancestry(const ProcessTree& tree, ProcessNodeId parent, std::size_t limit,
               base::Arena& arena) {
  std::vector<Value> ids;
  for (ProcessNodeId at = parent; at != ProcessNodeId::kNone && ids.size() < limit;
       at = tree.ParentOf(at)) {
    const ProcessView view = tree.View(at);
    if (view.entity_id.empty()) break;
    ids.push_back(Value::String(arena.Copy(view.entity_id)));
  }
  const auto copy = arena.NewArray<Value>(ids.size());
  std::copy(ids.begin(), ids.end(), copy.begin());
  return copy.empty() ? Value() : Value::List(copy);
}

}  // namespace

ParentEnrichment::ParentEnrichment(const ParentEnrichmentOptions& options)
    : tree_(options.tree), max_ancestry_(options.max_ancestry) {}

ObservedProcess ParentEnrichment::Observe(const event::Event& event, base::Arena& arena) {
  ++counters_.events;
  return tree_.Observe(ReadProcessObservation(event, arena));
}

ObservedProcess ParentEnrichment::Enrich(event::Event& event, base::Arena& arena,
                                         std::vector<std::string_view>& enriched) {
  ++counters_.events;
  const ProcessObservation seen = ReadProcessObservation(event, arena);
  const ObservedProcess observed = tree_.Observe(seen);
  if (!seen.process.named()) return observed;
  const bool stated = seen.parent.named();
  const ProcessNodeId id = stated ? observed.stated_parent : tree_.ParentOf(observed.process);
  const ProcessView parent = tree_.View(id);
  if (!parent.seen) return observed;
  const auto differs = [](const auto& a, const auto& b) { return a && b && *a != *b; };
  if (differs(seen.parent.pid, parent.pid)) {
    ++counters_.disagreed;
    return observed;
  }

  ParentValues values;
  values.entity_id = CopyText(parent.entity_id, arena);
  if (parent.pid) values.pid = Value::Integer(*parent.pid);
  if (parent.start) values.start = CopyText(base::FormatIsoTime(*parent.start), arena);
  values.ancestry = Ancestry(tree_, id, max_ancestry_, arena);
  if (parent.image != nullptr && parent.image_own) {
    if (!Agrees(*parent.image, seen.parent.properties)) {
      ++counters_.disagreed;
    } else if (parent.image_since > observed.time) {
      ++counters_.image_unsure;
    } else {
      values.executable = CopyText(parent.image->executable(), arena);
      values.name = CopyText(parent.image->name(), arena);
      values.args = CopyArgs(*parent.image, arena);
      if (parent.image->args_count() >= 0) {
        values.args_count = Value::Integer(parent.image->args_count());
      }
      values.command_line = CopyText(parent.image->command_line(), arena);
    }
  }
  const std::size_t before = enriched.size();
  event.document = WithParentValues(event.document, values, arena, enriched);
  counters_.fields += enriched.size() - before;
  if (enriched.size() != before) ++counters_.enriched;
  return observed;
}

}  // namespace vedette::engine
