// SPDX-License-Identifier: Apache-2.0
#include "engine/process_relations.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "eql/interpreter.h"
#include "eql/walk.h"
#include "event/json_reader.h"

namespace vedette::engine {
namespace {

using event::Value;

constexpr std::size_t kMaxMarks = 64;
// Longer chains than any real one: a log that claims a cycle must not hold the engine up.
constexpr int kMaxDepth = 4096;

enum class ProcessStep { kOther, kCreate, kTerminate };

/// A process on a host, as text: exact and short-lived enough.
using ProcessKey = std::string;

Value First(const Value& value) {
  return value.is_list() ? (value.list().empty() ? Value() : value.list().front()) : value;
}

bool Contains(const Value& value, std::string_view text) {
  if (value.is_list()) {
    return std::any_of(value.list().begin(), value.list().end(),
                       [&](const Value& element) { return Contains(element, text); });
  }
  return value.is_string() && value.text() == text;
}

/// What relations need to know of one event.
struct View {
  bool process_event = false;
  ProcessStep step = ProcessStep::kOther;
  std::optional<ProcessKey> process;
  std::optional<ProcessKey> parent;
  bool boots = false;     ///< EG: the System process starts
  bool pid_zero = false;  ///< EG: never a source
};

}  // namespace

struct ProcessRelations::Impl {
  /// Slots that a process may be known by; trees, so that both flat and nested records serve.
  struct Fields {
    event::FieldId unique_pid, unique_ppid, pid, ppid, opcode, subtype, process_name;
    event::FieldId process, host, event;
  };
  struct Occurrence {
    const eql::Relation* relation;
    eql::Interpreter inner;
    eql::Interpreter process_category;
    bool endgame;
    std::size_t mark = 0;  ///< EP
    // EG
    std::unordered_set<ProcessKey> sources;
    std::unordered_set<ProcessKey> members;
    std::vector<ProcessKey> leaving;
  };
  struct Node {
    ProcessKey parent;
    std::uint64_t marks = 0;
    std::uint64_t touched = 0;
  };

  ProcessRelationOptions options;
  std::optional<Fields> fields;
  std::deque<eql::EventQuery> process_queries;  // what process_category refers to
  std::vector<Occurrence> occurrences;          // inner relations before outer ones
  std::size_t marks = 0;
  std::unordered_map<ProcessKey, Node> nodes;
  std::unordered_set<const eql::Relation*> holding;
  std::uint64_t clock = 0;
  std::uint64_t evicted = 0;

  void Add(std::span<const eql::Relation* const> found, eql::Dialect dialect,
           event::FieldTable& table, const eql::CheckOptions& check);
  View Look(const event::Event& event, const Occurrence& occurrence) const;
  void ObserveEndgame(Occurrence& occurrence, const event::Event& event, const View& view,
                      base::Arena& scratch);
  std::uint64_t AncestorMarks(const View& view);
  void Learn(const View& view, std::uint64_t marks);
  void EvictOldest();
};

ProcessRelations::ProcessRelations(const ProcessRelationOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
}
ProcessRelations::~ProcessRelations() = default;
ProcessRelations::ProcessRelations(ProcessRelations&&) noexcept = default;
bool ProcessRelations::empty() const { return impl_->occurrences.empty(); }
const std::unordered_set<const eql::Relation*>& ProcessRelations::holding() const {
  return impl_->holding;
}
std::uint64_t ProcessRelations::evicted() const { return impl_->evicted; }

void ProcessRelations::Impl::Add(std::span<const eql::Relation* const> found, eql::Dialect dialect,
                                 event::FieldTable& table, const eql::CheckOptions& check) {
  if (!fields) {
    const auto tree = [&](const char* name) { return table.Intern(name, event::Shape::kTree); };
    fields = Fields{tree("unique_pid"), tree("unique_ppid"), tree("pid"),          tree("ppid"),
                    tree("opcode"),     tree("subtype"),     tree("process_name"), tree("process"),
                    tree("host"),       tree("event")};
  }
  // Parents were visited first; a relation inside another one must be decided before it.
  for (auto relation = found.rbegin(); relation != found.rend(); ++relation) {
    eql::EventQuery& category = process_queries.emplace_back();
    category.category = "process";
    occurrences.push_back({*relation,
                           eql::Interpreter(*(*relation)->query, dialect, table, check),
                           eql::Interpreter(category, dialect, table, check),
                           dialect == eql::Dialect::kEndgame,
                           dialect == eql::Dialect::kEndgame ? 0 : marks++,
                           {},
                           {},
                           {}});
  }
}

bool ProcessRelations::Add(const eql::Query& query, event::FieldTable& fields,
                           const eql::CheckOptions& options) {
  std::vector<const eql::EventQuery*> queries;
  const auto items = [&](const auto& statement) {
    for (const auto& item : statement.items) queries.push_back(&item.query);
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) queries.push_back(event);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) {
    items(*sequence);
    if (sequence->until) queries.push_back(&sequence->until->query);
  }
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) {
    items(*join);
    if (join->until) queries.push_back(&join->until->query);
  }
  std::vector<const eql::Relation*> found;
  auto visit = [&](const eql::Expr& expr) {
    if (const auto* relation = std::get_if<eql::Relation>(&expr.node)) found.push_back(relation);
  };
  for (const eql::EventQuery* one : queries) {
    if (one->condition != nullptr) eql::ForEachExpr(*one->condition, visit);
  }
  if (found.empty()) return true;
  if (query.dialect != eql::Dialect::kEndgame && impl_->marks + found.size() > kMaxMarks) {
    return false;
  }
  impl_->Add(found, query.dialect, fields, options);
  return true;
}

