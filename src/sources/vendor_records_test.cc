// SPDX-License-Identifier: Apache-2.0
// Recognising, unwrapping and decoding, on records invented here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/command_line_split.h"
#include "sources/decoder.h"
#include "sources/ecs_builder.h"
#include "sources/raw_value.h"
#include "sources/record_unwrapper.h"
#include "sources/sentinelone_funnel_keys.h"
#include "sources/shared_samples.h"

namespace vedette::sources {
namespace {

using event::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Json;
using testing::Parse;

std::vector<std::string> Split(std::string_view line) {
  base::Arena arena;
  const Value arguments = SplitCommandLine(line, arena);
  std::vector<std::string> out;
  for (const Value& argument : arguments.list()) out.emplace_back(argument.text());
  return out;
}

TEST(SplitCommandLine, BlanksAndTabsSeparateLineBreaksDoNot) {
  EXPECT_THAT(Split(""), IsEmpty());
  EXPECT_THAT(Split(" \t "), IsEmpty());
  EXPECT_THAT(Split("  ls\t -l  "), ElementsAre("ls", "-l"));
  EXPECT_THAT(Split("a\nb c"), ElementsAre("a\nb", "c"));
}

TEST(SplitCommandLine, QuotesGroupAndVanish) {
  EXPECT_THAT(Split(R"(bash -c "cp a b")"), ElementsAre("bash", "-c", "cp a b"));
  EXPECT_THAT(Split(R"(a"b c"d)"), ElementsAre("ab cd"));
  EXPECT_THAT(Split(R"(a "" b)"), ElementsAre("a", "b"));
  EXPECT_THAT(Split(R"(sh -c 'echo one two')"), ElementsAre("sh", "-c", "'echo", "one", "two'"));
  EXPECT_THAT(Split(R"("open to the end)"), ElementsAre("open to the end"));
}

TEST(SplitCommandLine, TwoQuotesWithinQuotesAreOneAndEndThem) {
  EXPECT_THAT(Split(R"("a""b c")"), ElementsAre(R"(a"b)", "c"));
  EXPECT_THAT(Split(R"("a"" b)"), ElementsAre(R"(a")", "b"));
}

TEST(SplitCommandLine, BackslashesCountOnlyBeforeAQuote) {
  EXPECT_THAT(Split(R"(\\a\b)"), ElementsAre(R"(\\a\b)"));
  EXPECT_THAT(Split(R"(\"a b)"), ElementsAre(R"("a)", "b"));
  EXPECT_THAT(Split(R"(\\"a b" c)"), ElementsAre(R"(\a b)", "c"));
  EXPECT_THAT(Split(R"(\\\"a b)"), ElementsAre(R"(\"a)", "b"));
  EXPECT_THAT(Split(R"(x\)"), ElementsAre(R"(x\)"));
}

TEST(SplitCommandLine, ArgumentsAreBounded) {
  std::string line;
  for (std::size_t i = 0; i < kMaxArguments + 10; ++i) line += "a ";
  EXPECT_EQ(Split(line).size(), kMaxArguments);
}

TEST(EcsBuilder, NestsAndLastWriteWins) {
  base::Arena arena;
  EcsBuilder out(arena);
  out.SetText("process.name", "sh");
  out.SetText("process.parent.name", "sshd");
  out.SetText("process.name", "bash");
  out.SetText("process.title", "");
  out.Set("process.pid", Value());
  EXPECT_EQ(Json(out.Build()), R"({"process":{"name":"bash","parent":{"name":"sshd"}}})");
  EXPECT_EQ(out.Get("process.parent.name").text(), "sshd");
  EXPECT_TRUE(out.Get("process.parent").is_null());
}

TEST(EcsBuilder, ValuesAndObjectsReplaceEachOther) {
  base::Arena arena;
  EcsBuilder out(arena);
  out.Set("a", Parse(R"({"b":1,"c":2})", arena));
  out.Set("a.b", Value::Integer(3));
  EXPECT_EQ(Json(out.Build()), R"({"a":{"b":3,"c":2}})");
  out.Set("a", Value::Integer(4));
  EXPECT_EQ(Json(out.Build()), R"({"a":4})");
  out.Set("a.d", Value::Integer(5));
  EXPECT_EQ(Json(out.Build()), R"({"a":{"d":5}})");
}

TEST(EcsBuilder, DepthAndNodesAreBounded) {
  base::Arena arena;
  EcsBuilder out(arena);
  const std::string deep(3 * EcsBuilder::kMaxDepth, '.');
  out.Set(deep, Value::Integer(1));
  EXPECT_EQ(out.dropped(), 1U);
  EXPECT_EQ(Json(out.Build()), "{}");
  for (std::size_t i = 0; i <= EcsBuilder::kMaxNodes; ++i) {
    out.Set(arena.Copy("k" + std::to_string(i)), Value::Integer(1));
  }
  EXPECT_EQ(out.dropped(), 2U);
}

TEST(RawValue, TimesOfEveryForm) {
  base::Arena arena;
  const auto seconds = [&](std::string_view json) {
    const Value iso = IsoText(TimeFromSeconds(Parse(json, arena).Get("t")), arena);
    return std::string(TextOf(iso));
  };
  EXPECT_EQ(seconds(R"({"t":"1757442428.423"})"), "2025-09-09T18:27:08.423Z");
  EXPECT_EQ(seconds(R"({"t":1757442428.423})"), "2025-09-09T18:27:08.423Z");
  EXPECT_EQ(seconds(R"({"t":1757442428})"), "2025-09-09T18:27:08.000Z");
  EXPECT_EQ(seconds(R"({"t":"133514496000000000"})"), "2024-02-03T16:00:00.000Z");
  EXPECT_EQ(seconds(R"({"t":"2025-09-09T18:27:08.423Z"})"), "2025-09-09T18:27:08.423Z");
  for (const char* none :
       {R"({"t":""})", R"({"t":"none"})", R"({"t":-5})", R"({"t":1e300})",
        R"({"t":"99999999999999999999999"})", R"({"t":[1]})", R"({"t":"1.x"})"}) {
    EXPECT_EQ(seconds(none), "") << none;
  }
}

TEST(RawValue, IntegersAreNeverRounded) {
  base::Arena arena;
  const auto integer = [&](std::string_view json) {
    return Json(AsInteger(Parse(json, arena).Get("n")));
  };
  EXPECT_EQ(integer(R"({"n":"7001610480104066706"})"), "7001610480104066706");
  EXPECT_EQ(integer(R"({"n":"18446744073709551615"})"), "18446744073709551615");
  EXPECT_EQ(integer(R"({"n":12.0})"), "12");
  EXPECT_EQ(integer(R"({"n":12.5})"), "null");
  EXPECT_EQ(integer(R"({"n":"12a"})"), "null");
  EXPECT_EQ(integer(R"({"n":1e300})"), "null");
}

TEST(RawValue, PathParts) {
  EXPECT_EQ(SplitPath("/boot/a.tar.gz").extension, "gz");
  EXPECT_EQ(SplitPath("/root/.bashrc").extension, "bashrc");
  EXPECT_EQ(SplitPath("/vmlinuz").directory, "/");
  EXPECT_EQ(SplitPath("/boot/grub/").name, "grub");
  EXPECT_TRUE(SplitPath("/boot/grub/").ends_in_separator);
  EXPECT_EQ(SplitPath(R"(C:\a/b\c.txt)").name, "c.txt");
  EXPECT_EQ(SplitPath("plain").directory, "");
}

struct RecogniseCase {
  const char* name;
  const char* json;
  SourceId source;
  Form form = Form::kEcs;
};

class Recognising : public ::testing::TestWithParam<RecogniseCase> {};

TEST_P(Recognising, ByTheTable) {
  base::Arena arena;
  const Recognition seen = Recognise(Parse(GetParam().json, arena));
  EXPECT_EQ(SourceName(seen.source), SourceName(GetParam().source));
  EXPECT_EQ(seen.form, GetParam().form);
}

const RecogniseCase kRecogniseCases[] = {
    {"vedette_before_defend",
     R"({"agent":{"type":"vedette"},"data_stream":{"dataset":"endpoint.events.process"}})",
     SourceId::kVedette},
    {"defend_by_data_stream", R"({"data_stream":{"dataset":"endpoint.events.file"}})",
     SourceId::kElasticDefend},
    {"defend_dotted", R"({"agent.type":"endpoint"})", SourceId::kElasticDefend},
    {"defend_arrays", R"({"event.module":["endpoint"]})", SourceId::kElasticDefend},
    {"manager_before_auditbeat",
     R"({"agent":{"type":"auditbeat"},"event":{"dataset":"auditd_manager.auditd"}})",
     SourceId::kAuditdManager},
    {"auditbeat_by_service", R"({"service":{"type":"file_integrity"}})", SourceId::kAuditbeat},
    {"auditbeat_by_object", R"({"auditd.data.syscall":"execve"})", SourceId::kAuditbeat},
    {"auditd_text_is_no_object", R"({"auditd":"yes"})", SourceId::kUnknown},
    {"endgame", R"({"event":{"module":"endgame"}})", SourceId::kEndgame},
    {"fdr_ecs", R"({"crowdstrike":{"cid":"c"},"event":{"action":"ProcessRollup2"}})",
     SourceId::kCrowdstrikeFdr},
    {"fdr_ecs_dotted", R"({"crowdstrike.cid":"c","event.action":"ProcessRollup2"})",
     SourceId::kCrowdstrikeFdr},
    {"fdr_ecs_without_action", R"({"crowdstrike":{"cid":"c"}})", SourceId::kUnknown},
    {"fdr_raw", R"({"event_simpleName":"ProcessRollup2","aid":"a"})", SourceId::kCrowdstrikeFdr,
     Form::kRaw},
    {"fdr_detection", R"({"ExternalApiType":"Event_X"})", SourceId::kCrowdstrikeFdr, Form::kRaw},
    {"fdr_needs_an_id", R"({"event_simpleName":"ProcessRollup2"})", SourceId::kUnknown},
    {"fdr_userinfo", R"({"UserSid_readable":"S-1","UserName":"x"})", SourceId::kCrowdstrikeFdr,
     Form::kSideTable},
    {"funnel_ecs", R"({"sentinel_one_cloud_funnel":{"event":{}}})",
     SourceId::kSentineloneCloudFunnel},
    {"funnel_raw_looks_like_ecs",
     R"({"event.category":"process","event.type":"Process Creation","meta.event.name":"X"})",
     SourceId::kSentineloneCloudFunnel, Form::kRaw},
    {"funnel_by_data_source", R"({"dataSource.name":"SentinelOne"})",
     SourceId::kSentineloneCloudFunnel, Form::kRaw},
    {"funnel_by_scheme", R"({"i.scheme":"edr"})", SourceId::kSentineloneCloudFunnel, Form::kRaw},
    {"original_is_never_sniffed",
     R"({"event":{"original":"{\"event_simpleName\":\"ProcessRollup2\",\"aid\":\"a\"}"}})",
     SourceId::kUnknown},
    {"nothing", "{}", SourceId::kUnknown},
    {"no_object", "[1]", SourceId::kUnknown},
};

INSTANTIATE_TEST_SUITE_P(Table, Recognising, ::testing::ValuesIn(kRecogniseCases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(SourceNames, GoBothWays) {
  EXPECT_EQ(SourceName(SourceId::kAuditLog), "audit_log");
  EXPECT_EQ(SourceFromName("elastic_defend"), SourceId::kElasticDefend);
  EXPECT_EQ(SourceFromName("unknown"), std::nullopt);
  EXPECT_EQ(SourceFromName("Endgame"), std::nullopt);
}

struct Unwrapped {
  std::vector<std::string> records;  ///< "index|id|json"
  UnwrapCount count;
};

Unwrapped Unwrap(std::string_view json, const UnwrapLimits& limits = {}) {
  base::Arena arena;
  Unwrapped out;
  out.count = UnwrapRecords(
      Parse(json, arena), arena,
      [&](const UnwrappedRecord& record) {
        out.records.push_back(std::string(record.index) + "|" + std::string(record.id) + "|" +
                              Json(record.document));
      },
      limits);
  return out;
}

TEST(UnwrapRecords, EveryContainer) {
  EXPECT_THAT(Unwrap(R"({"a":1})").records, ElementsAre(R"(||{"a":1})"));
  EXPECT_THAT(Unwrap(R"({"_index":"i","_id":"x","_source":{"a":1}})").records,
              ElementsAre(R"(i|x|{"a":1})"));
  EXPECT_THAT(Unwrap(R"({"_index":"i","fields":{"a.b":[1],"c":[1,2]}})").records,
              ElementsAre(R"(i||{"a.b":1,"c":[1,2]})"));
  EXPECT_THAT(Unwrap(R"({"_index":"i","_source":{},"fields":{"a":[1]}})").records,
              ElementsAre(R"(i||{"a":1})"));
  EXPECT_THAT(
      Unwrap(R"({"took":1,"hits":{"hits":[{"_id":"1","_source":{}},{"_id":"2","_source":{}}]}})")
          .records,
      ElementsAre("|1|{}", "|2|{}"));
  EXPECT_THAT(Unwrap(R"({"responses":[{"hits":{"hits":[{"_id":"1","_source":{}}]}},{"error":{}}]})")
                  .records,
              ElementsAre("|1|{}", R"(||{"error":{}})"));
  EXPECT_THAT(Unwrap(R"([{"a":1},{"_id":"2","_source":{"a":2}},3])").records,
              ElementsAre(R"(||{"a":1})", R"(|2|{"a":2})"));
  EXPECT_EQ(Unwrap("[1,null,\"x\"]").count.not_objects, 3U);
}

TEST(UnwrapRecords, LabelsUnderFieldsStayAnEvent) {
  const std::string event = R"({"@timestamp":"2026-01-01T00:00:00Z","fields":{"env":"lab"}})";
  EXPECT_THAT(Unwrap(event).records, ElementsAre("||" + event));
}

TEST(UnwrapRecords, TextIsNeverOpened) {
  const std::string event = R"({"event":{"original":"{\"_source\":{\"a\":1}}"}})";
  EXPECT_THAT(Unwrap(event).records, ElementsAre("||" + event));
}

TEST(UnwrapRecords, LimitsHoldAndAreReported) {
  const Unwrapped few = Unwrap("[{},{},{}]", {.max_records = 2, .max_depth = 6});
  EXPECT_EQ(few.records.size(), 2U);
  EXPECT_TRUE(few.count.limit_reached);
  const Unwrapped deep = Unwrap("[[[[[[[[{}]]]]]]]]");
  EXPECT_THAT(deep.records, IsEmpty());
  EXPECT_TRUE(deep.count.limit_reached);
}

std::string Fdr(std::string_view json, std::string_view path) {
  base::Arena arena;
  return Json(DecodeCrowdstrikeFdr(Parse(json, arena), arena).GetPath(path));
}

TEST(CrowdstrikeFdr, ProcessStart) {
  const std::string_view record =
      R"({"event_simpleName":"ProcessRollup2","aid":"a1","cid":"c1","id":"i1","event_platform":"Lin",)"
      R"("timestamp":"1769943600123","ImageFileName":"/usr/bin/cpio","CommandLine":"cpio -i -H newc",)"
      R"("ParentBaseFileName":"bash","RawProcessId":"7","TargetProcessId":"56470000007101",)"
      R"("ParentProcessId":"56470000000100","UID":"0","Unknown":"kept","Empty":"","XCount":"3"})";
  EXPECT_EQ(Fdr(record, "@timestamp"), R"("2026-02-01T11:00:00.123Z")");
  EXPECT_EQ(Fdr(record, "event.id"), R"("i1|a1|c1")");
  EXPECT_EQ(Fdr(record, "event.type"), R"(["start"])");
  EXPECT_EQ(Fdr(record, "host.os.type"), R"("linux")");
  EXPECT_EQ(Fdr(record, "process.name"), R"("cpio")");
  EXPECT_EQ(Fdr(record, "process.args"), R"(["cpio","-i","-H","newc"])");
  EXPECT_EQ(Fdr(record, "process.args_count"), "4");
  EXPECT_EQ(Fdr(record, "process.parent.name"), R"("bash")");
  EXPECT_EQ(Fdr(record, "process.parent.executable"), "null");
  EXPECT_EQ(Fdr(record, "crowdstrike.Unknown"), R"("kept")");
  EXPECT_EQ(Fdr(record, "crowdstrike.Empty"), "null");
  EXPECT_EQ(Fdr(record, "crowdstrike.XCount"), "3");
}

TEST(CrowdstrikeFdr, ArgumentsNeedAKnownPlatform) {
  EXPECT_EQ(Fdr(R"({"event_platform":"BSD","CommandLine":"a b"})", "process.args"), "null");
  EXPECT_EQ(Fdr(R"({"event_platform":"Mac","CommandLine":"a b"})", "process.args"), R"(["a","b"])");
}

TEST(CrowdstrikeFdr, RootExecutableTakesTheNameOfItsFirstArgument) {
  EXPECT_EQ(Fdr(R"({"event_platform":"Lin","ImageFileName":"/","CommandLine":"/bin/runc init"})",
                "process.name"),
            R"("runc")");
  EXPECT_EQ(Fdr(R"({"ImageFileName":"\\Device\\x\\cmd.exe"})", "process.name"), R"("cmd.exe")");
  EXPECT_EQ(Fdr(R"({"ImageFileName":"plain"})", "process.name"), R"("plain")");
}

TEST(CrowdstrikeFdr, RenamesKeepBothPaths) {
  const std::string_view record =
      R"({"event_simpleName":"FileRenameInfo","SourceFileName":"/tmp/a","TargetFileName":"/boot/b.img"})";
  EXPECT_EQ(Fdr(record, "file.path"), R"("/boot/b.img")");
  EXPECT_EQ(Fdr(record, "file.extension"), R"("img")");
  EXPECT_EQ(Fdr(record, "file.Ext.original"), R"({"path":"/tmp/a","name":"a"})");
  EXPECT_EQ(
      Fdr(R"({"event_simpleName":"X","SourceFileName":"/s","TargetFileName":"/t"})", "file.path"),
      R"("/s")");
}

TEST(CrowdstrikeFdr, InboundTurnsTheEndsRound) {
  const std::string_view record =
      R"({"event_simpleName":"NetworkReceiveAcceptIP4","ConnectionDirection":"1","Protocol":"6",)"
      R"("LocalAddressIP4":"10.0.0.1 10.0.0.2","LocalPort":"22",)"
      R"("RemoteAddressIP4":"192.0.2.9","RemotePort":"5"})";
  EXPECT_EQ(Fdr(record, "source.ip"), R"("192.0.2.9")");
  EXPECT_EQ(Fdr(record, "source.port"), "5");
  EXPECT_EQ(Fdr(record, "destination.ip"), R"("10.0.0.1")");
  EXPECT_EQ(Fdr(record, "network"),
            R"({"direction":"inbound","iana_number":"6","transport":"tcp"})");
}

TEST(CrowdstrikeFdr, DnsAndWrittenFilesAndJoinedTables) {
  EXPECT_EQ(Fdr(R"({"event_simpleName":"DnsRequest","DomainName":"e.org","RequestType":"28"})",
                "dns.question"),
            R"({"name":"e.org","type":"AAAA"})");
  EXPECT_EQ(
      Fdr(R"({"event_simpleName":"PdfFileWritten","ContextBaseFileName":"cp"})", "process.name"),
      R"("cp")");
  EXPECT_EQ(Fdr(R"({"event_simpleName":"OddlyWritten"})", "event"),
            R"({"action":"OddlyWritten","kind":"event","category":["file"]})");
  EXPECT_EQ(Fdr(R"({"metadata":{"host":{"ComputerName":"h1"}}})", "host.name"), R"("h1")");
  EXPECT_EQ(Fdr(R"({"metadata":{"host":{"ComputerName":"h1"}}})", "crowdstrike.info.host"),
            R"({"ComputerName":"h1"})");
}

std::string Funnel(std::string_view json, std::string_view path) {
  base::Arena arena;
  return Json(DecodeSentineloneCloudFunnel(Parse(json, arena), arena).GetPath(path));
}

TEST(SentineloneCloudFunnel, ProcessStartAndItsParent) {
  const std::string_view record =
      R"({"event.category":"process","meta.event.name":"PROCESSCREATION","event.time":1769943600000,)"
      R"("endpoint.os":"linux","tgt.process.name":"cp","tgt.process.pid":12,)"
      R"("tgt.process.cmdline":"\"/usr/bin/bash\" -c \"cp a /boot/a\"","tgt.process.signedStatus":"signed",)"
      R"("src.process.name":"sh","src.process.cmdline":"\"sh\"","src.process.user":"D\\u"})";
  EXPECT_EQ(Funnel(record, "event.action"), R"(["start"])");
  EXPECT_EQ(Funnel(record, "process.args"), R"(["/usr/bin/bash -c cp","a","/boot/a"])");
  EXPECT_EQ(Funnel(record, "process.parent.name"), R"("sh")");
  EXPECT_EQ(Funnel(record, "process.parent.command_line"), R"("\"sh\"")");
  EXPECT_EQ(Funnel(record, "process.parent.code_signature"), R"({"exists":true})");
  EXPECT_EQ(Funnel(record, "user"), R"({"domain":"D","name":"u"})");
  EXPECT_EQ(Funnel(record, "sentinel_one_cloud_funnel.event.tgt.process.pid"), R"("12")");
  EXPECT_EQ(Funnel(record, "sentinel_one_cloud_funnel.event.category"), R"("process")");
}

