// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_to_ecs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "sources/audit_document.h"
#include "sources/audit_event_view.h"
#include "sources/audit_execve.h"
#include "sources/audit_identity.h"
#include "sources/audit_normalization.h"
#include "sources/audit_record.h"
#include "sources/audit_sockaddr.h"
#include "sources/audit_syscalls.h"

namespace vedette::sources {
namespace {

/// auditd.data never gets more members than this.
constexpr std::size_t kMaxData = 256;

/// Fields of the head record that have a place of their own and so do not show in auditd.data.
constexpr std::array<std::string_view, 23> kPlaced{
    "arch",   "auid",  "comm", "cwd",  "egid",     "euid", "exe",  "exit",
    "fsgid",  "fsuid", "gid",  "key",  "old-auid", "pid",  "ppid", "res",
    "result", "ses",   "sgid", "subj", "success",  "suid", "uid"};
/// What other records repeat of the head.
constexpr std::array<std::string_view, 10> kRepeated{"arch", "comm", "cwd", "exe",  "key",
                                                     "pid",  "ppid", "res", "subj", "success"};
/// Fields that user-space writers encode in hex when they must; in upper case always.
constexpr std::array<std::string_view, 6> kEncoded{"acct", "cmd", "data", "name", "ocomm", "path"};

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& set, std::string_view word) {
  return std::ranges::find(set, word) != set.end();
}

template <class T>
std::optional<T> Number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string Repaired(std::string_view text) {
  return base::IsValidUtf8(text) ? std::string(text) : base::RepairUtf8(text);
}

/// Builds one document; a class only so that its steps share the event and the document.
class Converter {
 public:
  Converter(const AuditEvent& event, const AuditEcsOptions& options, base::Arena& arena)
      : event_(event), options_(options), view_(event), document_(arena) {}

  event::Value Run() {
    ReadSyscall();
    SetEnvelope();
    SetClassification();
    SetResult();
    SetProcess();
    SetAuditUsers(view_, document_);
    SetTags();
    SetCompanions();
    SetAuditPaths(view_, object_, options_.join_relative_paths ? std::string_view(cwd_) : "",
                  document_);
    SetData();
    SetRemote();
    return document_.Build();
  }

 private:
  void ReadSyscall();
  void SetEnvelope();
  void SetClassification();
  void SetResult();
  void SetProcess();
  void SetTags();
  void SetCompanions();
  void SetArguments();
  void SetTitle(const AuditRecord& record);
  void SetSocket(const AuditRecord& record);
  void SetData();
  void AddData(const AuditField& field);
  void SetRemote();
  void AddWords(std::vector<event::Value>& list, AuditWords words);

