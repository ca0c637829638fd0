// SPDX-License-Identifier: Apache-2.0
#include "engine/process_tree_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "event/json_reader.h"

namespace vedette::engine {
namespace {

class ProcessTreeReaderTest : public ::testing::Test {
 protected:
  ProcessObservation Read(const std::string& json) {
    const auto document = reader_.Read(json, arena_);
    EXPECT_TRUE(document.has_value()) << json;
    event::Event event;
    if (document) event.document = *document;
    return ReadProcessObservation(event, arena_);
  }
  base::Arena arena_;
  event::JsonReader reader_;
};

TEST_F(ProcessTreeReaderTest, ReadsTheChange) {
  struct Case {
    const char* name;
    const char* event;
    ProcessChange change;
    bool exits = false;
  };
  using C = ProcessChange;
  const Case cases[] = {
      {"Defend fork", R"("action":"fork","category":["process"],"type":["start"])", C::kFork},
      {"Defend exec", R"("action":"exec","category":["process"],"type":["start"])", C::kExec},
      {"Defend end", R"("action":"end","category":["process"],"type":["end"])", C::kExit, true},
      {"Defend aggregate",
       R"("action":["fork","exec","end"],"category":["process"],"type":["start","end"])", C::kStart,
       true},
      {"Defend exec and end",
       R"("action":["exec","end"],"category":["process"],"type":["start","end"])", C::kExec, true},
      {"Defend running", R"("action":"already_running","category":["process"],"type":["info"])",
       C::kRunning},
      {"Defend uid change", R"("action":"uid_change","category":["process"],"type":["change"])",
       C::kOther},
      {"Endgame", R"("action":"exec_event","category":["process"],"type":["start"])", C::kExec},
      {"FDR", R"("action":"ProcessRollup2","category":["process"],"type":["start"])", C::kStart},
      {"FDR synthetic",
       R"("action":"SyntheticProcessRollup2","category":["process"],"type":["start"])",
       C::kRunning},
      {"FDR end", R"("action":"EndOfProcess","category":["process"],"type":["end"])", C::kExit,
       true},
      {"FDR history", R"("action":"CommandHistory","category":["process"],"type":["end","info"])",
       C::kOther},
      {"Cloud Funnel", R"("action":["start"],"category":["process"],"type":["start"])", C::kStart},
      {"network start is none",
       R"("action":["start"],"category":["network"],"type":["start","connection"])", C::kOther},
      {"quark image",
       R"("action":"process_changed_image","category":["process"],"type":["change"])", C::kExec},
      {"quark ran",
       R"("action":"process_ran","category":["process"],"type":["start","change","end"])",
       C::kStart, true},
      {"unknown source", R"("action":"x","category":["process"],"type":["start"])", C::kStart},
      {"audit exec",
       R"("module":"auditd","action":"executed","category":["process"],"type":["start"])",
       C::kExec},
      {"audit exec that failed",
       R"("module":"auditd","action":"executed","outcome":"failure","category":["process"],"type":["start"])",
       C::kOther},
      {"audit killer",
       R"("module":"auditd","action":"killed-pid","category":["process"],"type":["end"])",
       C::kOther},
      {"audit sudo",
       R"("module":"auditd","action":"ran-command","category":["process"],"type":["start"])",
       C::kOther},
  };
  for (const Case& c : cases) {
    const auto seen = Read(std::string(R"({"event":{)") + c.event + R"(},"process":{"pid":5}})");
    EXPECT_EQ(seen.change, c.change) << c.name;
    EXPECT_EQ(seen.exits, c.exits) << c.name;
  }
}

TEST_F(ProcessTreeReaderTest, ReadsAuditCalls) {
  const auto call = [&](const std::string& data) {
    return Read(R"({"event":{"module":"auditd","category":["process"],"type":["info"]},)"
                R"("process":{"pid":5},"auditd":{"data":{)" +
                data + "}}}");
  };
  EXPECT_EQ(call(R"("syscall":"exit_group")").change, ProcessChange::kExit);
  EXPECT_EQ(call(R"("syscall":"exit")").change, ProcessChange::kOther) << "a thread's";
  EXPECT_EQ(call(R"("syscall":"fork","exit":"77")").forked_pid, 77U);
  EXPECT_EQ(call(R"("syscall":"clone","a0":"1200011","exit":"77")").forked_pid, 77U);
  EXPECT_FALSE(call(R"("syscall":"clone","a0":"3d0f00","exit":"77")").forked_pid) << "a thread";
  EXPECT_FALSE(call(R"("syscall":"clone","a0":"8011","exit":"77")").forked_pid) << "a sibling";
  EXPECT_FALSE(call(R"("syscall":"fork","exit":"EAGAIN")").forked_pid);
  EXPECT_FALSE(call(R"("syscall":"fork","exit":"-11")").forked_pid);
}

TEST_F(ProcessTreeReaderTest, ReadsNestedDottedAndTextForms) {
  for (const char* json :
       {R"({"host":{"id":"H","boot":{"id":"B"}},"process":{"pid":5,"entity_id":"E","args":["a","b"],
            "parent":{"pid":4,"name":"n"}},"@timestamp":"1970-01-01T00:00:01Z"})",
        R"({"host.id":["H"],"host.boot.id":"B","process.pid":"5","process.entity_id":["E"],
            "process.args":["a","b"],"process.parent.pid":[4],"process.parent.name":["n"],
            "@timestamp":["1970-01-01T00:00:01Z"]})",
        R"({"host":{"id":"H","boot.id":"B"},"process":{"pid":5,"entity_id":"E","args":["a","b"],
            "parent.pid":4,"parent":{"name":"n"}},"@timestamp":1000})"}) {
    const auto seen = Read(json);
    EXPECT_EQ(seen.host, "H");
    EXPECT_EQ(seen.boot_id, "B");
    EXPECT_EQ(seen.process.pid, 5U);
    EXPECT_EQ(seen.process.entity_id, "E");
    EXPECT_EQ(seen.process.properties.args.size(), 2U);
    EXPECT_EQ(seen.parent.pid, 4U);
    EXPECT_EQ(seen.parent.properties.name, "n");
    EXPECT_EQ(seen.time, (base::Timestamp{1'000'000'000})) << json;
  }
}

TEST_F(ProcessTreeReaderTest, TellsHostsApartByTheFirstNameTheyHave) {
  EXPECT_EQ(Read(R"({"host":{"name":"n","hostname":"m"}})").host, "n");
  EXPECT_EQ(Read(R"({"host":{"hostname":"m"},"agent":{"id":"a"}})").host, "m");
  EXPECT_EQ(Read(R"({"observer":{"serial_number":"s"},"agent":{"id":"a"}})").host, "s");
  EXPECT_EQ(Read(R"({"agent":{"id":"a"}})").host, "a");
  EXPECT_EQ(Read(R"({})").host, "");
}

TEST_F(ProcessTreeReaderTest, WhatDoesNotFitIsAbsent) {
  for (const char* process :
       {"5", "null", "[]", R"({"pid":-1})", R"({"pid":4294967296})", R"({"pid":"5x"})",
        R"({"pid":1.5})", R"({"pid":[1,2]})", R"({"entity_id":true})", R"([{"pid":5}])"}) {
    EXPECT_FALSE(Read(std::string(R"({"process":)") + process + "}").process.named()) << process;
  }
  EXPECT_FALSE(Read(R"({"process":{"args":["a",5]}})").process.properties.has_args);
  EXPECT_EQ(Read(R"({"process":{"args_count":-3}})").process.properties.args_count, -1);
  EXPECT_EQ(Read(R"({"process":{"entity_id":18446744073709551615}})").process.entity_id,
            "18446744073709551615");
}

TEST_F(ProcessTreeReaderTest, ABootIsARecordOfItsOwn) {
  EXPECT_TRUE(Read(R"({"event":{"action":"booted-system","category":["host"]}})").boots);
}

}  // namespace
}  // namespace vedette::engine
