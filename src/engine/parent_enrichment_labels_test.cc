// SPDX-License-Identifier: Apache-2.0
// The labelled streams of tests/data/parents: which alerts of the bundled boot rules the enrichment
// wins or removes on each source, and where it must keep its hands off.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/parent_enrichment.h"
#include "engine/rule_compiler.h"
#include "engine/rule_matcher.h"
#include "event/field_table.h"
#include "event/json_reader.h"
#include "event/schema.h"
#include "rules/rule_loader.h"

namespace vedette::engine {
namespace {

namespace fs = std::filesystem;
using event::Value;

Value Without(const Value& document, std::string_view key, base::Arena& arena) {
  const auto members = arena.NewArray<event::Member>(document.object().size());
  std::size_t count = 0;
  for (const event::Member& member : document.object()) {
    if (member.key != key) members[count++] = member;
  }
  return Value::Object(members.first(count));
}

std::string LongName(std::string_view shortened) {
  return (shortened == "ancestry" ? "process.Ext." : "process.parent.") + std::string(shortened);
}

template <class Texts>
std::string Joined(const Texts& texts) {
  std::string out;
  for (const auto& text : texts) out.append(out.empty() ? "" : " ").append(text);
  return out;
}

std::string Json(const Value& value) {
  std::string out;
  event::WriteJson(value, out);
  return out;
}

struct Tally {
  int cases = 0, won = 0, removed = 0, untouched = 0;
};

class ParentLabelsTest : public ::testing::Test {
 protected:
  ParentLabelsTest() : fields_(event::EcsSchema()), conditions_(fields_) {
    std::vector<SkippedRule> skipped;
    const auto loaded = rules::LoadRules({std::string(VEDETTE_SOURCE_DIR) + "/rules"});
    for (const rules::Rule& rule : loaded.rules) {
      if (auto compiled = CompileRule(rule, fields_, skipped)) {
        rules_.push_back(std::make_unique<CompiledRule>(std::move(*compiled)));
        conditions_.AddDecided(rules_.back()->query, rules_.back()->options);
      }
    }
    conditions_.Lower();
    projector_.emplace(fields_);
    matcher_.emplace(conditions_, *projector_);
    all_ = matcher_->AddOrigin(std::vector<bool>(rules_.size(), true));
  }

  std::string Fired(const Value& document, base::Arena& arena) {
    event::Event event;
    event.document = document;
    event.slots = projector_->Project(document, arena);
    RuleHits hits;
    matcher_->Match(event, all_, hits);
    std::set<std::string> names;
    for (const std::uint32_t hit : hits.rules) {
      const bool cpio = rules_[hit]->rule.origin.path.find("initramfs") != std::string::npos;
      names.insert(cpio ? "initramfs_cpio" : "boot_copy");
    }
    return Joined(names);
  }

  static std::string Texts(const Value& list) {
    std::vector<std::string> out;
    for (const Value& element : list.list()) out.emplace_back(element.text());
    return Joined(out);
  }

  /// Plays one file as one stream and compares each labelled record.
  Tally Play(const fs::path& path) {
    Tally tally;
    ParentEnrichment enrichment;
    event::JsonReader reader;
    base::Arena arena;
    std::ifstream in(path);
    std::string line;
    while (std::getline(in, line)) {
      const auto record = reader.Read(line, arena);
      if (!record) {
        ADD_FAILURE() << path << ": " << record.error().message();
        return tally;
      }
      const Value label = record->Get("expected");
      event::Event event;
      event.document = Without(*record, "expected", arena);
      const Value before = event.document;
      std::vector<std::string_view> filled;
      enrichment.Enrich(event, arena, filled);
      const std::string name(label.Get("case").text());
      if (name.empty()) {
        EXPECT_TRUE(filled.empty()) << line;
        continue;
      }
      const std::string where = path.stem().string() + "/" + name;
      std::vector<std::string> wanted;
      for (const Value& field : label.Get("filled").list())
        wanted.push_back(LongName(field.text()));
      EXPECT_EQ(Joined(filled), Joined(wanted)) << where;
      if (wanted.empty()) {
        EXPECT_EQ(Json(event.document), Json(before)) << where;
      }
      for (const event::Member& fact : label.Get("parent").object()) {
        EXPECT_EQ(Json(event.document.GetPath(LongName(fact.key))), Json(fact.value))
            << where << " " << fact.key;
      }
      const std::string fired_before = Fired(before, arena);
      const std::string fired_after = Fired(event.document, arena);
      EXPECT_EQ(fired_before, Texts(label.Get("before"))) << where;
      EXPECT_EQ(fired_after, Texts(label.Get("after"))) << where;
      ++tally.cases;
      tally.won += fired_before.empty() && !fired_after.empty() ? 1 : 0;
      tally.removed += !fired_before.empty() && fired_after.empty() ? 1 : 0;
      tally.untouched += filled.empty() ? 1 : 0;
    }
    return tally;
  }

  event::FieldTable fields_;
  std::vector<std::unique_ptr<CompiledRule>> rules_;
  RuleConditions conditions_;
  std::optional<event::Projector> projector_;
  std::optional<RuleMatcher> matcher_;
  OriginId all_ = 0;
};

TEST_F(ParentLabelsTest, EverySourceAgreesWithItsLabels) {
  ASSERT_EQ(rules_.size(), 2U);
  const std::map<std::string, Tally> wanted = {
      {"audit_log", {21, 6, 1, 10}},
      {"auditbeat", {24, 7, 1, 11}},
      {"crowdstrike_fdr", {13, 5, 1, 3}},
      {"elastic_defend", {5, 1, 0, 2}},
      {"sentinelone_cloud_funnel", {7, 1, 0, 4}},
  };
  std::size_t files = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(VEDETTE_SOURCE_DIR) / "tests" / "data" / "parents")) {
    if (entry.path().extension() != ".ndjson") continue;
    const std::string name = entry.path().stem().string();
    const Tally tally = Play(entry.path());
    ASSERT_TRUE(wanted.contains(name)) << name;
    const Tally& want = wanted.at(name);
    EXPECT_EQ(tally.cases, want.cases) << name;
    EXPECT_EQ(tally.won, want.won) << name;
    EXPECT_EQ(tally.removed, want.removed) << name;
    EXPECT_EQ(tally.untouched, want.untouched) << name;
    ++files;
  }
  EXPECT_EQ(files, wanted.size());
}

}  // namespace
}  // namespace vedette::engine