TEST(SentineloneCloudFunnel, EventTypeAndActionByVendorValues) {
  const auto event = [](std::string_view category, std::string_view type) {
    return Funnel("{\"event.category\":\"" + std::string(category) + "\",\"event.type\":\"" +
                      std::string(type) + "\"}",
                  "event");
  };
  EXPECT_EQ(event("process", "Process Exit"),
            R"({"kind":"event","category":["process"],"type":["end"],"action":["end"]})");
  EXPECT_EQ(event("process", "Other"), R"({"kind":"event","category":["process"]})");
  EXPECT_EQ(event("cross_process", "OpenProcess"),
            R"({"kind":"event","category":["process"],"type":["info"]})");
  EXPECT_EQ(event("file", "FILERENAME"),
            R"({"kind":"event","category":["file"],"type":["change"],"action":["rename"]})");
  EXPECT_EQ(event("file", "File Modification"),
            R"({"kind":"event","category":["file"],"type":["change"],"action":["change"]})");
  EXPECT_EQ(event("file", "FileScan"), R"({"kind":"event","category":["file"],"type":["info"]})");
  EXPECT_EQ(event("command_script", "x"),
            R"({"kind":"event","category":["process"],"type":["info"]})");
}

TEST(SentineloneCloudFunnel, NetworkDnsLogin) {
  const std::string_view connection =
      R"({"event.category":"ip","event.type":"IP Connect","event.network.direction":"INCOMING",)"
      R"("event.network.connectionStatus":"BLOCKED","src.ip.address":"192.0.2.1","src.port.number":9})";
  EXPECT_EQ(Funnel(connection, "event.action"), R"(["connection_accepted"])");
  EXPECT_EQ(Funnel(connection, "event.outcome"), R"("unknown")");
  EXPECT_EQ(Funnel(connection, "network.direction"), R"("ingress")");
  EXPECT_EQ(Funnel(connection, "source"), R"({"ip":"192.0.2.1","port":9})");
  const std::string_view dns =
      R"({"event.category":"dns","event.dns.request":"type: 28 e.org",)"
      R"("event.dns.response":"type:  5 f.net;::ffff:192.0.2.7;2001:db8::1;"})";
  EXPECT_EQ(
      Funnel(dns, "dns"),
      R"({"question":{"type":"AAAA","name":"e.org"},"resolved_ip":["192.0.2.7","2001:db8::1"]})");
  const std::string_view login =
      R"({"event.category":"logins","event.type":"Login","event.login.userName":"eve"})";
  EXPECT_EQ(Funnel(login, "event.type"), R"(["start"])");
  EXPECT_EQ(Funnel(login, "user.name"), R"("eve")");
}

