// SPDX-License-Identifier: Apache-2.0
#include "sources/audit_record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/audit_execve.h"
#include "sources/audit_normalization.h"
#include "sources/audit_sockaddr.h"
#include "sources/audit_syscalls.h"

namespace vedette::sources {
namespace {

TEST(AuditHeader, IsReadInEveryWrapping) {
  struct Case {
    const char* name;
    const char* line;
    const char* node;
    const char* type;
    std::int64_t seconds;
    std::uint32_t millis;
    std::uint64_t sequence;
  };
  const Case cases[] = {
      {"plain", "type=CWD msg=audit(100.005:7): cwd=\"/\"", "", "CWD", 100, 5, 7},
      {"node", "node=a.b type=CWD msg=audit(100.500:7): x", "a.b", "CWD", 100, 500, 7},
      {"syslog", "<13>Jan  1 00:00:01 h audispd: node=h type=EOE msg=audit(1.000:4294967295):", "h",
       "EOE", 1, 0, 4294967295},
      {"syslog without node", "Jan  1 00:00:01 h audispd: type=EOE msg=audit(1.000:2):", "", "EOE",
       1, 0, 2},
      {"kernel log", "[ 1.2] audit: type=1300 audit(1.002:3): arch=c000003e", "", "SYSCALL", 1, 2,
       3},
      {"unknown type", "type=UNKNOWN[1420] msg=audit(1.002:3): a=b", "", "UNKNOWN[1420]", 1, 2, 3},
      {"no colon", "type=DAEMON_CONFIG msg=audit(1.002:3) config changed, auid=0", "",
       "DAEMON_CONFIG", 1, 2, 3},
      {"latest second", "type=EOE msg=audit(9223372035.999:3):", "", "EOE", 9223372035, 999, 3},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_TRUE(LooksLikeAuditLine(c.line));
    const auto record = ParseAuditLine(c.line);
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->node, c.node);
    EXPECT_EQ(record->type, c.type);
    EXPECT_EQ(record->seconds, c.seconds);
    EXPECT_EQ(record->millis, c.millis);
    EXPECT_EQ(record->sequence, c.sequence);
  }
}

TEST(AuditHeader, OtherLinesAreRefused) {
  const char* const lines[] = {
      "",
      "type=",
      "type=SYSCALL",
      "type=UNKNOWN[1329] msg=?",
      "type=SYSCALL msg=audit(1.2",
      "type=SYSCALL msg=audit(-1.002:3): a=b",
      "type=SYSCALL msg=audit(1.1000:3): a=b",
      "type=SYSCALL msg=audit(1.-2:3): a=b",
      "type=SYSCALL msg=audit(9223372036.000:3): a=b",
      "type=SYSCALL msg=audit(1.002:99999999999999999999): a=b",
      "mytype=SYSCALL msg=audit(1.002:3): a=b",
      "{\"event\": {\"original\": \" type=SYSCALL msg=audit(1.002:3): a=b\"}}",
      "[\" type=SYSCALL msg=audit(1.002:3): a=b\"]",
  };
  for (const char* line : lines) {
    EXPECT_FALSE(ParseAuditLine(line).has_value()) << line;
    EXPECT_FALSE(LooksLikeAuditLine(line)) << line;
  }
  const std::string far(600, 'x');
  EXPECT_FALSE(LooksLikeAuditLine(far + " type=EOE msg=audit(1.002:3):"));
}

std::string Fields(std::string_view body) {
  std::string text;
  ForEachAuditField(body, [&](const AuditField& field) {
    text += std::string(field.key) + "<" + std::string(field.value) + "> ";
  });
  if (!text.empty()) text.pop_back();
  return text;
}

TEST(AuditFields, AreFoundDespiteDisorder) {
  struct Case {
    const char* name;
    const char* body;
    const char* fields;
  };
  const Case cases[] = {
      {"plain", "a=1 b=2", "a<1> b<2>"},
      {"two blanks", "  a=1   b=2 ", "a<1> b<2>"},
      {"quoted with blanks", "a=\"x y\" b=2", "a<x y> b<2>"},
      {"empty values", "a= b=\"\" c=", "a<> b<> c<>"},
      {"double equals", "subj==unconfined b=2", "subj<unconfined> b<2>"},
      {"stray quote", "a=\"x\"' b=2", "a<x> b<2>"},
      {"unterminated quote", "a=\"x y", "a<x y>"},
      {"nested", "pid=1 msg='op=x acct=\"r t\" res=success' z=1",
       "pid<1> op<x> acct<r t> res<success> z<1>"},
      {"nested, unterminated", "pid=1 msg='op=x res=success", "pid<1> op<x> res<success>"},
      {"nested, single quote inside", "msg='op=it's res=1'", "op<it's> res<1>"},
      {"old parentheses",
       "msg='PAM: open acct=root : exe=\"/x\" (hostname=h, addr=1.2.3.4, terminal=ssh "
       "res=success)'",
       "acct<root> exe</x> hostname<h> addr<1.2.3.4> terminal<ssh> res<success>"},
      {"value in parentheses stays", "tty=(none) b=2", "tty<(none)> b<2>"},
      {"words", "auditd start, ver=2 x", "ver<2>"},
      {"indexed keys", "a1[0]=41 a1_len=4", "a1[0]<41> a1_len<4>"},
      {"braces", "SADDR={ fam=inet laddr=1.2.3.4 } b=1", "SADDR< fam=inet laddr=1.2.3.4 > b<1>"},
      {"only equals", "= == ===", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Fields(c.body), c.fields);
  }
}

TEST(AuditFields, EnrichedHalfIsSplitOff) {
  auto record = ParseAuditLine(
      "type=SYSCALL msg=audit(1.000:1): key=(null)\x1d"
      "UID=\"root\"");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(Fields(record->body), "key<(null)>");
  EXPECT_EQ(Fields(record->enriched), "UID<root>");
  record = ParseAuditLine("type=SYSCALL msg=audit(1.000:1): key=(null)ARCH=x86_64 UID=\"root\"");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(Fields(record->body), "key<(null)>");
  EXPECT_EQ(Fields(record->enriched), "ARCH<x86_64> UID<root>");
}

TEST(AuditText, QuoteDecides) {
  const auto text = [](std::string_view value, AuditQuote quote, bool lower = true) {
    return AuditText(AuditField{"k", value, quote}, lower);
  };
  EXPECT_EQ(text("BEEF", AuditQuote::kDouble), "BEEF");
  EXPECT_EQ(text("4869", AuditQuote::kNone), "Hi");
  EXPECT_EQ(text("486", AuditQuote::kNone), "486");
  EXPECT_EQ(text("4g", AuditQuote::kNone), "4g");
  EXPECT_EQ(text("6d6e", AuditQuote::kNone), "mn");
  EXPECT_EQ(text("6d6e", AuditQuote::kNone, false), "6d6e");
  EXPECT_EQ(text("486900FF", AuditQuote::kNone), "Hi");
  EXPECT_EQ(text("41FF42", AuditQuote::kNone),
            "A\xEF\xBF\xBD"
            "B");
}

TEST(AuditArguments, ArePutTogether) {
  struct Case {
    const char* name;
    std::vector<std::string> bodies;
    bool ended;
    std::vector<std::string> values;
    bool truncated;
  };
  const Case cases[] = {
      {"quoted and hex", {"argc=2 a0=\"BEEF\" a1=612062"}, true, {"BEEF", "a b"}, false},
      {"empty stays", {"argc=3 a0=\"env\" a1=\"\" a2=\"X=1\""}, true, {"env", "", "X=1"}, false},
      {"stray quote", {"argc=1 a0=\"x\"'"}, true, {"x"}, false},
      {"a byte cut in two", {"argc=1 a0_len=6 a0[0]=616", " a0[1]=263"}, true, {"abc"}, false},
      {"pieces out of order",
       {"argc=2 a0=\"x\" a1[0]=61", "a1[2]=63", "a1[1]=62"},
       true,
       {"x", "abc"},
       false},
      {"quoted pieces", {"argc=1 a0[0]=\"ab\"", "a0[1]=\"cd\""}, true, {"abcd"}, false},
      {"next record first", {"a1=\"y\"", "argc=2 a0=\"x\""}, true, {"x", "y"}, false},
      {"more than ten",
       {"argc=12 a0=\"0\" a1=\"1\" a10=\"10\" a11=\"11\" a2=\"2\" a3=\"3\" a4=\"4\" a5=\"5\" "
        "a6=\"6\" a7=\"7\" a8=\"8\" a9=\"9\""},
       true,
       {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"},
       false},
      {"argument lost", {"argc=3 a0=\"x\" a2=\"z\""}, true, {"x", "z"}, true},
      {"piece lost", {"argc=1 a0[0]=61 a0[2]=63"}, true, {"ac"}, true},
      {"half a byte left", {"argc=1 a0[0]=616"}, true, {"a"}, true},
      {"first record lost", {"a1=\"y\""}, true, {"y"}, true},
      {"nothing but a count", {"argc=2"}, true, {}, true},
      {"split and never ended", {"argc=1 a0[0]=6162"}, false, {"ab"}, true},
      {"whole and never ended", {"argc=1 a0=6162"}, false, {"ab"}, false},
      {"absurd indices",
       {"argc=99999999999 a4294967295=\"x\" a99999999999=\"y\" a=1 ab=2 a1[=3 a1[x]=4"},
       true,
       {"x"},
       true},
      {"said twice", {"argc=1 a0=\"x\" a0=\"y\""}, true, {"x"}, false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<AuditRecord> records;
    for (const std::string& body : c.bodies) {
      AuditRecord& record = records.emplace_back();
      record.type = "EXECVE";
      record.body = body;
    }
    const AuditArguments arguments = CollectAuditArguments(records, c.ended);
    EXPECT_EQ(arguments.values, c.values);
    EXPECT_EQ(arguments.truncated, c.truncated);
  }
}

TEST(AuditSockaddr, Families) {
  struct Case {
    const char* hex;
    const char* family;
    const char* address;
    int port;
    const char* path;
  };
  const Case cases[] = {
      {"0200E31C4853E6640000000000000000", "ipv4", "72.83.230.100", 58140, ""},
      {"0002D903000000000000000000000000", "ipv4", "0.0.0.0", 55555, ""},
      {"0A002BCB000000000000000000000000000000000000000100000000", "ipv6", "::1", 11211, ""},
      {"01002F746D702F7300414243", "unix", "", -1, "/tmp/s"},
      {"0100002F746D702F73", "unix", "", -1, "@/tmp/s"},
      {"0100", "unix", "", -1, ""},
      {"100000000000000000000000", "netlink", "", -1, ""},
      {"1100", "", "", -1, ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.hex);
    const auto address = DecodeSocketAddress(c.hex);
    ASSERT_TRUE(address.has_value());
    EXPECT_EQ(address->family, c.family);
    EXPECT_EQ(address->address, c.address);
    EXPECT_EQ(address->port ? static_cast<int>(*address->port) : -1, c.port);
    EXPECT_EQ(address->path, c.path);
  }
  for (const char* bad : {"", "02", "0200", "02000050A9FE", "0A00", "020", "xx00"}) {
    EXPECT_FALSE(DecodeSocketAddress(bad).has_value()) << bad;
  }
}

TEST(AuditSyscalls, NumbersDependOnTheArchitecture) {
  EXPECT_EQ(AuditSyscallName(AuditArchName("c000003e"), 59), "execve");
  EXPECT_EQ(AuditSyscallName(AuditArchName("40000003"), 11), "execve");
  EXPECT_EQ(AuditSyscallName(AuditArchName("c00000b7"), 221), "execve");
  EXPECT_EQ(AuditSyscallName("x86_64", 59 | 0x40000000), "execve");
  EXPECT_EQ(AuditSyscallName("x86_64", 322), "execveat");
  EXPECT_EQ(AuditSyscallName("x86_64", 450), "set_mempolicy_home_node");
  EXPECT_EQ(AuditSyscallName("x86_64", 4000000000), "");
  EXPECT_EQ(AuditSyscallName("vax", 1), "");
  EXPECT_EQ(AuditErrnoName(2), "ENOENT");
  EXPECT_EQ(AuditErrnoName(115), "EINPROGRESS");
  EXPECT_EQ(AuditErrnoName(512), "ERESTARTSYS");
  EXPECT_EQ(AuditErrnoName(0), "");
  EXPECT_EQ(AuditErrnoName(4000), "");
}

TEST(AuditNormalization, NamesAreFound) {
  ASSERT_NE(NormalizeSyscall("execve"), nullptr);
  EXPECT_EQ(NormalizeSyscall("execve")->action, "executed");
  EXPECT_EQ(NormalizeSyscall("renameat2")->path_index, 2);
  EXPECT_EQ(NormalizeSyscall("accept4")->peer, AuditPeer::kSource);
  EXPECT_EQ(NormalizeSyscall("exit_group"), nullptr);
  EXPECT_EQ(NormalizeRecordType("USER_CMD")->action, "ran-command");
  EXPECT_EQ(NormalizeRecordType("EXECVE"), nullptr);
}

}  // namespace
}  // namespace vedette::sources
