// SPDX-License-Identifier: Apache-2.0
#include "engine/process_tree_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "base/time.h"

namespace vedette::engine {
namespace {

using event::Value;
using event::ValueKind;

constexpr std::size_t kMaxArgs = 4096;

/// A list of one is its element, as the index has it.
Value Single(const Value& value) {
  if (!value.is_list()) return value;
  return value.list().size() == 1 ? value.list().front() : Value();
}

std::string_view Text(const Value& document, std::string_view path) {
  const Value value = Single(document.GetPath(path));
  return value.is_string() ? value.text() : std::string_view();
}

std::optional<std::int64_t> Integer(const Value& given) {
  const Value value = Single(given);
  if (value.kind() == ValueKind::kInteger) return value.integer();
  if (!value.is_string()) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value.text().data() + value.text().size();
  const auto [stop, error] = std::from_chars(value.text().data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint32_t> Pid(const Value& value) {
  const auto number = Integer(value);
  if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*number);
}

std::string_view EntityId(const Value& given, base::Arena& arena) {
  const Value value = Single(given);
  if (value.is_string()) return value.text();
  if (value.kind() == ValueKind::kInteger) return arena.Copy(std::to_string(value.integer()));
  if (value.kind() == ValueKind::kUnsigned) {
    return arena.Copy(std::to_string(value.unsigned_integer()));
  }
  return {};
}

std::optional<base::Timestamp> Time(const Value& given) {
  const Value value = Single(given);
  if (value.is_string()) return base::ParseEventTime(value.text());
  if (value.kind() == ValueKind::kInteger) return base::FromEpochMilliseconds(value.integer());
  return std::nullopt;
}

/// Any element of a list, or the scalar, is one of the words.
template <std::size_t N>
bool Has(const Value& value, const std::array<std::string_view, N>& words) {
  const auto is_word = [&](const Value& element) {
    return element.is_string() &&
           std::find(words.begin(), words.end(), element.text()) != words.end();
  };
  if (!value.is_list()) return is_word(value);
  return std::any_of(value.list().begin(), value.list().end(), is_word);
}
bool Has(const Value& value, std::string_view word) { return Has(value, std::array{word}); }

/// Where the members of a process stand, in full: keys may be dotted at any level.
struct Paths {
  std::string_view entity_id, pid, start, executable, name, command_line, args, args_count;
};
constexpr Paths kProcess = {"process.entity_id",  "process.pid",       "process.start",
                            "process.executable", "process.name",      "process.command_line",
                            "process.args",       "process.args_count"};
constexpr Paths kParent = {"process.parent.entity_id", "process.parent.pid",
                           "process.parent.start",     "process.parent.executable",
                           "process.parent.name",      "process.parent.command_line",
                           "process.parent.args",      "process.parent.args_count"};

ProcessProperties ReadProperties(const Value& document, const Paths& paths, base::Arena& arena) {
  ProcessProperties properties;
  properties.executable = Text(document, paths.executable);
  properties.name = Text(document, paths.name);
  properties.command_line = Text(document, paths.command_line);
  properties.args_count = Integer(document.GetPath(paths.args_count)).value_or(-1);
  if (properties.args_count < 0) properties.args_count = -1;
  const Value args = document.GetPath(paths.args);
  if (args.is_string()) {
    const auto copy = arena.NewArray<std::string_view>(1);
    copy[0] = args.text();
    properties.args = copy;
    properties.has_args = true;
  } else if (args.is_list() && !args.list().empty() && args.list().size() <= kMaxArgs) {
    const auto copy = arena.NewArray<std::string_view>(args.list().size());
    for (std::size_t i = 0; i < copy.size(); ++i) {
      if (!args.list()[i].is_string()) return properties;
      copy[i] = args.list()[i].text();
    }
    properties.args = copy;
    properties.has_args = true;
  }
  return properties;
}

void ReadReference(const Value& document, const Paths& paths, base::Arena& arena,
                   ProcessReference& out) {
  out.entity_id = EntityId(document.GetPath(paths.entity_id), arena);
  out.pid = Pid(document.GetPath(paths.pid));
  out.start = Time(document.GetPath(paths.start));
  out.properties = ReadProperties(document, paths, arena);
}

constexpr std::array<std::string_view, 2> kForks = {"fork", "fork_event"};
constexpr std::array<std::string_view, 4> kExecs = {"exec", "exec_event", "executed",
                                                    "process_changed_image"};
constexpr std::array<std::string_view, 5> kStarts = {"ProcessRollup2", "start", "process_started",
                                                     "process_ran", "creation"};
constexpr std::array<std::string_view, 3> kRunnings = {"already_running", "existing_process",
                                                       "SyntheticProcessRollup2"};
constexpr std::array<std::string_view, 6> kExits = {
    "end", "EndOfProcess", "exit", "TerminateProcess", "termination", "process_stopped"};
// Of type end, although the process that they are about lives on.
constexpr std::array<std::string_view, 3> kNotExits = {"killed-pid", "CommandHistory",
                                                       "ProcessSelfDeleted"};
constexpr std::array<std::string_view, 4> kForkCalls = {"fork", "vfork", "clone", "clone3"};

/// Of clone(2): the result is a thread, or the child of another process.
constexpr std::uint64_t kCloneParent = 0x8000;
constexpr std::uint64_t kCloneThread = 0x10000;

void ReadAuditCall(const Value& document, ProcessObservation& out) {
  const std::string_view call = Text(document, "auditd.data.syscall");
  if (call == "exit_group") {
    out.change = ProcessChange::kExit;
    return;
  }
  if (std::find(kForkCalls.begin(), kForkCalls.end(), call) == kForkCalls.end()) return;
  const auto child = Pid(document.GetPath("auditd.data.exit"));
  if (!child || *child == 0) return;
  if (call == "clone") {
    const std::string_view flags = Text(document, "auditd.data.a0");
    std::uint64_t bits = 0;
    const auto read = std::from_chars(flags.data(), flags.data() + flags.size(), bits, 16);
    if (read.ec != std::errc() || (bits & (kCloneParent | kCloneThread)) != 0) return;
  }
  out.forked_pid = child;
}

void ReadChange(const Value& document, ProcessObservation& out) {
  if (!Has(document.GetPath("event.category"), "process")) return;
  const Value action = document.GetPath("event.action");
  const Value type = document.GetPath("event.type");
  const bool audit = Text(document, "event.module") == "auditd" ||
                     document.GetPath("auditd").is_object() || Has(action, "executed");
  if (audit) {
    ReadAuditCall(document, out);
    const std::string_view result = Text(document, "event.outcome");
    if (Has(action, "executed") && result != "failure" && result != "fail" &&
        Text(document, "auditd.result") != "fail") {
      out.change = ProcessChange::kExec;
    }
    return;
  }
  const bool ends = !Has(action, kNotExits) && (Has(action, kExits) || Has(type, "end"));
  const bool forks = Has(action, kForks);
  const bool execs = Has(action, kExecs);
  out.exits = ends;
  if (Has(action, kRunnings)) {
    out.change = ProcessChange::kRunning;
  } else if ((forks && execs) || Has(action, kStarts)) {
    out.change = ProcessChange::kStart;
  } else if (forks) {
    out.change = ProcessChange::kFork;
  } else if (execs) {
    out.change = ProcessChange::kExec;
  } else if (Has(action, kExits) || ends) {
    out.change = ProcessChange::kExit;
  } else if (Has(type, "start")) {
    out.change = ProcessChange::kStart;
  }
}

std::string_view HostKey(const Value& document) {
  for (const std::string_view path :
       {"host.id", "host.name", "host.hostname", "observer.serial_number", "agent.id"}) {
    const std::string_view key = Text(document, path);
    if (!key.empty()) return key;
  }
  return {};
}

}  // namespace

ProcessObservation ReadProcessObservation(const event::Event& event, base::Arena& arena) {
  ProcessObservation out;
  const Value& document = event.document;
  out.host = HostKey(document);
  out.boot_id = Text(document, "host.boot.id");
  if (event.has_timestamp) {
    out.time = event.timestamp;
  } else {
    out.time = Time(document.GetPath("@timestamp"));
  }
  out.boots = Has(document.GetPath("event.action"), "booted-system");
  ReadReference(document, kProcess, arena, out.process);
  ReadReference(document, kParent, arena, out.parent);
  if (out.process.named()) ReadChange(document, out);
  return out;
}

}  // namespace vedette::engine