View ProcessRelations::Impl::Look(const event::Event& event, const Occurrence& occurrence) const {
  View view;
  view.process_event = occurrence.process_category.CategoryMatches(event);
  const auto key = [&](std::string_view scheme, const Value& id) -> std::optional<ProcessKey> {
    const Value one = First(id);
    if (one.is_null()) return std::nullopt;
    ProcessKey text;
    const Value& host = event.Get(fields->host);
    Value name = First(host.GetPath("id"));
    if (name.is_null()) name = First(host.GetPath("name"));
    if (name.is_string()) text = name.text();
    text += '\n';
    text += scheme;
    event::WriteJson(one, text);
    return text;
  };
  const Value& process = event.Get(fields->process);
  const Value& pid = event.Get(fields->pid);
  if (const Value& unique = event.Get(fields->unique_pid); !unique.is_null()) {
    view.process = key("u", unique);
    view.parent = key("u", event.Get(fields->unique_ppid));
  } else if (!pid.is_null()) {
    view.process = key("p", pid);
    view.parent = key("p", event.Get(fields->ppid));
  } else if (const Value entity = process.GetPath("entity_id"); !entity.is_null()) {
    view.process = key("e", entity);
    view.parent = key("e", process.GetPath("parent.entity_id"));
  } else {
    view.process = key("p", process.GetPath("pid"));
    view.parent = key("p", process.GetPath("parent.pid"));
  }
  const auto is_number = [](const Value& value, std::int64_t number) {
    return value.kind() == event::ValueKind::kInteger && value.integer() == number;
  };
  view.pid_zero = is_number(pid, 0);
  if (!view.process_event) return view;
  const Value& opcode = event.Get(fields->opcode);
  const Value& subtype = event.Get(fields->subtype);
  const Value type = event.Get(fields->event).GetPath("type");
  if (is_number(opcode, 1) || is_number(opcode, 3) || is_number(opcode, 9) ||
      Contains(subtype, "create") || Contains(subtype, "fork") || Contains(type, "start") ||
      Contains(type, "info")) {
    view.step = ProcessStep::kCreate;
  } else if (is_number(opcode, 2) || is_number(opcode, 4) || Contains(subtype, "terminate") ||
             Contains(type, "end")) {
    view.step = ProcessStep::kTerminate;
  }
  view.boots = view.step == ProcessStep::kCreate && is_number(pid, 4) &&
               Contains(event.Get(fields->process_name), "System");
  return view;
}

