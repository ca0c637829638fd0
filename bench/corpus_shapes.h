// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// Writes one document in the shape of a source. Call exactly one of the shapes.
class EventWriter {
 public:
  EventWriter(const Host& host, base::Timestamp time, std::uint64_t ordinal, Random& random,
              std::string& out)
      : host_(host), time_(time), ordinal_(ordinal), random_(random), json_(out) {}

  /// Elastic Defend: an exec.
  void DefendProcess(const Process& process, const Process& parent);
  void DefendFile(const Process& process);
  void DefendNetwork(const Process& process);
  /// Auditd Manager: an execve with its PATH records.
  void AuditdExec(const Process& process, const Process& parent);
  /// Auditd Manager: sshd's USER_LOGIN and its like.
  void AuditdLogin();
  /// A line of the authentication log.
  void AuthLog();

 private:
  void Begin(std::string_view dataset, std::string_view agent_type);
  void HostMembers();
  void EventMembers(std::string_view dataset, std::string_view category, std::string_view type,
                    std::string_view action, std::string_view outcome);
  /// The members of a process, without the braces.
  void ProcessMembers(const Process& process);
  void Leader(std::string_view key, const Process& process);
  void Ancestry();
  void User(std::string_view key, std::string_view name);
  void Hashes();

  const Host& host_;
  base::Timestamp time_;
  std::uint64_t ordinal_;
  Random& random_;
  base::JsonWriter json_;
};

}  // namespace vedette::bench
