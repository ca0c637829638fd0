// SPDX-License-Identifier: Apache-2.0
#include "corpus_shapes.h"

#include <fmt/format.h>

#include <array>

#include "corpus_words.h"
#include "document_parts.h"

namespace vedette::bench {
namespace {

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view UserId(std::string_view name) {
  if (name == "root") return "0";
  if (name == "www-data") return "33";
  return name.size() % 2 == 0 ? "1004" : "1011";
}

}  // namespace

void EventWriter::Begin(std::string_view dataset, std::string_view agent_type) {
  json_.BeginObject();
  json_.Member("@timestamp", base::FormatIsoTime(time_));
  if (full_size_) FullSizeMembers();
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

void EventWriter::FullSizeMembers() {
  const Object endpoint(json_, "Endpoint");
  {
    const Object policy(json_, "policy");
    const Object applied(json_, "applied");
    json_.Member("id", host_.agent_id);
    json_.Member("name", "linux servers, production");
    json_.MemberInt("version", 14);
    TextList(json_, "artifacts",
             {"global/endpointlinux-v1-trustlist", "global/production-rules-linux-v1"});
  }
  json_.Member("state", "running");
  json_.Member("configuration", random_.Hex(64));
  json_.Member("metrics",
               "uptime 88123 s, cpu 0.4 %, memory 214 MB, queue 0 of 4096, dropped 0, spooled 0");
  json_.Member("capabilities", "CAP_CHOWN,CAP_DAC_OVERRIDE,CAP_FOWNER,CAP_KILL,CAP_SETGID");
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
  json_.Member("id", event_id_);
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

void EventWriter::EnvironmentMembers() {
  json_.Key("env_vars");
  json_.BeginArray();
  json_.String("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  json_.String("LANG=C.UTF-8");
  const std::uint64_t count = random_.Below(14);
  for (std::uint64_t i = 0; i < count; ++i) {
    json_.String(FillWords("{word}_{word}=/srv/{word}/{word}-{num}/{word}.{word}", random_)[0]);
  }
  json_.EndArray();
}

void EventWriter::DefendProcess(ProcessAction action, const Process& process,
                                const Process& parent) {
  constexpr std::array<std::string_view, 3> kActions = {"exec", "fork", "end"};
  Begin("endpoint.events.process", "endpoint");
  EventMembers("endpoint.events.process", "process",
               action == ProcessAction::kEnd ? "end" : "start",
               kActions[static_cast<std::size_t>(action)], "unknown");
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
    if (action == ProcessAction::kExec) EnvironmentMembers();
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

void EventWriter::DefendFile(std::string_view action, std::string_view path,
                             const Process& process) {
  Begin("endpoint.events.file", "endpoint");
  EventMembers("endpoint.events.file", "file", action == "deletion" ? "deletion" : "creation",
               action, "unknown");
  {
    const Object file(json_, "file");
    if (action == "rename") {
      const Object ext(json_, "Ext");
      json_.Member("original.path", fmt::format("{}.{}", path, random_.Hex(6)));
    }
    const std::string_view name = BaseName(path);
    const std::size_t dot = name.rfind('.');
    if (dot != std::string_view::npos) json_.Member("extension", name.substr(dot + 1));
    json_.Member("gid", "0");
    json_.Member("mode", "0644");
    json_.Member("name", name);
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
    Leader("entry_leader", host_.recent[0]);
    Leader("session_leader", host_.recent[1]);
  }
  User("user", process.user);
  json_.EndObject();
}

void EventWriter::DefendDns(const Process& process) {
  Begin("endpoint.events.network", "endpoint");
  {
    const Object dns(json_, "dns");
    const Object question(json_, "question");
    json_.Member("name", FillWords("{host}", random_).front());
    json_.Member("registered_domain", "example.net");
    json_.Member("top_level_domain", "net");
    json_.Member("type", random_.OneIn(4) ? "AAAA" : "A");
  }
  EventMembers("endpoint.events.network", "network", "info", "lookup_requested", "unknown");
  HostMembers();
  json_.Member("message", "DNS query");
  {
    const Object network(json_, "network");
    json_.Member("protocol", "dns");
  }
  {
    const Object object(json_, "process");
    Ancestry();
    ProcessMembers(process);
    Leader("entry_leader", host_.recent[0]);
    if (random_.OneIn(2)) Leader("session_leader", host_.recent[1]);
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
    Leader("session_leader", host_.recent[1]);
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

}  // namespace vedette::bench
