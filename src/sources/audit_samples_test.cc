// SPDX-License-Identifier: Apache-2.0
// Real records and their upstream documents. Needs the shared reading material; skipped without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "event/json_reader.h"
#include "sources/audit_log.h"

namespace vedette::sources {
namespace {

using Leaves = std::map<std::string, std::string>;

std::string SamplesDirectory() {
  const char* shared = std::getenv("VEDETTE_SHARED");
  const std::string root =
      shared != nullptr ? shared : std::string(VEDETTE_SOURCE_DIR) + "/../shared";
  return root + "/sources/samples/";
}

std::vector<std::string> ReadLines(const std::string& name) {
  std::ifstream file(SamplesDirectory() + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool HaveSamples() { return !ReadLines("raw_audit_log/go_libaudit.log").empty(); }

std::string ScalarText(const event::Value& value) {
  if (value.is_string()) return std::string(value.text());
  std::string json;
  event::WriteJson(value, json);
  return json;
}

/// Every scalar by its path; list elements by index. Numbers and the strings of their digits are
/// the same.
void Flatten(const event::Value& value, const std::string& path, Leaves& out) {
  if (value.is_object()) {
    for (const event::Member& member : value.object()) {
      Flatten(member.value,
              path.empty() ? std::string(member.key) : path + "." + std::string(member.key), out);
    }
  } else if (value.is_list()) {
    std::size_t index = 0;
    for (const event::Value& element : value.list()) {
      Flatten(element, path + "[" + std::to_string(index++) + "]", out);
    }
  } else {
    out[path] = ScalarText(value);
  }
}

/// Where Auditd Manager's pipeline, whose names we use, moves what Auditbeat calls otherwise.
std::string Renamed(const std::string& path) {
  static const std::vector<std::pair<std::string, std::string>> kMoves = {
      {"user.audit.", "auditd.user.audit."},           {"user.saved.", "auditd.user.saved."},
      {"user.filesystem.", "auditd.user.filesystem."}, {"user.selinux.", "auditd.user.selinux."},
      {"file.selinux.", "auditd.file.selinux."},       {"auditd.sequence", "event.sequence"}};
  for (const auto& [from, to] : kMoves) {
    if (path.starts_with(from)) return to + path.substr(from.size());
  }
  return path;
}

bool StartsWithAny(const std::string& path, const std::vector<std::string>& prefixes) {
  return std::ranges::any_of(prefixes, [&](const std::string& p) { return path.starts_with(p); });
}

struct Sample {
  std::string name;
  std::string log;
  std::string expected;
  bool complete;  ///< the expectation has all fields, so ours may have no others
  std::vector<std::string>
      ignored;  ///< path prefixes of the expectation; why is in docs/reference/sources/audit-log.md
  std::vector<std::string> extra;  ///< path prefixes that we add
};

void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

std::vector<std::string> With(std::vector<std::string> list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

const std::vector<std::string> kBookkeeping = {
    "auditd.summary", "related.", "service.", "ecs.", "event.original", "auditd.messages"};
const std::vector<std::string> kLookups = {"user.name",
                                           "user.effective.id",
                                           "user.effective.name",
                                           "user.group.name",
                                           "user.effective.group.name",
                                           "user.target.name",
                                           "auditd.user.audit.name",
                                           "auditd.user.saved.name",
                                           "auditd.user.saved.group.name",
                                           "auditd.user.filesystem.name",
                                           "auditd.user.filesystem.group.name",
                                           "file.owner",
                                           "file.group",
                                           "group."};
/// Names from the enriched half, which upstream does not read.
const std::vector<std::string> kNames = {"user.name",
                                         "user.group.name",
                                         "auditd.user.saved.name",
                                         "auditd.user.saved.group.name",
                                         "auditd.user.filesystem.name",
                                         "auditd.user.filesystem.group.name"};
const std::vector<std::string> kAdded = {
    "process.args_count", "process.command_line", "host.",      "event.module", "event.kind",
    "user.effective",     "auditd.user.old_auid", "user.target"};

class SampleTest : public testing::TestWithParam<Sample> {};

TEST_P(SampleTest, AgreesWithUpstream) {
  if (!HaveSamples()) GTEST_SKIP() << "NO SHARED DATA: set VEDETTE_SHARED; nothing was compared";
  const Sample& sample = GetParam();
  base::Arena arena;
  std::vector<Leaves> ours;
  AuditLogDecoder decoder;
  const auto sink = [&](event::Value document) { Flatten(document, "", ours.emplace_back()); };
  for (const std::string& line : ReadLines(sample.log)) decoder.Line(line, arena, sink);
  decoder.Flush(arena, sink);
  const std::vector<std::string> expected = ReadLines(sample.expected);
  ASSERT_EQ(ours.size(), expected.size());
  ASSERT_FALSE(expected.empty());
  event::JsonReader reader;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto document = reader.Read(expected[i], arena);
    ASSERT_TRUE(document.has_value());
    Leaves theirs;
    Flatten(*document, "", theirs);
    std::set<std::string> seen;
    for (const auto& [path, value] : theirs) {
      const std::string name = Renamed(path);
      seen.insert(name);
      if (StartsWithAny(path, sample.ignored) || StartsWithAny(name, sample.ignored)) continue;
      // Upstream takes the enriched half that follows key=(null) for the key.
      if (name == "tags[0]" && value == "x86_64") continue;
      ++compared;
      const auto mine = ours[i].find(name);
      if (mine == ours[i].end()) {
        ADD_FAILURE() << "event " << i + 1 << " lacks " << name << " = " << value;
      } else if (name == "@timestamp") {
        EXPECT_EQ(base::ParseIsoTime(mine->second), base::ParseIsoTime(value));
      } else {
        EXPECT_EQ(mine->second, value) << "event " << i + 1 << " " << name;
      }
    }
    if (!sample.complete) continue;
    for (const auto& [path, value] : ours[i]) {
      if (path == "@timestamp" || path == "event.sequence" || StartsWithAny(path, sample.extra))
        continue;
      EXPECT_TRUE(seen.contains(path)) << "event " << i + 1 << " adds " << path << " = " << value;
    }
  }
  RecordProperty("events", static_cast<int>(expected.size()));
  RecordProperty("fields", static_cast<int>(compared));
  std::cout << sample.name << ": " << expected.size() << " events, " << compared << " fields\n";
}

INSTANTIATE_TEST_SUITE_P(
    Audit, SampleTest,
    testing::Values(Sample{"go_libaudit", "raw_audit_log/go_libaudit.log",
                           "raw_audit_log/go_libaudit.ecs_derived.ndjson", true, kBookkeeping,
                           With(kAdded, kNames)},
                    Sample{"synthetic",
                           "raw_audit_log/synthetic.log",
                           "raw_audit_log/synthetic.expected.ndjson",
                           false,
                           {},
                           {}},
                    Sample{"coalesced", "raw_audit_log/integration_coalesced_execve.log",
                           "raw_audit_log/integration_coalesced_execve.expected.ndjson", true,
                           With(With(kBookkeeping, kLookups), {"tags"}), With(kAdded, {"tags"})},
                    Sample{"auditbeat", "auditbeat/auditd_records.log",
                           "auditbeat/auditd_records.expected.ndjson", true,
                           With(kBookkeeping, kLookups),
                           With(kAdded, {"group.", "auditd.data.argc"})}),
    [](const auto& sample) { return sample.param.name; });

/// laurel's decoding of EXECVE must be ours.
TEST(AuditLaurel, ArgumentsAgree) {
  if (!HaveSamples()) GTEST_SKIP() << "NO SHARED DATA: set VEDETTE_SHARED; nothing was compared";
  int compared = 0;
  for (const std::string name :
       {"record-anom-promiscuous", "record-bind-ipv4-bigendian", "record-execve-long",
        "record-execve", "record-login", "record-nscd", "record-perl-reverse-shell",
        "record-ptrace", "record-syscall-key", "record-syscall-nullkey", "record-weblogic"}) {
    const std::string stem = "raw_audit_log/laurel_" + name;
    base::Arena arena;
    std::vector<event::Value> ours;
    AuditLogDecoder decoder;
    const auto sink = [&](event::Value document) { ours.push_back(document); };
    for (const std::string& line : ReadLines(stem + ".log")) decoder.Line(line, arena, sink);
    decoder.Flush(arena, sink);
    const auto expected = ReadLines(stem + ".expected.ndjson");
    ASSERT_EQ(ours.size(), expected.size()) << name;
    event::JsonReader reader;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto document = reader.Read(expected[i], arena);
      ASSERT_TRUE(document.has_value());
      Leaves theirs;
      Leaves mine;
      Flatten(document->GetPath("EXECVE.ARGV"), "", theirs);
      Flatten(ours[i].GetPath("process.args"), "", mine);
      EXPECT_EQ(mine, theirs) << name;
      EXPECT_TRUE(ours[i].GetPath("vedette.truncated_args").is_null()) << name;
      const event::Value exe = document->GetPath("SYSCALL.exe");
      EXPECT_EQ(ScalarText(ours[i].GetPath("process.executable")), ScalarText(exe)) << name;
      const event::Value syscall = document->GetPath("SYSCALL.SYSCALL");
      if (syscall.is_string()) {
        EXPECT_EQ(ScalarText(ours[i].GetPath("auditd.data.syscall")), ScalarText(syscall)) << name;
      }
      const event::Value node = document->GetPath("NODE");
      if (node.is_string()) {
        EXPECT_EQ(ScalarText(ours[i].GetPath("host.name")), ScalarText(node));
      }
      ++compared;
    }
  }
  std::cout << "laurel: " << compared << " events\n";
}

TEST(AuditReassembly, OrderOfEventsDoesNotDependOnInterleaving) {
  if (!HaveSamples()) GTEST_SKIP() << "NO SHARED DATA: set VEDETTE_SHARED; nothing was compared";
  const auto decode = [](const std::string& name) {
    base::Arena arena;
    std::vector<std::string> documents;
    AuditLogDecoder decoder;
    const auto sink = [&](event::Value document) {
      event::WriteJson(document, documents.emplace_back());
    };
    for (const std::string& line : ReadLines("raw_audit_log/" + name)) {
      decoder.Line(line, arena, sink);
    }
    decoder.Flush(arena, sink);
    return documents;
  };
  const auto normal = decode("go_libaudit_reassembly_normal.log");
  EXPECT_FALSE(normal.empty());
  EXPECT_EQ(decode("go_libaudit_reassembly_out_of_order.log").size(), normal.size());
  EXPECT_EQ(decode("go_libaudit_reassembly_rollover.log").size(), 5U);
  EXPECT_EQ(decode("laurel_shell-proc-trace-reordered.log").size() > 0, true);
}

TEST(AuditOversized, LastPieceMissingIsFlagged) {
  if (!HaveSamples()) GTEST_SKIP() << "NO SHARED DATA: set VEDETTE_SHARED; nothing was compared";
  base::Arena arena;
  std::vector<event::Value> ours;
  AuditLogDecoder decoder;
  const auto sink = [&](event::Value document) { ours.push_back(document); };
  for (const auto& line : ReadLines("raw_audit_log/integration_oversized_execve.log")) {
    decoder.Line(line, arena, sink);
  }
  decoder.Flush(arena, sink);
  ASSERT_EQ(ours.size(), 1U);
  const event::Value arguments = ours[0].GetPath("process.args");
  ASSERT_EQ(arguments.list().size(), 18U);
  EXPECT_EQ(arguments.list()[17].text().size(), 7067U);
  EXPECT_TRUE(ours[0].GetPath("vedette.truncated_args").boolean());
}

}  // namespace
}  // namespace vedette::sources
