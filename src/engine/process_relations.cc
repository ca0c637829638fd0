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

/// A process on a host: 128 bits of a keyed hash over what names it.
using ProcessKey = Hash128;
struct HashOfKey {
  std::size_t operator()(const ProcessKey& key) const { return static_cast<std::size_t>(key.low); }
};
using ProcessKeys = std::unordered_set<ProcessKey, HashOfKey>;

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
  ProcessFacts facts;
  ProcessStep step = ProcessStep::kOther;
  bool boots = false;     ///< EG: the System process starts
  bool pid_zero = false;  ///< EG: never a source
};

}  // namespace

struct ProcessRelations::Impl {
  /// Slots that a process may be known by; trees, so that both flat and nested records serve.
  struct Fields {
    event::FieldId unique_pid, unique_ppid, pid, ppid, opcode, subtype, process_name;
    event::FieldId entity_id, parent_entity_id, process_pid, parent_pid, host_id, host_name, type;
  };
  struct Occurrence {
    const eql::Relation* relation;
    eql::Interpreter inner;
    eql::Interpreter process_category;
    bool endgame;
    std::size_t mark = 0;  ///< EP
    // EG
    ProcessKeys sources;
    ProcessKeys members;
    std::vector<ProcessKey> leaving;
  };
  struct Node {
    std::optional<ProcessKey> parent;
    std::uint64_t marks = 0;
    std::uint64_t touched = 0;
  };

  ProcessRelationOptions options;
  std::optional<Fields> fields;
  std::deque<eql::EventQuery> process_queries;  // what process_category refers to
  std::vector<Occurrence> occurrences;          // inner relations before outer ones
  std::size_t marks = 0;
  bool nested = false;  ///< a relation inside another's query
  bool legacy = false;  ///< a relation of Endgame
  std::optional<KeyedHash> hash;
  std::unordered_map<ProcessKey, Node, HashOfKey> nodes;
  std::unordered_set<const eql::Relation*> holding;
  std::uint64_t clock = 0;
  std::uint64_t evicted = 0;

  void Add(std::span<const eql::Relation* const> found, eql::Dialect dialect,
           event::FieldTable& table, const eql::CheckOptions& check);
  View Look(const event::Event& event, const Occurrence& occurrence,
            const ProcessFacts& keys) const;
  void ObserveEndgame(Occurrence& occurrence, const event::Event& event, const View& view,
                      base::Arena& scratch);
  std::uint64_t AncestorMarks(const ProcessFacts& facts);
  void Learn(const ProcessFacts& facts);
  void EvictOldest();
};

ProcessRelations::ProcessRelations(const ProcessRelationOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
  impl_->hash.emplace(options.hash_seed);
}
ProcessRelations::~ProcessRelations() = default;
ProcessRelations::ProcessRelations(ProcessRelations&&) noexcept = default;
ProcessRelations& ProcessRelations::operator=(ProcessRelations&&) noexcept = default;
bool ProcessRelations::empty() const { return impl_->occurrences.empty(); }
const std::unordered_set<const eql::Relation*>& ProcessRelations::holding() const {
  return impl_->holding;
}
std::uint64_t ProcessRelations::evicted() const { return impl_->evicted; }

void ProcessRelations::Impl::Add(std::span<const eql::Relation* const> found, eql::Dialect dialect,
                                 event::FieldTable& table, const eql::CheckOptions& check) {
  if (!fields) {
    const auto tree = [&](const char* name) { return table.Intern(name, event::Shape::kTree); };
    fields = Fields{tree("unique_pid"),
                    tree("unique_ppid"),
                    tree("pid"),
                    tree("ppid"),
                    tree("opcode"),
                    tree("subtype"),
                    tree("process_name"),
                    tree("process.entity_id"),
                    tree("process.parent.entity_id"),
                    tree("process.pid"),
                    tree("process.parent.pid"),
                    tree("host.id"),
                    tree("host.name"),
                    tree("event.type")};
  }
  for (const eql::Relation* relation : found) {
    bool holds_relation = false;
    const auto visit = [&](const eql::Expr& expr) {
      holds_relation = holds_relation || std::holds_alternative<eql::Relation>(expr.node);
    };
    if (relation->query->condition != nullptr) eql::ForEachExpr(*relation->query->condition, visit);
    nested = nested || holds_relation;
    legacy = legacy || dialect == eql::Dialect::kEndgame;
    eql::EventQuery& category = process_queries.emplace_back();
    category.category = "process";
    occurrences.push_back({relation,
                           eql::Interpreter(*relation->query, dialect, table, check),
                           eql::Interpreter(category, dialect, table, check),
                           dialect == eql::Dialect::kEndgame,
                           dialect == eql::Dialect::kEndgame ? 0 : marks++,
                           {},
                           {},
                           {}});
  }
}