  const AuditEvent& event_;
  const AuditEcsOptions& options_;
  AuditEventView view_;
  AuditDocument document_;
  std::string_view arch_;
  std::string_view syscall_;
  const AuditNormalization* call_ = nullptr;    ///< of the system call
  const AuditNormalization* object_ = nullptr;  ///< the one that decides what the event is about
  std::string cwd_;
  std::vector<std::string_view> data_keys_;
};

void Converter::ReadSyscall() {
  if (view_.syscall == nullptr) return;
  const std::string_view arch = view_.Raw("arch");
  arch_ = AuditArchName(arch);
  if (arch_.empty()) arch_ = EnrichedName(*view_.syscall, "arch");
  if (arch_.empty()) arch_ = arch;
  const std::string_view number = view_.Raw("syscall");
  if (const auto value = Number<std::uint32_t>(number)) syscall_ = AuditSyscallName(arch_, *value);
  if (syscall_.empty()) syscall_ = EnrichedName(*view_.syscall, "syscall");
  if (syscall_.empty()) syscall_ = number;
  call_ = NormalizeSyscall(syscall_);
  if (call_ == nullptr) call_ = &DefaultSyscallNormalization();
}

void Converter::SetEnvelope() {
  const base::Timestamp time{event_.seconds * 1'000'000'000 + event_.millis * 1'000'000LL};
  document_.SetText("@timestamp", base::FormatIsoTime(time));
  document_.Set("event.kind", event::Value::String("event"));
  document_.Set("event.module", event::Value::String("auditd"));
  document_.Set("event.sequence",
                event_.sequence <= INT64_MAX
                    ? event::Value::Integer(static_cast<std::int64_t>(event_.sequence))
                    : event::Value::Unsigned(event_.sequence));
  std::string type(view_.type);
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  document_.SetText("auditd.message_type", Repaired(type));
  const std::string node = Repaired(event_.node);
  const std::string& name = node.empty() ? options_.host_name : node;
  document_.SetText("host.name", name);
  document_.SetText("host.hostname", name);
  document_.SetText("host.id", node.empty() ? options_.host_id : node);
  document_.Set("host.os.type", event::Value::String("linux"));
  document_.SetText("host.architecture", Repaired(arch_));
}

void Converter::AddWords(std::vector<event::Value>& list, AuditWords words) {
  while (!words.empty()) {
    const std::size_t blank = words.find(' ');
    list.push_back(event::Value::String(words.substr(0, blank)));
    words = blank == std::string_view::npos ? AuditWords() : words.substr(blank + 1);
  }
}

void Converter::SetClassification() {
  const AuditNormalization* own =
      view_.special != nullptr ? NormalizeRecordType(view_.special->type) : nullptr;
  object_ = own != nullptr ? own : call_;
  if (object_ == nullptr) return;
  std::string_view action = object_->action;
  if (view_.type == "AVC" && view_.Find("apparmor") != nullptr) action = "violated-apparmor-policy";
  document_.Set("event.action", event::Value::String(action));
  std::vector<event::Value> categories;
  std::vector<event::Value> types;
  AddWords(categories, object_->category);
  AddWords(types, object_->type);
  // A record type and its system call both say what happened, unless they say the same.
  if (own != nullptr && call_ != nullptr && call_->action != own->action) {
    AddWords(categories, call_->category);
    AddWords(types, call_->type);
  }
  document_.SetList("event.category", categories);
  document_.SetList("event.type", types);
}

void Converter::SetResult() {
  const AuditField* field = view_.Find("success");
  if (field == nullptr) field = view_.Find("res");
  if (field == nullptr) field = view_.Find("result");
  std::string_view result = "unknown";
  std::string_view outcome = "unknown";
  if (field != nullptr) {
    const std::string_view word = field->value;
    const bool good = word == "yes" || word == "1" || word.starts_with("success");
    result = good ? "success" : "fail";
    outcome = good ? "success" : "failure";
  }
  document_.Set("auditd.result", event::Value::String(result));
  document_.Set("event.outcome", event::Value::String(outcome));
}

void Converter::SetProcess() {
  if (const auto pid = Number<std::int64_t>(view_.Raw("pid"))) {
    document_.Set("process.pid", event::Value::Integer(*pid));
  }
  if (const auto ppid = Number<std::int64_t>(view_.Raw("ppid"))) {
    document_.Set("process.parent.pid", event::Value::Integer(*ppid));
  }
  if (const AuditField* comm = view_.Find("comm")) {
    document_.SetText("process.name", AuditText(*comm, false));
  }
  if (const AuditField* exe = view_.Find("exe")) {
    document_.SetText("process.executable", AuditText(*exe));
  }
  if (const AuditField* cwd = view_.Find("cwd")) cwd_ = AuditText(*cwd);
  const std::string_view session = view_.Raw("ses");
  if (!IsUnsetId(session)) document_.SetText("auditd.session", Repaired(session));
}

void Converter::SetTags() {
  const AuditField* key = view_.Find("key");
  if (key == nullptr) return;
  const std::string text = AuditText(*key, false);
  std::vector<event::Value> tags;
  for (std::size_t begin = 0; begin <= text.size() && tags.size() < 64;) {
    const std::size_t end = std::min(text.find('\x01', begin), text.size());
    std::string_view tag = std::string_view(text).substr(begin, end - begin);
    // `auditctl -k key=net` leaves the word in the key; Auditbeat takes it off.
    if (tag.starts_with("key=")) tag.remove_prefix(4);
    if (!tag.empty()) tags.push_back(document_.Text(tag));
    begin = end + 1;
  }
  document_.SetList("tags", tags);
}

void Converter::SetCompanions() {
  bool has_title = false;
  bool has_arguments = false;
  for (const AuditRecord& record : view_.records) {
    if (record.type == "CWD") {
      ForEachAuditField(record.body, [&](const AuditField& field) {
        if (field.key == "cwd" && field.HasValue() && cwd_.empty()) cwd_ = AuditText(field);
      });
    } else if (record.type == "PROCTITLE" && !has_title) {
      has_title = true;
      SetTitle(record);
    } else if (record.type == "SOCKADDR") {
      SetSocket(record);
    } else if (record.type == "EXECVE") {
      has_arguments = true;
    }
  }
  document_.SetText("process.working_directory", cwd_);
  if (has_arguments) SetArguments();
}

void Converter::SetArguments() {
  const AuditArguments arguments = CollectAuditArguments(view_.records, event_.ended);
  std::vector<event::Value> values;
  std::string command_line;
  for (const std::string& value : arguments.values) {
    if (!values.empty()) command_line += ' ';
    command_line += value;
    values.push_back(document_.Text(value));
  }
  document_.SetList("process.args", values);
  const std::uint64_t count = arguments.argc.value_or(arguments.values.size());
  document_.Set("process.args_count", event::Value::Integer(static_cast<std::int64_t>(count)));
  document_.SetText("process.command_line", command_line);
  if (arguments.argc) document_.SetText("auditd.data.argc", std::to_string(*arguments.argc));
  if (arguments.truncated || event_.truncated) {
    document_.Set("vedette.truncated_args", event::Value::Boolean(true));
  }
}

void Converter::SetTitle(const AuditRecord& record) {
  ForEachAuditField(record.body, [&](const AuditField& field) {
    if (field.key != "proctitle" || !field.HasValue()) return;
    std::string title(field.value);
    if (field.quote == AuditQuote::kNone) {
      if (auto bytes = DecodeAuditHex(field.value, true)) title = std::move(*bytes);
    }
    while (!title.empty() && title.back() == '\0') title.pop_back();
    std::ranges::replace(title, '\0', ' ');
    document_.SetText("process.title", Repaired(title));
  });
}

void Converter::SetSocket(const AuditRecord& record) {
  std::string_view saddr;
  ForEachAuditField(record.body, [&](const AuditField& field) {
    if (field.key == "saddr") saddr = field.value;
  });
  const auto address = DecodeSocketAddress(saddr);
  if (!address) return;
  if (address->family.empty()) {
    document_.SetText("auditd.data.socket.family", std::to_string(address->family_number));
  } else {
    document_.SetText("auditd.data.socket.family", address->family);
  }
  document_.SetText("auditd.data.socket.addr", address->address);
  document_.SetText("auditd.data.socket.path", address->path);
  if (address->port) document_.SetText("auditd.data.socket.port", std::to_string(*address->port));
  const AuditPeer peer = call_ == nullptr ? AuditPeer::kNone : call_->peer;
  if (peer == AuditPeer::kNone || address->family.empty() || address->family == "netlink") return;
  const bool source = peer == AuditPeer::kSource;
  document_.SetText(source ? "source.ip" : "destination.ip", address->address);
  if (address->port) {
    document_.Set(source ? "source.port" : "destination.port",
                  event::Value::Integer(*address->port));
  }
  // Auditbeat names a unix path .path, Auditd Manager renames it to .address.
  document_.SetText(source ? "source.path" : "destination.path", address->path);
  document_.SetText(source ? "source.address" : "destination.address", address->path);
  document_.Set("network.direction", event::Value::String(source ? "ingress" : "egress"));
}

void Converter::AddData(const AuditField& field) {
  if (!field.HasValue() || field.key.find_first_of("[]") != std::string_view::npos) return;
  if (data_keys_.size() >= kMaxData ||
      std::ranges::find(data_keys_, field.key) != data_keys_.end()) {
    return;
  }
  data_keys_.push_back(field.key);
  document_.SetMember(
      "auditd.data", field.key,
      Contains(kEncoded, field.key) ? AuditText(field, false) : Repaired(field.value));
}

void Converter::SetData() {
  if (view_.syscall != nullptr) {
    document_.SetText("auditd.data.arch", Repaired(arch_));
    document_.SetText("auditd.data.syscall", Repaired(syscall_));
    const std::string_view exit = view_.Raw("exit");
    const auto code = Number<int>(exit);
    std::string_view name;
    if (code && *code < 0 && *code > -4096) name = AuditErrnoName(-*code);
    document_.SetText("auditd.data.exit", name.empty() ? Repaired(exit) : std::string(name));
    data_keys_ = {"arch", "syscall", "exit", "argc", "socket"};
  }
  const AuditAccountFields* accounts = AccountFieldsOf(view_.type);
  for (const AuditField& field : view_.head_fields) {
    if (Contains(kPlaced, field.key) && !(field.key == "exit" && view_.syscall == nullptr))
      continue;
    if (field.key == "items" && view_.records.size() > 1) continue;
    if (field.key == "addr" && accounts != nullptr && accounts->addr_is_source &&
        base::ParseIp(field.value)) {
      continue;
    }
    AddData(field);
  }
  for (const AuditRecord& record : view_.records) {
    if (&record == view_.head || record.type == "SYSCALL" || record.type == "PATH" ||
        record.type == "CWD" || record.type == "EXECVE" || record.type == "PROCTITLE" ||
        record.type == "SOCKADDR") {
      continue;
    }
    ForEachAuditField(record.body, [&](const AuditField& field) {
      if (!Contains(kRepeated, field.key)) AddData(field);
    });
  }
}

void Converter::SetRemote() {
  const AuditAccountFields* accounts = AccountFieldsOf(view_.type);
  if (accounts == nullptr || !accounts->addr_is_source) return;
  const auto ip = base::ParseIp(view_.Raw("addr"));
  if (!ip) return;
  document_.SetText("source.ip", ip->ToString());
  document_.Set("network.direction", event::Value::String("ingress"));
}

}  // namespace

event::Value AuditToEcs(const AuditEvent& event, const AuditEcsOptions& options,
                        base::Arena& arena) {
  return Converter(event, options, arena).Run();
}

}  // namespace vedette::sources
