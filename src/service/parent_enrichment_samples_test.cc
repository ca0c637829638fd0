// SPDX-License-Identifier: Apache-2.0
// Parent enrichment over records that real systems and the decoders made.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "engine/parent_enrichment.h"
#include "event/json_reader.h"
#include "sources/audit_log.h"

namespace vedette::service {
namespace {

namespace fs = std::filesystem;
using event::Value;

fs::path SharedFolder() {
  const char* given = std::getenv("VEDETTE_SHARED");
  return given != nullptr ? given : std::string(VEDETTE_SOURCE_DIR) + "/../shared";
}

std::string Json(const Value& value) {
  std::string out;
  event::WriteJson(value, out);
  return out;
}

TEST(ParentEnrichmentSamplesTest, RawAuditLogsNameTheParentThatForked) {
  const fs::path folder = SharedFolder() / "sources" / "samples" / "raw_audit_log";
  if (!fs::exists(folder)) GTEST_SKIP() << "LOUD SKIP: no raw audit logs at " << folder;
  struct Case {
    const char* file;
    const char* args;         // of the process
    const char* parent_args;  // null: nothing may be said of them
  };
  // The scripts fork without exec, so that the parents' pids have no execve of their own.
  const Case cases[] = {
      {"laurel_shell-proc-trace.log", R"(["/bin/echo","foo"])",
       R"(["/bin/sh","./src/testdata/double-fork/test-script.sh"])"},
      {"laurel_shell-proc-trace-reordered.log", R"(["/bin/sed","-e","s/foo/bar/"])",
       R"(["/bin/sh","./src/testdata/double-fork/test-script.sh"])"},
      {"laurel_proc-trace-dpkg-l.log", R"(["dirname","/usr/bin/lesspipe"])",
       R"(["/bin/sh","/usr/bin/lesspipe"])"},
      {"laurel_proc-trace-dpkg-l.log", R"(["dpkg","-l"])", R"(["-bash"])"},
      // Its parent had exited, the record names init.
      {"laurel_fork-sleep-exec.log", R"([""])", nullptr},
  };
  for (const Case& c : cases) {
    base::Arena arena;
    engine::ParentEnrichment enrichment;
    sources::AuditLogDecoder decoder;
    std::map<std::string, std::string> parents;  // args -> parent's args
    const auto sink = [&](Value document) {
      event::Event event;
      event.document = document;
      std::vector<std::string_view> filled;
      enrichment.Enrich(event, arena, filled);
      if (document.GetPath("event.action").is_string() &&
          document.GetPath("event.action").text() == "executed") {
        parents[Json(document.GetPath("process.args"))] =
            Json(event.document.GetPath("process.parent.args"));
      }
    };
    std::ifstream in(folder / c.file);
    std::string line;
    while (std::getline(in, line)) decoder.Line(line, arena, sink);
    decoder.Flush(arena, sink);
    ASSERT_TRUE(parents.contains(c.args)) << c.file << " " << c.args;
    EXPECT_EQ(parents[c.args], c.parent_args == nullptr ? "null" : c.parent_args)
        << c.file << " " << c.args;
  }
}

/// The document with `process.parent` cut down to one member.
Value WithParentOnly(const Value& document, std::string_view key, base::Arena& arena) {
  const auto copy = [&](const Value& object) {
    const auto members = arena.NewArray<event::Member>(object.object().size());
    std::copy(object.object().begin(), object.object().end(), members.begin());
    return members;
  };
  const auto outer = copy(document);
  for (event::Member& top : outer) {
    if (top.key != "process" || !top.value.is_object()) continue;
    const auto inner = copy(top.value);
    for (event::Member& member : inner) {
      if (member.key != "parent") continue;
      const auto one = arena.NewArray<event::Member>(1);
      one[0] = {key, member.value.Get(key)};
      member.value = Value::Object(one);
    }
    top.value = Value::Object(inner);
  }
  return Value::Object(outer);
}

TEST(ParentEnrichmentSamplesTest, WhatIsFilledEqualsWhatTheSourceSaid) {
  const fs::path shared = SharedFolder();
  if (!fs::exists(shared)) GTEST_SKIP() << "LOUD SKIP: no shared data at " << shared;
  std::vector<fs::path> files = {
      shared / "sources/samples/sentinelone_cloud_funnel/synthetic.expected.ndjson",
      shared / "sources/samples/sentinelone_cloud_funnel/windows.expected.ndjson",
      shared / "sources/samples/elastic_defend/synthetic.ndjson",
      shared / "eql/conformance/derived/linux.ndjson",
  };
  for (const auto& entry : fs::directory_iterator(shared / "sources" / "boot_persistence")) {
    if (entry.path().extension() == ".ndjson") files.push_back(entry.path());
  }
  std::size_t compared = 0;
  for (const fs::path& file : files) {
    for (const std::string_view key : {"entity_id", "pid"}) {
      base::Arena arena;
      event::JsonReader reader;
      engine::ParentEnrichment enrichment;
      std::ifstream in(file);
      std::string line;
      while (std::getline(in, line)) {
        const auto whole = reader.Read(line, arena);
        ASSERT_TRUE(whole.has_value()) << file;
        event::Event event;
        event.document = WithParentOnly(*whole, key, arena);
        std::vector<std::string_view> filled;
        enrichment.Enrich(event, arena, filled);
        for (const std::string_view field : filled) {
          const Value said = whole->GetPath(field);
          if (said.is_null()) continue;
          EXPECT_EQ(Json(event.document.GetPath(field)), Json(said))
              << file << " by " << key << ", " << field << ": " << line.substr(0, 200);
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 10U);
}

}  // namespace
}  // namespace vedette::service