std::vector<const eql::Relation*> RelationsOf(const eql::Query& query) {
  std::vector<const eql::EventQuery*> queries;
  const auto items = [&](const auto& statement) {
    for (const auto& item : statement.items) queries.push_back(&item.query);
    if constexpr (requires { statement.until; }) {
      if (statement.until) queries.push_back(&statement.until->query);
    }
  };
  if (const auto* event = std::get_if<eql::EventQuery>(&query.statement)) queries.push_back(event);
  if (const auto* sequence = std::get_if<eql::Sequence>(&query.statement)) items(*sequence);
  if (const auto* sample = std::get_if<eql::Sample>(&query.statement)) items(*sample);
  if (const auto* join = std::get_if<eql::Join>(&query.statement)) items(*join);
  std::vector<const eql::Relation*> found;
  auto visit = [&](const eql::Expr& expr) {
    if (const auto* relation = std::get_if<eql::Relation>(&expr.node)) found.push_back(relation);
  };
  for (const eql::EventQuery* one : queries) {
    if (one->condition != nullptr) eql::ForEachExpr(*one->condition, visit);
  }
  // Parents were visited first; a relation inside another one must be decided before it.
  std::reverse(found.begin(), found.end());
  return found;
}

bool ProcessRelations::Add(const eql::Query& query, event::FieldTable& fields,
                           const eql::CheckOptions& options) {
  const auto found = RelationsOf(query);
  if (found.empty()) return true;
  if (query.dialect != eql::Dialect::kEndgame && impl_->marks + found.size() > kMaxMarks) {
    return false;
  }
  impl_->Add(found, query.dialect, fields, options);
  return true;
}

bool ProcessRelations::takes_facts() const { return !impl_->nested && !impl_->legacy; }

std::vector<event::FieldId> ProcessRelations::key_slots() const {
  if (!impl_->fields) return {};
  const auto& f = *impl_->fields;
  return {f.unique_pid,       f.unique_ppid, f.pid,        f.ppid,    f.entity_id,
          f.parent_entity_id, f.process_pid, f.parent_pid, f.host_id, f.host_name};
}

ProcessFacts ProcessRelations::KeysOf(const event::Event& event) const {
  ProcessFacts facts;
  const auto& fields = *impl_->fields;
  const auto key = [&](std::string_view scheme, event::FieldId id) -> std::optional<ProcessKey> {
    const Value one = First(event.Get(id));
    if (one.is_null()) return std::nullopt;
    std::string text;
    Value name = First(event.Get(fields.host_id));
    if (name.is_null()) name = First(event.Get(fields.host_name));
    if (name.is_string()) text = name.text();
    text += '\n';
    text += scheme;
    event::WriteJson(one, text);
    return impl_->hash->Of(text);
  };
  const auto take = [&](std::string_view scheme, event::FieldId process, event::FieldId parent) {
    facts.process = key(scheme, process);
    facts.parent = key(scheme, parent);
  };
  if (!event.Get(fields.unique_pid).is_null()) {
    take("u", fields.unique_pid, fields.unique_ppid);
  } else if (!event.Get(fields.pid).is_null()) {
    take("p", fields.pid, fields.ppid);
  } else if (!event.Get(fields.entity_id).is_null()) {
    take("e", fields.entity_id, fields.parent_entity_id);
  } else {
    take("p", fields.process_pid, fields.parent_pid);
  }
  return facts;
}

