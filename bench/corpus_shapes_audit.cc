// SPDX-License-Identifier: Apache-2.0
// The documents of Auditd Manager and of the authentication log.
#include <fmt/format.h>

#include "corpus_shapes.h"
#include "corpus_words.h"
#include "document_parts.h"

namespace vedette::bench {
namespace {

constexpr std::string_view kAuditd = "auditd_manager.auditd";

}  // namespace

void EventWriter::AuditdExec(const Process& process, const Process& parent) {
  Begin(kAuditd, "auditbeat");
  {
    const Object auditd(json_, "auditd");
    {
      const Object data(json_, "data");
      for (const std::string_view name : {"a0", "a1", "a2", "a3"}) {
        json_.Member(name, random_.Hex(12));
      }
      json_.Member("arch", "x86_64");
      json_.Member("argc", fmt::to_string(process.args.size()));
      json_.Member("exit", "0");
      json_.Member("syscall", "execve");
      json_.Member("tty", "(none)");
    }
    json_.Member("message_type", "syscall");
    json_.Key("paths");
    json_.BeginArray();
    for (const std::string_view name :
         {std::string_view(process.executable), std::string_view("/lib64/ld-linux-x86-64.so.2")}) {
      json_.BeginObject();
      json_.Member("dev", "fe:01");
      json_.Member("inode", fmt::to_string(random_.Below(4'000'000)));
      json_.Member("mode", "0100755");
      json_.Member("name", name);
      json_.Member("nametype", "NORMAL");
      json_.Member("ogid", "0");
      json_.Member("ouid", "0");
      json_.EndObject();
    }
    json_.EndArray();
    json_.Member("result", "success");
    json_.Member("session", fmt::to_string(random_.Below(900)));
    const Object summary(json_, "summary");
    {
      const Object actor(json_, "actor");
      json_.Member("primary", parent.user);
      json_.Member("secondary", process.user);
    }
    json_.Member("how", process.executable);
    const Object object(json_, "object");
    json_.Member("primary", process.executable);
    json_.Member("type", "file");
  }
  EventMembers(kAuditd, "process", "start", "executed", "success");
  HostMembers();
  {
    const Object object(json_, "process");
    ProcessMembers(process);
    {
      const Object up(json_, "parent");
      ProcessMembers(parent);
    }
    json_.Member("title", fmt::format("{}", fmt::join(process.args, " ")));
  }
  TextList(json_, "tags", {"auditd_manager-auditd", "exec"});
  {
    const Object user(json_, "user");
    for (const std::string_view kind : {"audit", "effective", "filesystem", "saved"}) {
      User(kind, process.user);
    }
    json_.Member("id", process.user == "root" ? "0" : "1004");
    json_.Member("name", process.user);
  }
  json_.EndObject();
}

void EventWriter::AuditdFile(std::string_view path, const Process& process) {
  Begin(kAuditd, "auditbeat");
  {
    const Object auditd(json_, "auditd");
    {
      const Object data(json_, "data");
      for (const std::string_view name : {"a0", "a1", "a2", "a3"}) {
        json_.Member(name, random_.Hex(12));
      }
      json_.Member("arch", "x86_64");
      json_.Member("exit", "3");
      json_.Member("syscall", "openat");
      json_.Member("tty", "(none)");
    }
    json_.Member("message_type", "syscall");
    json_.Member("result", "success");
    json_.Member("session", fmt::to_string(random_.Below(900)));
    const Object summary(json_, "summary");
    json_.Member("how", process.executable);
    const Object object(json_, "object");
    json_.Member("primary", path);
    json_.Member("type", "file");
  }
  EventMembers(kAuditd, "file", "change", "opened-file", "success");
  {
    const Object file(json_, "file");
    json_.Member("device", "00:00");
    json_.Member("group", "root");
    json_.Member("inode", fmt::to_string(random_.Below(4'000'000)));
    json_.Member("mode", "0644");
    json_.Member("owner", process.user);
    json_.Member("path", path);
  }
  HostMembers();
  {
    const Object object(json_, "process");
    ProcessMembers(process);
    const Object up(json_, "parent");
    json_.MemberInt("pid", 1);
  }
  TextList(json_, "tags", {"auditd_manager-auditd", "file-change"});
  {
    const Object user(json_, "user");
    for (const std::string_view kind : {"audit", "effective", "filesystem", "saved"}) {
      User(kind, process.user);
    }
    json_.Member("id", process.user == "root" ? "0" : "1004");
    json_.Member("name", process.user);
  }
  json_.EndObject();
}

void EventWriter::AuditdLogin() {
  const bool good = !random_.OneIn(3);
  const std::string_view name = RandomUser(random_);
  const std::string address = RandomAddress(random_);
  Begin(kAuditd, "auditbeat");
  {
    const Object auditd(json_, "auditd");
    {
      const Object data(json_, "data");
      json_.Member("acct", name);
      json_.Member("addr", address);
      json_.Member("hostname", address);
      json_.Member("op", "login");
      json_.Member("terminal", "sshd");
    }
    json_.Member("message_type", "user_login");
    json_.Member("result", good ? "success" : "fail");
    json_.Member("session", fmt::to_string(random_.Below(900)));
  }
  EventMembers(kAuditd, "authentication", "start", "logged-in", good ? "success" : "failure");
  HostMembers();
  {
    const Object process(json_, "process");
    json_.Member("executable", "/usr/sbin/sshd");
    json_.Member("name", "sshd");
    json_.MemberInt("pid", static_cast<std::int64_t>(random_.Below(4'000'000)));
  }
  {
    const Object source(json_, "source");
    json_.Member("address", address);
    json_.Member("ip", address);
  }
  User("user", name);
  json_.EndObject();
}

void EventWriter::AuthLog() {
  const bool good = random_.OneIn(2);
  const std::string_view name = RandomUser(random_);
  const std::string address = RandomAddress(random_);
  const std::uint64_t port = 32768 + random_.Below(28000);
  Begin("system.auth", "filebeat");
  EventMembers("system.auth", "authentication", "info", "ssh_login", good ? "success" : "failure");
  HostMembers();
  json_.Member("message", fmt::format("{} publickey for {} from {} port {} ssh2: ED25519 SHA256:{}",
                                      good ? "Accepted" : "Failed", name, address, port,
                                      FillWords("{b64.43}", random_).front()));
  {
    const Object process(json_, "process");
    json_.Member("name", "sshd");
    json_.MemberInt("pid", static_cast<std::int64_t>(random_.Below(4'000'000)));
  }
  {
    const Object source(json_, "source");
    json_.Member("ip", address);
    json_.MemberInt("port", static_cast<std::int64_t>(port));
  }
  User("user", name);
  json_.EndObject();
}

}  // namespace vedette::bench
