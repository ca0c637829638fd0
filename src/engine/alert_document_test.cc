// SPDX-License-Identifier: Apache-2.0
#include "engine/alert_document.h"

#include <gtest/gtest.h>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

constexpr std::string_view kRuleUuid = "3f0c6a52-7d51-4c0e-9f6e-1b8a4f1d2c77";

TEST(AlertIdentityTest, UuidOfTheReferenceVector) {
  EXPECT_EQ(AlertUuid({"idx-process", "evt-1"}, kRuleUuid),
            "4c51a77e5657411bf9ddb2bdfdac9f0229bf43d8a2ac31e3f4000faa4dfe1508");
}

/// The alert that a small rule makes of `json`, read back.
class AlertDocumentTest : public ::testing::Test {
 protected:
  event::Value Alert(std::string_view json) {
    const auto document = reader_.Read(json, arena_);
    if (!document) return {};
    event::Event event;
    event.document = *document;
    event.json = json;
    event.timestamp = *base::ParseIsoTime("2026-01-12T10:02:08.417Z");
    event.has_timestamp = true;
    out_.clear();
    summary_ = AlertWriter(rule_).Write({&event, IdentifyEvent(event, 0), "elastic_defend", "file",
                                         *base::ParseIsoTime("2026-01-12T10:04:31.902Z")},
                                        out_);
    const auto read = reader_.Read(out_, arena_);
    EXPECT_TRUE(read.has_value()) << out_;
    return read ? *read : event::Value();
  }
  std::string Text(const event::Value& alert, std::string_view key) {
    std::string out;
    event::WriteJson(alert.Get(key), out);
    return out;
  }
  static rules::Rule MakeRule() {
    rules::Rule rule;
    rule.rule_id = rule.id = kRuleUuid;
    rule.name = "Boot Write";
    rule.description = "Something wrote.";
    rule.type = rules::RuleType::kEql;
    rule.language = "eql";
    rule.severity = "low";
    rule.risk_score = 21;
    return rule;
  }
  rules::Rule rule_ = MakeRule();
  base::Arena arena_;
  event::JsonReader reader_;
  std::string out_;
  AlertSummary summary_;
};

TEST_F(AlertDocumentTest, CarriesEventRuleAndOriginals) {
  const auto alert = Alert(
      R"({"@timestamp":"2026-01-12T10:02:08.417Z","agent":{"id":"a1"},"event":{"kind":"event","id":"e1","category":["process"],)"
      R"("action":"exec"},"data_stream":{"type":"logs","dataset":"endpoint.events.process","namespace":"prod"},)"
      R"("host":{"name":"db-07"},"user":{"name":"root"},"process":{"name":"cp","parent":{"name":"bash"}}})");
  EXPECT_EQ(Text(alert, "@timestamp"), R"("2026-01-12T10:04:31.902Z")");
  EXPECT_EQ(alert.GetPath("event.kind").text(), "signal");
  EXPECT_EQ(alert.GetPath("event.action").text(), "exec");
  EXPECT_EQ(Text(alert, "kibana.alert.original_event.kind"), R"("event")");
  EXPECT_EQ(Text(alert, "kibana.alert.original_event.category"), R"(["process"])");
  EXPECT_EQ(Text(alert, "kibana.alert.original_data_stream.namespace"), R"("prod")");
  EXPECT_EQ(Text(alert, "kibana.alert.original_time"), R"("2026-01-12T10:02:08.417Z")");
  EXPECT_EQ(
      Text(alert, "kibana.alert.ancestors"),
      R"([{"id":"a1:e1","type":"event","index":"logs-endpoint.events.process-prod","depth":0}])");
  EXPECT_EQ(
      Text(alert, "kibana.alert.reason"),
      R"("process event with process cp, parent process bash, by root on db-07 created low alert Boot Write.")");
  EXPECT_EQ(Text(alert, "kibana.alert.rule.name"), R"("Boot Write")");
  EXPECT_EQ(Text(alert, "kibana.alert.rule.max_signals"), "100");
  EXPECT_EQ(alert.Get("kibana.alert.rule.parameters").Get("rule_id").text(), kRuleUuid);
  EXPECT_EQ(alert.GetPath("vedette.source").text(), "elastic_defend");
}