TEST(SentineloneCloudFunnel, BackslashesAreHalved) {
  EXPECT_EQ(Funnel(R"({"endpoint.name":"a\\b"})", "host.hostname"), R"("a\\b")");
  EXPECT_EQ(Funnel(R"({"endpoint.name":"a\\\\b"})", "host.hostname"), R"("a\\b")");
  EXPECT_EQ(Funnel(R"({"endpoint.name":"a\\\\\\b"})", "host.hostname"), R"("a\\\\b")");
}

TEST(FunnelVendorPath, FollowsTheIntegration) {
  base::Arena arena;
  const std::pair<const char*, const char*> cases[] = {
      {"src.process.tgtFileCreationCount", "src.process.tgt_file.creation_count"},
      {"src.process.crossProcessDupThreadHandleCount",
       "src.process.cross_process.dup.thread_handle_count"},
      {"src.process.crossProcessCount", "src.process.cross_process.count"},
      {"src.process.indicatorInfostealerCount", "src.process.indicator.info_stealer_count"},
      {"src.process.activeContentType", "src.process.active_content.type"},
      {"src.process.activeContent.hash", "src.process.active_content.hash"},
      {"tgt.process.isNative64Bit", "tgt.process.is_native_64_bit"},
      {"tgt.process.image.sha256", "tgt.process.image.sha256"},
      {"tgt.process.user", "tgt.process.user.name"},
      {"src.process.storyline.id", "src.process.storyline_id"},
      {"event.network.protocolName", "network.protocol_name"},
      {"sca:atlantisIngestTime", "sca.atlantis_ingest_time"},
      {"mgmt.osRevision", "mgmt.os_revision"},
      {"dst.ip.address", "dst.ip_address"},
      {"", ""},
  };
  for (const auto& [key, path] : cases) EXPECT_EQ(FunnelVendorPath(key, arena), path);
}

TEST(VendorDecoders, WhatIsNoObjectGivesAnEmptyDocument) {
  base::Arena arena;
  EXPECT_EQ(Json(DecodeCrowdstrikeFdr(Value::Integer(1), arena)), "{}");
  EXPECT_EQ(Json(DecodeSentineloneCloudFunnel(Value(), arena)), "{}");
}

}  // namespace
}  // namespace vedette::sources
