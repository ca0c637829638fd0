// SPDX-License-Identifier: Apache-2.0
#include "engine/proof_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vedette::engine {
namespace {

using rules::StreamKind;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using Verdict = ProofReport::Verdict;

ProofReport Prove(const std::string& query, eql::Dialect dialect = eql::Dialect::kElasticsearch) {
  return ProveQuery(base::Source("test", query), dialect, {});
}

std::size_t CountOf(const ProofReport& report, StreamKind kind) {
  const auto& streams = report.proof.streams;
  return static_cast<std::size_t>(std::count_if(
      streams.begin(), streams.end(), [&](const auto& stream) { return stream.kind == kind; }));
}

struct Proved {
  const char* name;
  eql::Dialect dialect;
  const char* query;
};

TEST(ProofRun, ProvesEveryConstruct) {
  constexpr auto kEs = eql::Dialect::kElasticsearch;
  constexpr auto kEp = eql::Dialect::kEndpoint;
  const Proved cases[] = {
      {"equality and lists", kEs, R"(process where process.name in ("a", "b") and user.id != "0")"},
      {"patterns together", kEs,
       R"(process where process.command_line : ("*curl*", "*wget*") and
          process.command_line like "* -o *" and not process.command_line : "*localhost*")"},
      {"several arguments", kEs,
       R"(process where process.args == "-c" and process.args == "-x" and
          not process.args : "--help")"},
      {"regex", kEs, R"(process where process.args regex """[0-9]{1,3}(\.[0-9]{1,3}){3}:\d+""")"},
      {"numbers", kEs, "process where process.args_count > 3 and process.args_count <= 4"},
      {"addresses", kEs,
       R"(network where destination.ip != null and
          not cidrMatch(destination.ip, "10.0.0.0/8", "93.184.216.0/24"))"},
      {"length", kEs, "process where length(process.command_line) >= 300"},
      {"null", kEs, "process where process.parent.name == null and process.name != null"},
      {"optional field", kEs, R"(process where ?process.parent.name : "a*" or user.name == "x")"},
      {"boolean", kEs, "process where process.interactive == true"},
      {"function of two fields", kEs,
       "file where endsWith(file.path, file.name) and file.path : \"/etc/*\""},
      {"substring", kEs,
       R"(any where endswith~(substring(dll.path, 0, length(dll.path) - (length(dll.name) + 1)),
          substring(process.executable, 0, length(process.executable) - 3)))"},
      {"concat", kEs, R"(any where concat("a", process.name, "z") == "abcz")"},
      {"search an array", kEp,
       R"(api where _arraysearch(process.thread.Ext.call_stack, $entry,
          $entry.symbol_info : "*!Load*" and $entry.size > 5) and
          not _arraysearch(process.thread.Ext.call_stack, $entry, $entry.symbol_info : "x*"))"},
      {"two fields equal", kEp, "process where process.pid == process.parent.pid"},
      {"two fields differ", kEp, "process where process.name != process.parent.name"},
      {"descendant", kEp,
       R"(process where process.name == "sh" and
          descendant of [process where process.name == "sshd"])"},
      {"no descendant", kEp,
       R"(process where process.name == "sh" and
          not descendant of [process where process.name == "sshd"])"},
      {"sequence", kEs,
       R"(sequence by host.id with maxspan=1m [process where process.name == "a"]
          [file where file.name == "b"])"},
      {"sequence, keys of the items", kEs,
       R"(sequence with maxspan=5s [process where process.name == "a"] by process.entity_id
          [process where process.name == "b"] by process.parent.entity_id)"},
      {"runs", kEs, "sequence by user.id with maxspan=10s [any where true] with runs=5"},
      {"runs and another", kEs,
       R"(sequence by user.id with maxspan=10s [iam where event.outcome == "failure"] with runs=3
          [iam where event.outcome == "success"])"},
      {"until", kEs,
       R"(sequence by user.id [process where process.name == "a"] [file where true]
          until [process where process.name == "stop"])"},
      {"missing in the middle", kEs,
       R"(sequence by user.id with maxspan=1m [process where process.name == "a"]
          ![network where true] [file where true])"},
      {"missing at the end", kEs,
       R"(sequence by user.id with maxspan=1m [process where process.name == "a"]
          ![network where true])"},
      {"sample", kEs,
       R"(sample by host.id [process where process.name == "a"] [network where true])"},
      {"alias", kEp,
       R"(sequence with maxspan=1m [file where file.extension == "so"] as event0
          [process where startswith~(process.args, event0.file.path)])"},
  };
  for (const Proved& one : cases) {
    const ProofReport report = Prove(one.query, one.dialect);
    EXPECT_EQ(VerdictName(report.verdict), "proved") << one.name;
    EXPECT_THAT(report.reasons, IsEmpty()) << one.name;
    EXPECT_GT(report.near_misses, 0U) << one.name;
  }
}

TEST(ProofRun, BreaksEachConditionAlone) {
  const ProofReport report =
      Prove(R"(process where event.type == "start" and process.name : "a*" and user.id != "0")");
  EXPECT_EQ(CountOf(report, StreamKind::kWitness), 1U);
  EXPECT_EQ(CountOf(report, StreamKind::kBroken), 4U);
}

TEST(ProofRun, SequencesHaveNearMissesOfTheirOwn) {
  const ProofReport report = Prove(
      R"(sequence by host.id with maxspan=1m [process where process.name == "a"] with runs=3
         ![network where true] [file where file.name == "b"]
         until [process where process.name == "c"])");
  EXPECT_EQ(report.verdict, Verdict::kProved);
  for (const StreamKind kind :
       {StreamKind::kTooSlow, StreamKind::kWrongKey, StreamKind::kWrongOrder, StreamKind::kUntil,
        StreamKind::kMissingPresent, StreamKind::kOneRunFewer}) {
    EXPECT_EQ(CountOf(report, kind), 1U) << rules::StreamKindName(kind);
  }
}

TEST(ProofRun, NamesWhatCanNeverBe) {
  const char* const queries[] = {
      R"(file where file.name == "a" and not file.name : "A")",
      R"(file where file.name == null and file.name : "x")",
      "process where process.pid > 5 and process.pid == null",
      "process where false",
      R"(sequence by user.name [file where user.name == "a"] [file where user.name == "b"])",
  };
  for (const char* query : queries) {
    const ProofReport report = Prove(query);
    EXPECT_EQ(VerdictName(report.verdict), "never_fires") << query;
    ASSERT_FALSE(report.reasons.empty()) << query;
    EXPECT_THAT(report.reasons[0], HasSubstr("can never fire")) << query;
  }
}

TEST(ProofRun, ImpliedConditionsAreFindings) {
  const ProofReport report = Prove(R"(file where file.name != null and file.name : "a*")");
  EXPECT_EQ(report.verdict, Verdict::kProved);
  EXPECT_THAT(report.findings, Contains(HasSubstr("file.name != null")));
}

TEST(ProofRun, SaysWhenAFieldMustHoldAList) {
  const ProofReport report = Prove(R"(file where file.name == "a" and file.name == "b")");
  EXPECT_EQ(report.verdict, Verdict::kProved);
  EXPECT_THAT(report.findings, Contains(HasSubstr("several values")));
}

TEST(ProofRun, WhatDoesNotCompileIsNotProved) {
  const ProofReport report = Prove("file where file.name ==");
  EXPECT_EQ(report.verdict, Verdict::kNotProved);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("does not compile")));
}

TEST(ProofRun, EndgameIsNotSupported) {
  const ProofReport report = Prove("file where file_name == \"a\"", eql::Dialect::kEndgame);
  EXPECT_EQ(report.verdict, Verdict::kNotProved);
  EXPECT_THAT(report.reasons, Contains(HasSubstr("Endgame")));
}

}  // namespace
}  // namespace vedette::engine