TEST_F(AlertDocumentTest, EventCannotSmuggleAnAlertsStatus) {
  const auto alert = Alert(
      R"({"event":{"id":"e"},"kibana":{"alert":{"workflow_status":"closed"}},"kibana.alert.uuid":"x","signal":{"status":"closed"},)"
      R"("signal.rule.id":"y","threshold_result":{"count":1},"kibanana":"stays","vedette":{"mode":"forged","truncated_args":true}})");
  EXPECT_TRUE(alert.Get("kibana").is_null());
  EXPECT_TRUE(alert.Get("signal").is_null());
  EXPECT_TRUE(alert.Get("signal.rule.id").is_null());
  EXPECT_TRUE(alert.Get("threshold_result").is_null());
  EXPECT_EQ(alert.Get("kibanana").text(), "stays");
  EXPECT_EQ(Text(alert, "kibana.alert.workflow_status"), R"("open")");
  EXPECT_EQ(Text(alert, "kibana.alert.uuid"), "\"" + summary_.uuid + "\"");
  EXPECT_EQ(Text(alert, "vedette"),
            R"({"mode":"file","source":"elastic_defend","truncated_args":true})");
}

TEST_F(AlertDocumentTest, DropsWhatAnIndexWouldRefuseAndNamesIt) {
  const auto alert = Alert(
      R"({"event":{"id":"e"},"process":{"pid":"many","name":{"x":1},"args":["a"]},"source":{"ip":"nowhere"},"custom":{"any":[1,{"a":2}]}})");
  EXPECT_TRUE(alert.GetPath("process.pid").is_null());
  EXPECT_EQ(alert.GetPath("process.args").list().size(), 1U);
  std::string dropped;
  event::WriteJson(alert.GetPath("vedette.dropped_fields"), dropped);
  EXPECT_EQ(dropped, R"(["process.pid","process.name","source.ip"])");
  EXPECT_EQ(Text(alert, "custom"), R"({"any":[1,{"a":2}]})");
}

TEST_F(AlertDocumentTest, OverridesFromEventData) {
  rule_.severity_mapping = {{"event.severity", "equals", "3", "medium"},
                            {"tags", "equals", "hot", "critical"}};
  rule_.risk_score_mapping = {{"event.risk_score", "equals", "", std::nullopt}};
  rule_.rule_name_override = "message";
  auto alert = Alert(
      R"({"event":{"id":"e","severity":3,"risk_score":"77.5"},"tags":["a","hot"],"message":"Told"})");
  EXPECT_EQ(Text(alert, "kibana.alert.severity"), R"("critical")");
  EXPECT_EQ(Text(alert, "kibana.alert.risk_score"), "77");
  EXPECT_EQ(Text(alert, "kibana.alert.rule.name"), R"("Told")");
  EXPECT_EQ(Text(alert, "kibana.alert.rule.severity"), R"("low")");
  alert = Alert(R"({"event":{"id":"e","severity":4,"risk_score":500}})");
  EXPECT_EQ(Text(alert, "kibana.alert.severity"), R"("low")");
  EXPECT_EQ(Text(alert, "kibana.alert.risk_score"), "21");
}

TEST_F(AlertDocumentTest, DottedDocuments) {
  const auto alert =
      Alert(R"({"event.id":"e","event.kind":"event","event.action":"exec","agent.id":"a"})");
  EXPECT_EQ(Text(alert, "event.kind"), R"("signal")");
  EXPECT_EQ(Text(alert, "kibana.alert.original_event.kind"), R"("event")");
  EXPECT_EQ(Text(alert, "kibana.alert.original_event.action"), R"("exec")");
}

}  // namespace
}  // namespace vedette::engine
