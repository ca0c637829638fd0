// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/time.h"
#include "random.h"

namespace vedette::bench {

struct Process {
  std::string entity_id;
  std::string executable;
  std::vector<std::string> args;
  std::int64_t pid = 0;
  std::string user;
  base::Timestamp start;
};

struct Host {
  std::string name;
  std::string id;
  std::string agent_id;
  std::string address;
  std::string mac;
  std::vector<Process> recent;  ///< init, a root shell, then a bounded number of others
};

/// What a process of Elastic Defend's did.
enum class ProcessAction : std::uint8_t { kExec, kFork, kEnd };

/// Writes one document in the shape of a source. Call exactly one of the shapes.
class EventWriter {
 public:
  /// `ordinal` is the end of the event's id, which is thereby the only one of its name.
  EventWriter(const Host& host, base::Timestamp time, std::uint64_t ordinal, Random& random,
              std::string& out)
      : host_(host), time_(time), ordinal_(ordinal), random_(random), json_(out) {
    event_id_ = fmt::format("{}{:08x}", random_.Hex(10), ordinal_);
  }
  /// Some 600 bytes of members that no rule reads, as agents send them.
  void set_full_size(bool full_size) { full_size_ = full_size; }
  /// `event.id` of the document.
  const std::string& event_id() const { return event_id_; }

  void DefendProcess(ProcessAction action, const Process& process, const Process& parent);
  /// `action`: creation, rename, modification or deletion.
  void DefendFile(std::string_view action, std::string_view path, const Process& process);
  void DefendNetwork(const Process& process);
  void DefendDns(const Process& process);
  /// Auditd Manager: an execve with its PATH records.
  void AuditdExec(const Process& process, const Process& parent);
  /// Auditd Manager: a watched file was opened.
  void AuditdFile(std::string_view path, const Process& process);
  /// Auditd Manager: sshd's USER_LOGIN and its like.
  void AuditdLogin();
  /// A line of the authentication log.
  void AuthLog();

 private:
  void Begin(std::string_view dataset, std::string_view agent_type);
  void FullSizeMembers();
  void HostMembers();
  void EventMembers(std::string_view dataset, std::string_view category, std::string_view type,
                    std::string_view action, std::string_view outcome);
  /// The members of a process, without the braces.
  void ProcessMembers(const Process& process);
  void Leader(std::string_view key, const Process& process);
  void Ancestry();
  void EnvironmentMembers();
  void User(std::string_view key, std::string_view name);
  void Hashes();

  const Host& host_;
  base::Timestamp time_;
  std::uint64_t ordinal_;
  std::string event_id_;
  bool full_size_ = false;
  Random& random_;
  base::JsonWriter json_;
};

}  // namespace vedette::bench
