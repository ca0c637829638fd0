// SPDX-License-Identifier: Apache-2.0
#include "corpus_shapes.h"

#include <fmt/format.h>

#include <initializer_list>

#include "corpus_words.h"

namespace vedette::bench {
namespace {

using base::JsonWriter;

constexpr std::string_view kAuditd = "auditd_manager.auditd";

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view UserId(std::string_view name) {
  if (name == "root") return "0";
  if (name == "www-data") return "33";
  return name.size() % 2 == 0 ? "1004" : "1011";
}

/// An object member that closes itself.
class Object {
 public:
  Object(JsonWriter& json, std::string_view key) : json_(json) {
    json_.Key(key);
    json_.BeginObject();
  }
  ~Object() { json_.EndObject(); }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

 private:
  JsonWriter& json_;
};

template <typename Texts>
void TextList(JsonWriter& json, std::string_view key, const Texts& texts) {
  json.Key(key);
  json.BeginArray();
  for (const auto& text : texts) json.String(text);
  json.EndArray();
}

void TextList(JsonWriter& json, std::string_view key,
              std::initializer_list<std::string_view> texts) {
  TextList<std::initializer_list<std::string_view>>(json, key, texts);
}

}  // namespace

void EventWriter::Begin(std::string_view dataset, std::string_view agent_type) {
  json_.BeginObject();
  json_.Member("@timestamp", base::FormatIsoTime(time_));
  {
    const Object agent(json_, "agent");
    json_.Member("id", host_.agent_id);
    json_.Member("name", host_.name);
    json_.Member("type", agent_type);
    json_.Member("version", "9.1.3");
  }
  {
    const Object stream(json_, "data_stream");
    json_.Member("dataset", dataset);
    json_.Member("namespace", "default");
    json_.Member("type", "logs");
  }
  {
    const Object ecs(json_, "ecs");
    json_.Member("version", "8.17.0");
  }
  {
    const Object elastic(json_, "elastic");
    const Object agent(json_, "agent");
    json_.Member("id", host_.agent_id);
  }
}

void EventWriter::HostMembers() {
  const Object host(json_, "host");
  json_.Member("architecture", "x86_64");
  json_.Member("hostname", host_.name);
  json_.Member("id", host_.id);
  TextList(json_, "ip", {host_.address, "127.0.0.1", "::1", "fe80::5054:ff:fe12:3456"});
  TextList(json_, "mac", {host_.mac});
  json_.Member("name", host_.name);
  const Object os(json_, "os");
  json_.Member("family", "debian");
  json_.Member("full", "Debian 12.11");
  json_.Member("kernel", "6.1.0-37-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)");
  json_.Member("name", "Linux");
  json_.Member("platform", "debian");
  json_.Member("type", "linux");
  json_.Member("version", "12.11");
}

void EventWriter::EventMembers(std::string_view dataset, std::string_view category,
                               std::string_view type, std::string_view action,
                               std::string_view outcome) {
  const Object event(json_, "event");
  json_.Member("action", action);
  json_.Member("agent_id_status", "verified");
  TextList(json_, "category", {category});
  json_.Member("created", base::FormatIsoTime(time_));
  json_.Member("dataset", dataset);
  json_.Member("id", fmt::format("{}{:08x}", random_.Hex(10), ordinal_));
  json_.Member("ingested", base::FormatIsoTime({time_.nanoseconds + 3'000'000'000}));
  json_.Member("kind", "event");
  json_.Member("module", dataset.substr(0, dataset.find('.')));
  json_.Member("outcome", outcome);
  json_.MemberInt("sequence", static_cast<std::int64_t>(ordinal_));
  TextList(json_, "type", {type});
}

void EventWriter::User(std::string_view key, std::string_view name) {
  const Object user(json_, key);
  json_.Member("id", UserId(name));
  json_.Member("name", name);
}

void EventWriter::Hashes() {
  const Object hash(json_, "hash");
  json_.Member("md5", random_.Hex(32));
  json_.Member("sha1", random_.Hex(40));
  json_.Member("sha256", random_.Hex(64));
}

void EventWriter::ProcessMembers(const Process& process) {
  TextList(json_, "args", process.args);
  json_.MemberInt("args_count", static_cast<std::int64_t>(process.args.size()));
  json_.Member("command_line", fmt::format("{}", fmt::join(process.args, " ")));
  json_.Member("entity_id", process.entity_id);
  json_.Member("executable", process.executable);
  json_.MemberBool("interactive", process.pid % 5 == 0);
  json_.Member("name", BaseName(process.executable));
  json_.MemberInt("pid", process.pid);
  json_.Member("start", base::FormatIsoTime(process.start));
  json_.Member("working_directory", process.pid % 3 == 0 ? "/" : "/var/lib/agent");
}

void EventWriter::Leader(std::string_view key, const Process& process) {
  const Object leader(json_, key);
  json_.Member("entity_id", process.entity_id);
  json_.Member("executable", process.executable);
  json_.MemberBool("interactive", process.pid % 5 == 0);
  json_.Member("name", BaseName(process.executable));
  json_.MemberInt("pid", process.pid);
  json_.MemberBool("same_as_process", false);
  json_.Member("start", base::FormatIsoTime(process.start));
  User("user", process.user);
}

void EventWriter::Ancestry() {
  const Object ext(json_, "Ext");
  json_.Key("ancestry");
  json_.BeginArray();
  const std::uint64_t depth = 2 + random_.Below(4);
  for (std::uint64_t i = 0; i < depth; ++i) {
    json_.String(host_.recent[random_.Below(host_.recent.size())].entity_id);
  }
  json_.EndArray();
}

void EventWriter::DefendProcess(const Process& process, const Process& parent) {
  Begin("endpoint.events.process", "endpoint");
  EventMembers("endpoint.events.process", "process", "start", "exec", "unknown");
  {
    const Object group(json_, "group");
    json_.Member("id", UserId(process.user));
    json_.Member("name", process.user);
  }
  HostMembers();
  json_.Member("message", "Endpoint process event");
  {
    const Object object(json_, "process");
    Ancestry();
    ProcessMembers(process);
    Leader("entry_leader", host_.recent[0]);
    Hashes();
    {
      const Object up(json_, "parent");
      ProcessMembers(parent);
      json_.MemberInt("ppid", 1);
      User("user", parent.user);
    }
    Leader("session_leader", host_.recent[1]);
  }
  User("user", process.user);
  json_.EndObject();
}

void EventWriter::DefendFile(const Process& process) {
  const bool gone = random_.OneIn(5);
  const std::string path = RandomPath(random_);
  Begin("endpoint.events.file", "endpoint");
  EventMembers("endpoint.events.file", "file", gone ? "deletion" : "creation",
               gone ? "deletion" : "creation", "unknown");
  {
    const Object file(json_, "file");
    {
      const Object ext(json_, "Ext");
      json_.Member("original.path", RandomPath(random_));
    }
    json_.Member("extension", path.substr(path.rfind('.') + 1));
    json_.Member("gid", "0");
    json_.Member("mode", "0644");
    json_.Member("name", BaseName(path));
    json_.Member("path", path);
    json_.MemberInt("size", static_cast<std::int64_t>(random_.Below(1U << 24U)));
    Hashes();
  }
  HostMembers();
  json_.Member("message", "Endpoint file event");
  {
    const Object object(json_, "process");
    Ancestry();
    ProcessMembers(process);
  }
  User("user", process.user);
  json_.EndObject();
}

void EventWriter::DefendNetwork(const Process& process) {
  Begin("endpoint.events.network", "endpoint");
  {
    const Object destination(json_, "destination");
    json_.Member("address", "203.0.113.77");
    json_.MemberInt("bytes", static_cast<std::int64_t>(random_.Below(1U << 20U)));
    json_.Member("ip", RandomAddress(random_));
    json_.MemberInt("port", random_.OneIn(2) ? 443 : 5432);
  }
  EventMembers("endpoint.events.network", "network", "start", "connection_attempted", "unknown");
  HostMembers();
  json_.Member("message", "Endpoint network event");
  {
    const Object network(json_, "network");
    json_.Member("transport", "tcp");
    json_.Member("type", "ipv4");
  }
  {
    const Object object(json_, "process");
    Ancestry();
    ProcessMembers(process);
    Leader("entry_leader", host_.recent[0]);
  }
  {
    const Object source(json_, "source");
    json_.Member("address", host_.address);
    json_.Member("ip", host_.address);
    json_.MemberInt("port", static_cast<std::int64_t>(32768 + random_.Below(28000)));
  }
  User("user", process.user);
  json_.EndObject();
}

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
    json_.Member("id", UserId(process.user));
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