void ProcessRelations::Impl::ObserveEndgame(Occurrence& occurrence, const event::Event& event,
                                            const View& view, base::Arena& scratch) {
  const eql::RelationKind kind = occurrence.relation->kind;
  if (view.process_event) {
    for (const ProcessKey& key : occurrence.leaving) {
      occurrence.sources.erase(key);
      occurrence.members.erase(key);
    }
    occurrence.leaving.clear();
    if (view.boots) {
      occurrence.sources.clear();
      occurrence.members.clear();
    } else if (view.step == ProcessStep::kCreate && view.process && view.parent &&
               kind != eql::RelationKind::kEvent) {
      if (occurrence.sources.contains(*view.parent) ||
          (kind == eql::RelationKind::kDescendant && occurrence.members.contains(*view.parent))) {
        occurrence.members.insert(*view.process);
      }
    } else if (view.step == ProcessStep::kTerminate && view.process) {
      occurrence.leaving.push_back(*view.process);
    }
  }
  const eql::Surroundings around{{}, &holding};
  if (view.process && !view.pid_zero && occurrence.inner.Matches(event, scratch, around)) {
    occurrence.sources.insert(*view.process);
  }
  const auto& set = kind == eql::RelationKind::kEvent ? occurrence.sources : occurrence.members;
  if (view.process && set.contains(*view.process)) holding.insert(occurrence.relation);
  if (occurrence.sources.size() + occurrence.members.size() > options.max_processes) {
    evicted += occurrence.sources.size() + occurrence.members.size();
    occurrence.sources.clear();
    occurrence.members.clear();
  }
}

std::uint64_t ProcessRelations::Impl::AncestorMarks(const View& view) {
  std::uint64_t found = 0;
  const ProcessKey* at = view.parent ? &*view.parent : nullptr;
  if (at == nullptr && view.process) {
    const auto node = nodes.find(*view.process);
    if (node != nodes.end() && !node->second.parent.empty()) at = &node->second.parent;
  }
  for (int depth = 0; at != nullptr && depth < kMaxDepth; ++depth) {
    const auto node = nodes.find(*at);
    if (node == nodes.end()) break;
    node->second.touched = clock;
    found |= node->second.marks;
    at = node->second.parent.empty() ? nullptr : &node->second.parent;
  }
  return found;
}

void ProcessRelations::Impl::Learn(const View& view, std::uint64_t new_marks) {
  if (!view.process) return;
  Node& node = nodes[*view.process];
  node.touched = clock;
  node.marks |= new_marks;
  // The first parent told is the one that made it; a daemon's later parent is no ancestor.
  if (view.parent && node.parent.empty() && *view.parent != *view.process) {
    node.parent = *view.parent;
  }
  if (nodes.size() > options.max_processes) EvictOldest();
}

void ProcessRelations::Impl::EvictOldest() {
  std::vector<std::uint64_t> ages;
  ages.reserve(nodes.size());
  for (const auto& [key, node] : nodes) ages.push_back(node.touched);
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 16);
  std::nth_element(ages.begin(), middle, ages.end());
  const std::uint64_t limit = *middle;
  evicted += std::erase_if(nodes, [&](const auto& entry) { return entry.second.touched <= limit; });
}

void ProcessRelations::Observe(const event::Event& event, base::Arena& scratch) {
  Impl& self = *impl_;
  self.holding.clear();
  if (self.occurrences.empty()) return;
  ++self.clock;
  std::optional<View> endpoint_view;
  std::uint64_t ancestors = 0;
  std::uint64_t marks = 0;
  for (Impl::Occurrence& occurrence : self.occurrences) {
    if (occurrence.endgame) {
      self.ObserveEndgame(occurrence, event, self.Look(event, occurrence), scratch);
      continue;
    }
    if (!endpoint_view) {
      endpoint_view = self.Look(event, occurrence);
      ancestors = self.AncestorMarks(*endpoint_view);
    }
    const eql::Surroundings around{{}, &self.holding};
    const std::uint64_t bit = std::uint64_t{1} << occurrence.mark;
    if (occurrence.inner.Matches(event, scratch, around)) marks |= bit;
    if ((ancestors & bit) != 0) self.holding.insert(occurrence.relation);
  }
  if (endpoint_view && (endpoint_view->process_event || marks != 0)) {
    self.Learn(*endpoint_view, marks);
  }
}

}  // namespace vedette::engine
