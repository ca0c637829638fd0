// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "event/json_reader.h"

namespace vedette::sources {
namespace {

using Lines = std::vector<std::string>;

struct Decoded {
  base::Arena arena;
  std::vector<event::Value> documents;
  AuditAssembler::Counters counters;

  std::string Text(std::size_t document, std::string_view path) const {
    if (document >= documents.size()) return "no such document";
    const event::Value value = documents[document].GetPath(path);
    if (value.is_string()) return std::string(value.text());
    std::string json;
    event::WriteJson(value, json);
    return json;
  }
};

void Decode(const Lines& lines, Decoded& out, AuditAssembler::Limits limits = {},
            AuditEcsOptions options = {}) {
  AuditLogDecoder decoder(std::move(options), limits);
  const auto sink = [&](event::Value document) { out.documents.push_back(document); };
  for (const std::string& line : lines) decoder.Line(line, out.arena, sink);
  decoder.Flush(out.arena, sink);
  out.counters = decoder.counters();
}

std::string Header(const std::string& type, int seconds, int sequence) {
  return "type=" + type + " msg=audit(" + std::to_string(1700000000 + seconds) +
         ".042:" + std::to_string(sequence) + "): ";
}

std::string Syscall(int sequence, const std::string& number, const std::string& rest = "",
                    int seconds = 0) {
  return Header("SYSCALL", seconds, sequence) + "arch=c000003e syscall=" + number +
         " success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=10 pid=11 auid=1000 uid=0 gid=0 "
         "euid=0 "
         "suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"prog\" exe=\"/bin/prog\" " +
         (rest.empty() ? "key=(null)" : rest);
}

TEST(AuditLog, ExecveBecomesAProcessStart) {
  Decoded out;
  Decode({Syscall(1, "59",
                  "key=6578656301626F6F74\x1d"
                  "ARCH=x86_64 SYSCALL=execve AUID=\"alice\" UID=\"root\""),
          Header("EXECVE", 0, 1) + "argc=3 a0=\"cp\" a1=2F612062 a2=\"/boot/x\"",
          Header("CWD", 0, 1) + " cwd=\"/root\"",
          Header("PATH", 0, 1) + "item=0 name=\"/bin/prog\" inode=5 mode=0104755 ouid=0 ogid=0 "
                                 "rdev=00:00 nametype=NORMAL\x1d"
                                 "OUID=\"root\" OGID=\"root\"",
          Header("PROCTITLE", 0, 1) + "proctitle=6370002F6120620000", Header("EOE", 0, 1)},
         out);
  ASSERT_EQ(out.documents.size(), 1U);
  const std::pair<const char*, const char*> expected[] = {
      {"@timestamp", "2023-11-14T22:13:20.042Z"},
      {"event.kind", "event"},
      {"event.module", "auditd"},
      {"event.action", "executed"},
      {"event.category", "[\"process\"]"},
      {"event.type", "[\"start\"]"},
      {"event.outcome", "success"},
      {"event.sequence", "1"},
      {"event.original", "null"},
      {"host.os.type", "linux"},
      {"host.id", "audit-log"},
      {"host.name", "null"},
      {"auditd.message_type", "syscall"},
      {"auditd.result", "success"},
      {"auditd.session", "3"},
      {"auditd.data.syscall", "execve"},
      {"auditd.data.a1", "2"},
      {"auditd.data.exit", "0"},
      {"auditd.user.audit.id", "1000"},
      {"auditd.user.audit.name", "alice"},
      {"user.id", "0"},
      {"user.name", "root"},
      {"user.effective.id", "0"},
      {"process.pid", "11"},
      {"process.parent.pid", "10"},
      {"process.name", "prog"},
      {"process.executable", "/bin/prog"},
      {"process.args", "[\"cp\",\"/a b\",\"/boot/x\"]"},
      {"process.args_count", "3"},
      {"process.command_line", "cp /a b /boot/x"},
      {"process.working_directory", "/root"},
      {"process.title", "cp /a b"},
      {"file.path", "/bin/prog"},
      {"file.mode", "4755"},
      {"file.owner", "root"},
      {"tags", "[\"exec\",\"boot\"]"},
      {"vedette.truncated_args", "null"},
  };
  for (const auto& [path, value] : expected) EXPECT_EQ(out.Text(0, path), value) << path;
}

TEST(AuditLog, ShapesOfEvents) {
  struct Case {
    const char* name;
    Lines lines;
    std::vector<std::pair<const char*, const char*>> expected;
  };
  const std::string path = Header("PATH", 0, 1);
  const Case cases[] = {
      {"failed execve has no arguments",
       {Header("SYSCALL", 0, 1) + "arch=c000003e syscall=59 success=no exit=-2 pid=1 comm=\"mv\""},
       {{"event.outcome", "failure"},
        {"auditd.result", "fail"},
        {"auditd.data.exit", "ENOENT"},
        {"process.args", "null"}}},
      {"unnamed system call",
       {Syscall(1, "231")},
       {{"event.action", ""}, {"event.category", "[\"process\"]"}, {"event.type", "[\"info\"]"}}},
      {"unknown number", {Syscall(1, "9999")}, {{"auditd.data.syscall", "9999"}}},
      {"mkdir takes the second path",
       {Syscall(1, "83"), path + "item=0 name=\"/a\" nametype=PARENT",
        path + "item=1 name=\"/a/b\" nametype=CREATE"},
       {{"event.action", "created-directory"}, {"file.path", "/a/b"}}},
      {"unlink skips the parent",
       {Syscall(1, "87"), path + "item=0 name=\"/a\" nametype=PARENT",
        path + "item=1 name=2F6120 nametype=DELETE"},
       {{"file.path", "/a "}}},
      {"relative names stay relative",
       {Syscall(1, "2"), Header("CWD", 0, 1) + "cwd=\"/d\"",
        path + "item=0 name=\"f\" nametype=NORMAL"},
       {{"file.path", "f"}}},
      {"connect",
       {Syscall(1, "42"), Header("SOCKADDR", 0, 1) + "saddr=020001BBCB00714D0000000000000000"},
       {{"destination.ip", "203.0.113.77"},
        {"destination.port", "443"},
        {"network.direction", "egress"},
        {"source.ip", "null"},
        {"auditd.data.socket.family", "ipv4"}}},
      {"accept",
       {Syscall(1, "43"), Header("SOCKADDR", 0, 1) +
                              "saddr=0A00001600000000FE80000000000000000000000000000100000000"},
       {{"source.ip", "fe80::1"}, {"source.port", "22"}, {"network.direction", "ingress"}}},
      {"login record in front",
       {Header("LOGIN", 0, 1) +
            "pid=11 uid=0 old-auid=4294967295 auid=0 old-ses=4294967295 ses=5 res=1",
        Syscall(1, "1")},
       {{"auditd.message_type", "login"},
        {"event.action", "changed-login-id-to"},
        {"event.category", "[\"authentication\",\"file\"]"},
        {"auditd.data.syscall", "write"}}},
      {"companion in front does not give the type",
       {Header("PROCTITLE", 0, 1) + "proctitle=\"x\"", Syscall(1, "59")},
       {{"auditd.message_type", "syscall"}, {"event.action", "executed"}}},
      {"companion alone",
       {Header("EXECVE", 0, 1) + "argc=1 a0=\"x\""},
       {{"auditd.message_type", "execve"},
        {"event.action", "null"},
        {"process.args", "[\"x\"]"},
        {"event.outcome", "unknown"}}},
      {"user command in hex",
       {Header("USER_CMD", 0, 1) + "pid=5 uid=1000 auid=1000 ses=2 msg='cwd=\"/h\" cmd=6C73202D6C "
                                   "terminal=pts/0 res=success'\x1d"
                                   "UID=\"bob\" AUID=\"bob\""},
       {{"auditd.data.cmd", "ls -l"},
        {"user.id", "1000"},
        {"user.name", "bob"},
        {"process.working_directory", "/h"},
        {"event.action", "ran-command"}}},
      {"login with address",
       {Header("USER_LOGIN", 0, 1) +
        "pid=5 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct=\"root\" exe=\"/x\" "
        "hostname=? addr=192.0.2.1 terminal=ssh res=failed'"},
       {{"source.ip", "192.0.2.1"},
        {"user.id", "null"},
        {"user.effective.name", "root"},
        {"auditd.session", "null"},
        {"auditd.data.addr", "null"},
        {"event.outcome", "failure"}}},
      {"unknown record type",
       {Header("UNKNOWN[1420]", 0, 1) + "x=1"},
       {{"auditd.message_type", "unknown[1420]"},
        {"auditd.data.x", "1"},
        {"event.action", "null"},
        {"event.category", "null"}}},
      {"name in hex",
       {Header("SYSCALL", 0, 1) + "arch=c000003e syscall=59 comm=6120 exe=2F6120"},
       {{"process.name", "a "}, {"process.executable", "/a "}}},
      {"key= prefix and repetition",
       {Syscall(1, "59", "key=\"key=net\"")},
       {{"tags", "[\"net\"]"}}},
      {"unresolved names",
       {Syscall(1, "59",
                "key=(null)\x1d"
                "UID=\"unknown(0)\" AUID=\"unset\"")},
       {{"user.name", "null"}, {"auditd.user.audit.name", "null"}}},
      {"label",
       {Syscall(1, "59", "subj=u:r:t:s0-s0:c0.c1023 key=(null)")},
       {{"auditd.user.selinux.domain", "t"}, {"auditd.user.selinux.category", "c0.c1023"}}},
      {"invalid UTF-8 is repaired",
       {Header("CWD", 0, 1) + "cwd=2FFF"},
       {{"process.working_directory", "/\xEF\xBF\xBD"}}},
      {"foreign architecture uses the name that auditd found",
       {Header("SYSCALL", 0, 1) + "arch=80000016 syscall=11 success=yes\x1d"
                                  "ARCH=s390x SYSCALL=execve"},
       {{"auditd.data.arch", "s390x"}, {"event.action", "executed"}}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Decoded out;
    Decode(c.lines, out);
    ASSERT_EQ(out.documents.size(), 1U);
    for (const auto& [field, value] : c.expected) EXPECT_EQ(out.Text(0, field), value) << field;
  }
}

TEST(AuditLog, OptionsNameTheHostAndJoinPaths) {
  AuditEcsOptions options;
  options.host_name = "box";
  options.host_id = "box-1";
  options.join_relative_paths = true;
  Decoded out;
  Decode({Syscall(1, "2"), Header("CWD", 0, 1) + "cwd=\"/d\"",
          Header("PATH", 0, 1) + "item=0 name=\"f\" nametype=NORMAL", Header("EOE", 0, 1),
          "node=far " + Syscall(2, "2")},
         out, {}, options);
  ASSERT_EQ(out.documents.size(), 2U);
  EXPECT_EQ(out.Text(0, "file.path"), "/d/f");
  EXPECT_EQ(out.Text(0, "host.name"), "box");
  EXPECT_EQ(out.Text(0, "host.id"), "box-1");
  EXPECT_EQ(out.Text(1, "host.name"), "far");
  EXPECT_EQ(out.Text(1, "host.id"), "far");
}

std::string Sequences(const Decoded& out) {
  std::string text;
  for (std::size_t i = 0; i < out.documents.size(); ++i) {
    text += out.Text(i, "event.sequence") + " ";
  }
  return text;
}

TEST(AuditAssembler, DeliversByFirstLineWhateverTheOrderOfEnds) {
  Decoded out;
  Decode({Syscall(1, "59"), Syscall(2, "59"), Header("EOE", 0, 2),
          Header("CWD", 0, 1) + "cwd=\"/one\"", Header("EOE", 0, 1), Syscall(3, "59")},
         out);
  EXPECT_EQ(Sequences(out), "1 2 3 ");
  EXPECT_EQ(out.Text(0, "process.working_directory"), "/one");
}

TEST(AuditAssembler, NodesAndTimesKeepEqualSequencesApart) {
  Decoded out;
  Decode({"node=a " + Syscall(1, "59"), "node=b " + Syscall(1, "59"), Syscall(1, "59", "", 1),
          "node=a " + Header("CWD", 0, 1) + "cwd=\"/a\""},
         out);
  ASSERT_EQ(out.documents.size(), 3U);
  EXPECT_EQ(out.Text(0, "process.working_directory"), "/a");
  EXPECT_EQ(out.Text(1, "process.working_directory"), "null");
}

TEST(AuditAssembler, ClosesByLaterEventsAndByTheClock) {
  AuditAssembler::Limits limits;
  limits.later_events = 3;
  AuditAssembler assembler(limits);
  int delivered = 0;
  const auto sink = [&](const AuditEvent&) { ++delivered; };
  for (int i = 1; i <= 3; ++i) assembler.Push(Syscall(i, "59"), sink);
  EXPECT_EQ(delivered, 0);
  assembler.Push(Syscall(4, "59"), sink);
  EXPECT_EQ(delivered, 1);
  EXPECT_EQ(assembler.counters().expired, 1U);

  AuditAssembler clock;
  delivered = 0;
  clock.Push(Syscall(1, "59"), sink);
  for (int i = 0; i < 8; ++i) clock.Push(Header("PATH", 2, 2) + "item=0", sink);
  clock.Push(Syscall(3, "59", "", 2), sink);
  EXPECT_EQ(delivered, 0) << "two seconds are not yet past";
  clock.Push(Syscall(4, "59", "", 3), sink);
  EXPECT_EQ(delivered, 1);
  EXPECT_EQ(clock.open_events(), 3U);
}

TEST(AuditAssembler, SingleUserRecordsDoNotWait) {
  AuditAssembler assembler;
  int delivered = 0;
  assembler.Push(Header("USER_CMD", 0, 1) + "pid=1 msg='cmd=\"x\"'",
                 [&](const AuditEvent&) { ++delivered; });
  EXPECT_EQ(delivered, 1);
}

TEST(AuditAssembler, SequenceWraps) {
  Decoded out;
  Decode({"type=SYSCALL msg=audit(1.000:4294967295): syscall=59",
          "type=SYSCALL msg=audit(1.000:0): syscall=59",
          "type=EOE msg=audit(1.000:4294967295): ", "type=EOE msg=audit(1.000:0): "},
         out);
  EXPECT_EQ(Sequences(out), "4294967295 0 ");
}

TEST(AuditAssembler, BoundsHoldAndAreCounted) {
  AuditAssembler::Limits limits;
  limits.max_events = 2;
  limits.max_records = 2;
  limits.max_line_bytes = 4096;
  Decoded out;
  Decode({Syscall(1, "59"), Header("EXECVE", 0, 1) + "argc=2 a0=\"x\"",
          Header("EXECVE", 0, 1) + "a1=\"y\"", Syscall(2, "59"), Syscall(3, "59"),
          Header("CWD", 0, 4) + std::string(5000, 'x'), "not audit", "", "  ", Header("EOE", 0, 9)},
         out, limits);
  EXPECT_EQ(out.documents.size(), 3U);
  EXPECT_EQ(out.Text(0, "vedette.truncated_args"), "true");
  EXPECT_EQ(out.counters.truncated, 1U);
  EXPECT_EQ(out.counters.evicted, 1U);
  EXPECT_EQ(out.counters.oversize, 1U);
  EXPECT_EQ(out.counters.malformed, 1U);
  EXPECT_EQ(out.counters.orphaned, 1U);
  EXPECT_EQ(out.counters.events, 3U);
}

TEST(AuditAssembler, TotalBytesAreBounded) {
  AuditAssembler::Limits limits;
  limits.max_total_bytes = 20000;
  AuditAssembler assembler(limits);
  std::size_t delivered = 0;
  for (int i = 0; i < 60; ++i) {
    assembler.Push(Header("CWD", 0, i) + std::string(2000, 'x'),
                   [&](const AuditEvent&) { ++delivered; });
  }
  EXPECT_GT(assembler.counters().evicted, 40U);
  EXPECT_LT(assembler.open_events(), 11U);
}

TEST(AuditExample, HoldsTheTwoSteps) {
  std::ifstream file(std::string(VEDETTE_SOURCE_DIR) + "/examples/audit/audit.log");
  ASSERT_TRUE(file.good());
  Lines lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  Decoded out;
  Decode(lines, out);
  EXPECT_EQ(out.documents.size(), 41U);
  EXPECT_EQ(out.counters.malformed + out.counters.orphaned + out.counters.evicted, 0U);
  int extractions = 0;
  int copies = 0;
  for (std::size_t i = 0; i < out.documents.size(); ++i) {
    EXPECT_EQ(out.Text(i, "vedette.truncated_args"), "null");
    const std::string line = out.Text(i, "process.command_line");
    if (line.starts_with("cpio -i -d -m -H newc -D /dev/shm/.cache dir ./usr/lib/modules/")) {
      ++extractions;
      EXPECT_EQ(out.Text(i, "process.args_count"), "9");
      EXPECT_TRUE(line.ends_with("usr/bin/kmod \xC3\xA9")) << line;
    }
    if (line == "cp -f /dev/shm/.cache dir/initrd.new /boot/initrd.img-6.1.0-31-amd64") ++copies;
  }
  EXPECT_EQ(extractions, 1);
  EXPECT_EQ(copies, 1);
}

}  // namespace
}  // namespace vedette::sources
