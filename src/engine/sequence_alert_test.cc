// SPDX-License-Identifier: Apache-2.0
// Documents of sequences. VEDETTE_UPDATE_GOLDEN=1 rewrites the golden file; a person reads the
// difference.
#include "engine/sequence_alert.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace vedette::engine {
namespace {

constexpr std::string_view kRuleUuid = "3f0c6a52-7d51-4c0e-9f6e-1b8a4f1d2c77";
constexpr std::string_view kCreated = "2026-01-12T10:04:31.902Z";

/// An event as a source hands it over.
struct Given {
  std::string json;
  std::string index;
  std::string id;
  std::string source = "elastic_defend";
  std::size_t item = 0;
  std::uint64_t ordinal = 0;
};

struct Story {
  std::string_view name;
  std::vector<Given> events;
};

const std::string kCopy =
    R"({"@timestamp":"2026-01-12T10:02:08.417Z","event":{"kind":"event","id":"evt-1","category":["process"],)"
    R"("type":["start"],"action":"exec"},"data_stream":{"type":"logs","dataset":"endpoint.events.process","namespace":"default"},)"
    R"("host":{"id":"h1","name":"db-07"},"user":{"id":"0","name":"root"},)"
    R"("process":{"pid":48213,"name":"cp","command_line":"cp a b","parent":{"name":"bash"}}})";
const std::string kWrite =
    R"({"@timestamp":"2026-01-12T10:02:09.5Z","event":{"kind":"event","id":"evt-2","category":["file"],)"
    R"("type":["creation"],"action":"creation"},"data_stream":{"type":"logs","dataset":"endpoint.events.file","namespace":"default"},)"
    R"("host":{"id":"h1","name":"db-07"},"user":{"id":"0","name":"root"},)"
    R"("process":{"pid":48213,"name":"cp","parent":{"name":"sh"}},"file":{"path":"/boot/vmlinuz","name":"vmlinuz"}})";
const std::string kConnect =
    R"({"@timestamp":"2026-01-12T10:02:11Z","event":{"kind":"event","id":"evt-3","category":["network"],"type":["start"]},)"
    R"("host":{"id":"h1","name":"db-07"},"user":{"id":"0","name":"root"},"process":{"pid":50,"name":"curl"},)"
    R"("destination":{"ip":"203.0.113.9","port":443}})";
const std::string kBeat =
    R"({"@timestamp":"2026-01-12T10:02:12Z","event.kind":"event","event.category":"network","event.id":"b-1","agent.id":"beat",)"
    R"("event.module":"auditd","host.id":"h1","host.name":"db-07","user.name":"root","process.pid":48213})";
const std::string kTwin =
    R"({"@timestamp":"2026-01-12T10:02:08Z","event":{"category":["process"],"module":"auditd"},"host":{"id":"h1"}})";

std::vector<Story> Stories() {
  return {
      {"two events",
       {{kCopy, "idx-process", "evt-1"}, {kWrite, "idx-file", "evt-2", "elastic_defend", 1}}},
      {"three events",
       {{kCopy, "idx-process", "evt-1"},
        {kWrite, "idx-file", "evt-2", "elastic_defend", 1},
        {kConnect, "idx-network", "evt-3", "elastic_defend", 2}}},
      {"the middle item is missing",
       {{kCopy, "idx-process", "evt-1"}, {kConnect, "idx-network", "evt-3", "elastic_defend", 2}}},
      {"one present event, the first item missing",
       {{kWrite, "idx-file", "evt-2", "elastic_defend", 1}}},
      {"two sources", {{kCopy, "", ""}, {kBeat, "", "", "auditbeat", 1}}},
      {"twins", {{kTwin, "", "", "auditbeat", 0, 0}, {kTwin, "", "", "auditbeat", 1, 1}}},
  };
}

class SequenceAlertTest : public ::testing::Test {
 protected:
  SequenceAlert Write(const std::vector<Given>& given, std::string_view created = kCreated) {
    std::vector<SequenceAlertEvent> events;
    for (const Given& one : given) {
      RetainedEvent retained;
      retained.json = one.json;
      retained.index = one.index;
      retained.id = one.id;
      auto event = ReadSequenceEvent(retained, one.item, one.ordinal, one.source, reader_, arena_);
      EXPECT_TRUE(event.has_value()) << one.json;
      if (!event) continue;
      const event::Value time = event->document.Get("@timestamp");
      if (time.is_string()) {
        event->timestamp = *base::ParseIsoTime(time.text());
        event->has_timestamp = true;
      }
      events.push_back(*event);
    }
    return SequenceAlertWriter(rule_).Write({events, "file", *base::ParseIsoTime(created)});
  }
  event::Value Read(const std::string& document) {
    const auto read = reader_.Read(document, arena_);
    EXPECT_TRUE(read.has_value()) << document;
    return read ? *read : event::Value();
  }
  static std::string Text(const event::Value& alert, std::string_view key) {
    std::string out;
    event::WriteJson(alert.Get(key), out);
    return out;
  }
  static std::vector<std::string> Documents(const SequenceAlert& alert) {
    std::vector<std::string> documents;
    for (const auto& block : alert.blocks) documents.push_back(block.document);
    documents.push_back(alert.shell);
    return documents;
  }
  static rules::Rule MakeRule() {
    rules::Rule rule;
    rule.rule_id = rule.id = kRuleUuid;
    rule.name = "Boot Write";
    rule.description = "Something wrote.";
    rule.type = rules::RuleType::kEql;
    rule.language = "eql";
    rule.query = "sequence by host.id [process where true] [file where true]";
    rule.severity = "low";
    rule.risk_score = 21;
    return rule;
  }
  rules::Rule rule_ = MakeRule();
  base::Arena arena_;
  event::JsonReader reader_;
};

TEST_F(SequenceAlertTest, Golden) {
  const std::string path =
      std::string(VEDETTE_SOURCE_DIR) + "/src/engine/testdata/sequence_alerts.txt";
  std::string written;
  for (const Story& story : Stories()) {
    written += fmt::format("== {}\n", story.name);
    AppendLines(Write(story.events), written);
    written += '\n';
  }
  if (std::getenv("VEDETTE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << written;
    return;
  }
  std::ifstream in(path);
  ASSERT_TRUE(in.good()) << path;
  const std::string golden((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_EQ(written, golden);
}

TEST_F(SequenceAlertTest, ShellAndBlocksHangTogether) {
  const SequenceAlert alert = Write(Stories()[0].events);
  ASSERT_EQ(alert.blocks.size(), 2U);
  const std::string shell_id = "348a648b0b6959f735ec380f30737f0f37af1a3fa60b3dc5f7c1e21dbb0d89d9";
  EXPECT_EQ(alert.summary.uuid, shell_id);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto block = Read(alert.blocks[i].document);
    EXPECT_EQ(block.Get("kibana.alert.uuid").text(), alert.blocks[i].uuid);
    EXPECT_EQ(block.Get("kibana.alert.group.id").text(), shell_id);
    EXPECT_EQ(block.Get("kibana.alert.group.index").integer(), static_cast<std::int64_t>(i));
    EXPECT_EQ(block.Get("kibana.alert.building_block_type").text(), "default");
    EXPECT_EQ(block.Get("kibana.alert.depth").integer(), 1);
    EXPECT_EQ(block.Get("kibana.alert.ancestors").list().size(), 1U);
    EXPECT_EQ(Text(block, "kibana.alert.last_detected"), Text(block, "@timestamp"));
  }
  const auto shell = Read(alert.shell);
  EXPECT_EQ(shell.Get("kibana.alert.uuid").text(), shell_id);
  EXPECT_EQ(shell.Get("kibana.alert.group.id").text(), shell_id);
  EXPECT_TRUE(shell.Get("kibana.alert.group.index").is_null());
  EXPECT_TRUE(shell.Get("kibana.alert.building_block_type").is_null());
  EXPECT_EQ(shell.Get("kibana.alert.depth").integer(), 2);
  EXPECT_EQ(Text(shell, "kibana.alert.ancestors"),
            fmt::format(R"([{{"id":"evt-1","type":"event","index":"idx-process","depth":0}},)"
                        R"({{"id":"{}","type":"signal","index":"","depth":1,"rule":"{}"}},)"
                        R"({{"id":"evt-2","type":"event","index":"idx-file","depth":0}},)"
                        R"({{"id":"{}","type":"signal","index":"","depth":1,"rule":"{}"}}])",
                        alert.blocks[0].uuid, kRuleUuid, alert.blocks[1].uuid, kRuleUuid));
  EXPECT_EQ(Text(shell, "process"), R"({"pid":48213,"name":"cp"})");
  EXPECT_TRUE(shell.Get("file").is_null());
  EXPECT_EQ(Text(shell, "event"), R"({"kind":"signal"})");
  EXPECT_EQ(Text(shell, "kibana.alert.original_event.kind"), R"("event")");
  EXPECT_TRUE(shell.Get("kibana.alert.original_event.id").is_null());
  EXPECT_EQ(Text(shell, "kibana.alert.original_data_stream.namespace"), R"("default")");
  EXPECT_EQ(Text(shell, "kibana.alert.original_time"), R"("2026-01-12T10:02:08.417Z")");
  EXPECT_EQ(Text(shell, "kibana.alert.last_detected"), R"("2026-01-12T10:02:09.500Z")");
  EXPECT_EQ(Text(shell, "kibana.alert.reason"),
            R"("with process cp, by root on db-07 created low alert Boot Write.")");
}

TEST_F(SequenceAlertTest, SummaryIsToldByTheLatestEvent) {
  auto events = Stories()[0].events;
  const auto check = [&](const SequenceAlert& alert) {
    EXPECT_EQ(alert.summary.host, "db-07");
    EXPECT_EQ(alert.summary.user, "root");
    EXPECT_EQ(alert.summary.process, "cp");
    EXPECT_EQ(alert.summary.parent, "sh");
    EXPECT_EQ(alert.summary.severity, "low");
    EXPECT_EQ(alert.summary.risk_score, 21);
    EXPECT_EQ(alert.summary.rule_name, "Boot Write");
    EXPECT_TRUE(alert.summary.has_time);
    EXPECT_EQ(base::FormatIsoTime(alert.summary.time), "2026-01-12T10:02:09.500Z");
    EXPECT_EQ(Text(Read(alert.shell), "kibana.alert.original_time"),
              R"("2026-01-12T10:02:08.417Z")");
  };
  check(Write(events));
  // A sample lists its events in the order of its criteria, not of time.
  std::swap(events[0], events[1]);
  check(Write(events));
}

TEST_F(SequenceAlertTest, EventsWithoutATime) {
  const SequenceAlert alert = Write({{R"({"a":1})", "i", "1"}, {R"({"a":1})", "i", "2"}});
  EXPECT_FALSE(alert.summary.has_time);
  for (const std::string& document : Documents(alert)) {
    EXPECT_EQ(Text(Read(document), "kibana.alert.original_time"), fmt::format("\"{}\"", kCreated));
  }
}

/// Members that every alert has, whatever it is made of.
TEST_F(SequenceAlertTest, EveryDocumentIsAWholeAlert) {
  for (const Story& story : Stories()) {
    for (const std::string& document : Documents(Write(story.events))) {
      const auto alert = Read(document);
      std::set<std::string_view> keys;
      for (const event::Member& member : alert.object()) {
        EXPECT_TRUE(keys.insert(member.key).second) << story.name << ": twice " << member.key;
      }
      for (const std::string_view key :
           {"kibana.space_ids", "kibana.version", "kibana.alert.uuid", "kibana.alert.status",
            "kibana.alert.workflow_status", "kibana.alert.workflow_tags",
            "kibana.alert.workflow_assignee_ids", "kibana.alert.original_time",
            "kibana.alert.reason", "kibana.alert.severity", "kibana.alert.risk_score",
            "kibana.alert.depth", "kibana.alert.ancestors", "kibana.alert.rule.uuid",
            "kibana.alert.rule.name", "kibana.alert.rule.execution.uuid", "vedette"}) {
        EXPECT_TRUE(keys.contains(key)) << story.name << ": " << key << " lacks in " << document;
      }
      EXPECT_EQ(Text(alert, "@timestamp"), fmt::format("\"{}\"", kCreated)) << story.name;
      EXPECT_EQ(alert.GetPath("event.kind").text(), "signal") << story.name;
      EXPECT_EQ(Text(alert, "kibana.alert.rule.max_signals"), "100") << story.name;
      EXPECT_EQ(alert.Get("kibana.alert.rule.parameters").Get("rule_id").text(), kRuleUuid);
      EXPECT_EQ(alert.GetPath("vedette.mode").text(), "file") << story.name;
      EXPECT_TRUE(
          alert.Get("kibana.alert.reason").text().ends_with("created low alert Boot Write."));
    }
  }
}

TEST_F(SequenceAlertTest, IdsOfTwoRunsAreEqual) {
  std::set<std::string> seen;
  for (const Story& story : Stories()) {
    const SequenceAlert first = Write(story.events);
    const SequenceAlert second = Write(story.events, "2027-05-01T00:00:00Z");
    EXPECT_EQ(first.summary.uuid, second.summary.uuid) << story.name;
    ASSERT_EQ(first.blocks.size(), second.blocks.size()) << story.name;
    EXPECT_TRUE(seen.insert(first.summary.uuid).second) << story.name;
    for (std::size_t i = 0; i < first.blocks.size(); ++i) {
      EXPECT_EQ(first.blocks[i].uuid, second.blocks[i].uuid) << story.name;
      EXPECT_TRUE(seen.insert(first.blocks[i].uuid).second) << story.name;
    }
  }
}

TEST_F(SequenceAlertTest, EventCannotSmuggleAnAlertsStatus) {
  const std::string forged =
      R"({"event":{"id":"e"},"kibana":{"alert":{"workflow_status":"closed"}},"kibana.alert.uuid":"x","signal":{"status":"closed"},)"
      R"("signal.rule.id":"y","threshold_result":{"count":1},"kibanana":"stays",)"
      R"("vedette":{"mode":"forged","timeline":[],"common_fields_truncated":true,"truncated_args":true}})";
  const SequenceAlert sequence = Write({{forged, "i", "1"}, {forged, "i", "2"}});
  for (const std::string& document : Documents(sequence)) {
    const auto alert = Read(document);
    for (const auto* key : {"kibana", "signal", "signal.rule.id", "threshold_result"}) {
      EXPECT_TRUE(alert.Get(key).is_null()) << key;
    }
    EXPECT_EQ(alert.Get("kibanana").text(), "stays");
    EXPECT_EQ(Text(alert, "kibana.alert.workflow_status"), R"("open")");
    EXPECT_NE(Text(alert, "kibana.alert.uuid"), R"("x")");
    EXPECT_EQ(alert.GetPath("vedette.mode").text(), "file");
    EXPECT_TRUE(alert.GetPath("vedette.truncated_args").boolean());
    EXPECT_TRUE(alert.GetPath("vedette.common_fields_truncated").is_null());
  }
  EXPECT_TRUE(Read(sequence.blocks[0].document).GetPath("vedette.timeline").is_null());
  EXPECT_EQ(Read(sequence.shell).GetPath("vedette.timeline").list().size(), 2U);
}

TEST_F(SequenceAlertTest, DropsWhatAnIndexWouldRefuseAndNamesIt) {
  const std::string odd =
      R"({"event":{"id":"e","severity":"grave"},"process":{"pid":"many","name":{"x":1},"args":["a"]},"source":{"ip":"nowhere"}})";
  for (const std::string& document : Documents(Write({{odd, "i", "1"}, {odd, "i", "2"}}))) {
    const auto alert = Read(document);
    EXPECT_EQ(Text(alert, "process"), R"({"args":["a"]})");
    EXPECT_TRUE(alert.Get("kibana.alert.original_event.severity").is_null());
    std::string dropped;
    event::WriteJson(alert.GetPath("vedette.dropped_fields"), dropped);
    EXPECT_EQ(dropped, R"(["event.severity","process.pid","process.name","source.ip"])");
  }
}

TEST_F(SequenceAlertTest, OverridesDoNotApply) {
  rule_.severity_mapping = {{"tags", "equals", "hot", "critical"}};
  rule_.risk_score_mapping = {{"event.risk_score", "equals", "", std::nullopt}};
  rule_.rule_name_override = "message";
  const std::string event =
      R"({"event":{"id":"e","risk_score":77},"tags":["hot"],"message":"Told"})";
  const SequenceAlert sequence = Write({{event, "i", "1"}, {event, "i", "2"}});
  EXPECT_EQ(sequence.summary.severity, "low");
  for (const std::string& document : Documents(sequence)) {
    const auto alert = Read(document);
    EXPECT_EQ(Text(alert, "kibana.alert.severity"), R"("low")");
    EXPECT_EQ(Text(alert, "kibana.alert.risk_score"), "21");
    EXPECT_EQ(Text(alert, "kibana.alert.rule.name"), R"("Boot Write")");
  }
}

TEST_F(SequenceAlertTest, BuildingBlockRuleMakesAHiddenShell) {
  rule_.building_block_type = "default";
  const SequenceAlert alert = Write(Stories()[0].events);
  EXPECT_EQ(Text(Read(alert.shell), "kibana.alert.building_block_type"), R"("default")");
}

TEST_F(SequenceAlertTest, AnEventIsTheSameOneInItsOwnAlert) {
  for (const std::string& json : {kCopy, kBeat, kTwin}) {
    event::Event event;
    event.document = Read(json);
    std::string written;
    event::WriteJson(event.document, written);
    event.json = written;
    // Blanks as another writer might leave them.
    const std::string spaced = " " + json + " ";
    RetainedEvent retained;
    retained.json = spaced;
    const auto read = ReadSequenceEvent(retained, 0, 2, "x", reader_, arena_);
    ASSERT_TRUE(read.has_value());
    const EventIdentity expected = IdentifyEvent(event, 2);
    EXPECT_EQ(read->identity.id, expected.id);
    EXPECT_EQ(read->identity.index, expected.index);
  }
  RetainedEvent damaged;
  damaged.json = R"({"a":)";
  EXPECT_FALSE(ReadSequenceEvent(damaged, 0, 0, "x", reader_, arena_).has_value());
}

}  // namespace
}  // namespace vedette::engine