View ProcessRelations::Impl::Look(const event::Event& event, const Occurrence& occurrence,
                                  const ProcessFacts& keys) const {
  View view;
  view.facts = keys;
  view.facts.process_event = occurrence.process_category.CategoryMatches(event);
  const Value& pid = event.Get(fields->pid);
  const auto is_number = [](const Value& value, std::int64_t number) {
    return value.kind() == event::ValueKind::kInteger && value.integer() == number;
  };
  view.pid_zero = is_number(pid, 0);
  if (!view.facts.process_event) return view;
  const Value& opcode = event.Get(fields->opcode);
  const Value& subtype = event.Get(fields->subtype);
  const Value& type = event.Get(fields->type);
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
  if (view.facts.process_event) {
    for (const ProcessKey& key : occurrence.leaving) {
      occurrence.sources.erase(key);
      occurrence.members.erase(key);
    }
    occurrence.leaving.clear();
    if (view.boots) {
      occurrence.sources.clear();
      occurrence.members.clear();
    } else if (view.step == ProcessStep::kCreate && view.facts.process && view.facts.parent &&
               kind != eql::RelationKind::kEvent) {
      if (occurrence.sources.contains(*view.facts.parent) ||
          (kind == eql::RelationKind::kDescendant &&
           occurrence.members.contains(*view.facts.parent))) {
        occurrence.members.insert(*view.facts.process);
      }
    } else if (view.step == ProcessStep::kTerminate && view.facts.process) {
      occurrence.leaving.push_back(*view.facts.process);
    }
  }
  const eql::Surroundings around{{}, &holding};
  if (view.facts.process && !view.pid_zero && occurrence.inner.Matches(event, scratch, around)) {
    occurrence.sources.insert(*view.facts.process);
  }
  const auto& set = kind == eql::RelationKind::kEvent ? occurrence.sources : occurrence.members;
  if (view.facts.process && set.contains(*view.facts.process)) holding.insert(occurrence.relation);
  if (occurrence.sources.size() + occurrence.members.size() > options.max_processes) {
    evicted += occurrence.sources.size() + occurrence.members.size();
    occurrence.sources.clear();
    occurrence.members.clear();
  }
}

std::uint64_t ProcessRelations::Impl::AncestorMarks(const ProcessFacts& facts) {
  std::uint64_t found = 0;
  std::optional<ProcessKey> at = facts.parent;
  if (!at && facts.process) {
    const auto node = nodes.find(*facts.process);
    if (node != nodes.end()) at = node->second.parent;
  }
  for (int depth = 0; at && depth < kMaxDepth; ++depth) {
    const auto node = nodes.find(*at);
    if (node == nodes.end()) break;
    node->second.touched = clock;
    found |= node->second.marks;
    at = node->second.parent;
  }
  return found;
}

void ProcessRelations::Impl::Learn(const ProcessFacts& facts) {
  if (!facts.process) return;
  Node& node = nodes[*facts.process];
  node.touched = clock;
  node.marks |= facts.marks;
  // The first parent told is the one that made it; a daemon's later parent is no ancestor.
  if (facts.parent && !node.parent && *facts.parent != *facts.process) node.parent = facts.parent;
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
  ProcessFacts facts = KeysOf(event);
  bool has_endpoint = false;
  std::uint64_t ancestors = 0;
  for (Impl::Occurrence& occurrence : self.occurrences) {
    if (occurrence.endgame) {
      self.ObserveEndgame(occurrence, event, self.Look(event, occurrence, facts), scratch);
      continue;
    }
    if (!has_endpoint) {
      has_endpoint = true;
      facts.process_event = occurrence.process_category.CategoryMatches(event);
      ancestors = self.AncestorMarks(facts);
    }
    const eql::Surroundings around{{}, &self.holding};
    const std::uint64_t bit = std::uint64_t{1} << occurrence.mark;
    if (occurrence.inner.Matches(event, scratch, around)) facts.marks |= bit;
    if ((ancestors & bit) != 0) self.holding.insert(occurrence.relation);
  }
  if (has_endpoint && (facts.process_event || facts.marks != 0)) self.Learn(facts);
}

void ProcessRelations::Observe(const ProcessFacts& facts) {
  Impl& self = *impl_;
  self.holding.clear();
  if (self.occurrences.empty()) return;
  ++self.clock;
  const std::uint64_t ancestors = self.AncestorMarks(facts);
  for (const Impl::Occurrence& occurrence : self.occurrences) {
    if ((ancestors >> occurrence.mark & 1U) != 0) self.holding.insert(occurrence.relation);
  }
  if (facts.process_event || facts.marks != 0) self.Learn(facts);
}

void ProcessRelations::Learn(const ProcessFacts& facts) {
  ++impl_->clock;
  if (facts.process_event || facts.marks != 0) impl_->Learn(facts);
}

}  // namespace vedette::engine
