// SPDX-License-Identifier: Apache-2.0
#include "event/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace vedette::event {
namespace {

Schema::Field Field(FieldType type) {
  Schema::Field field;
  field.type = type;
  return field;
}

Schema::Field Alias(std::string target) {
  Schema::Field field;
  field.alias = std::move(target);
  return field;
}

TEST(Schema, FindGivesTheEntryAndTypeOfFollowsOneAlias) {
  Schema schema(/*open=*/false);
  schema.Add("pid", Field(FieldType::kLong));
  schema.Add("process_id", Alias("pid"));
  schema.Add("chained", Alias("process_id"));
  schema.Add("self", Alias("self"));
  schema.Add("dangling", Alias("gone"));

  ASSERT_NE(schema.Find("process_id"), nullptr);
  EXPECT_EQ(schema.Find("process_id")->alias, "pid");
  EXPECT_EQ(schema.Find("gone"), nullptr);
  EXPECT_EQ(schema.TypeOf("pid"), FieldType::kLong);
  EXPECT_EQ(schema.TypeOf("process_id"), FieldType::kLong);
  EXPECT_EQ(schema.TypeOf("chained"), FieldType::kUnknown);
  EXPECT_EQ(schema.TypeOf("self"), FieldType::kUnknown);
  EXPECT_EQ(schema.TypeOf("dangling"), FieldType::kUnknown);
  EXPECT_EQ(schema.TypeOf("gone"), FieldType::kUnknown);
  EXPECT_FALSE(schema.open());
}

TEST(Schema, NamesAscend) {
  Schema schema(/*open=*/true);
  for (const char* name : {"b", "a.b", "a", "c"}) schema.Add(name, Field(FieldType::kKeyword));
  EXPECT_EQ(schema.Names(), (std::vector<std::string_view>{"a", "a.b", "b", "c"}));
}

TEST(Schema, AddingTwiceKeepsTheLast) {
  Schema schema(/*open=*/true);
  schema.Add("a", Field(FieldType::kKeyword));
  schema.Add("a", Field(FieldType::kIp));
  EXPECT_EQ(schema.TypeOf("a"), FieldType::kIp);
}

TEST(EcsSchema, TypesThatRulesDependOn) {
  struct {
    const char* field;
    FieldType type;
  } const cases[] = {
      {"@timestamp", FieldType::kDate},
      {"Effective_process.executable", FieldType::kKeyword},
      {"Target.process.Ext.token.integrity_level_name", FieldType::kKeyword},
      {"auditd.data.syscall", FieldType::kKeyword},
      {"crowdstrike.ContextTimeStamp", FieldType::kDate},
      {"data_stream.dataset", FieldType::kConstantKeyword},
      {"destination.ip", FieldType::kIp},
      {"destination.port", FieldType::kLong},
      {"dll.Ext.relative_file_creation_time", FieldType::kDouble},
      {"dns.question.name", FieldType::kKeyword},
      {"dns.resolved_ip", FieldType::kIp},
      {"event.action", FieldType::kKeyword},
      {"event.category", FieldType::kKeyword},
      {"event.severity", FieldType::kLong},
      {"file.Ext.entropy", FieldType::kDouble},
      {"file.mtime", FieldType::kDate},
      {"file.size", FieldType::kLong},
      {"group.id", FieldType::kKeyword},
      {"host.id", FieldType::kKeyword},
      {"kibana.version", FieldType::kVersion},
      {"process", FieldType::kObject},
      {"process.Ext.api.parameters.size", FieldType::kUnsignedLong},
      {"process.Ext.effective_parent.executable", FieldType::kKeyword},
      {"process.args", FieldType::kKeyword},
      {"process.args_count", FieldType::kLong},
      {"process.code_signature.trusted", FieldType::kBoolean},
      {"process.command_line", FieldType::kWildcard},
      {"process.entry_leader.entry_meta.source.ip", FieldType::kIp},
      {"process.entry_leader.entry_meta.type", FieldType::kKeyword},
      {"process.exit_code", FieldType::kLong},
      {"process.interactive", FieldType::kBoolean},
      {"process.parent.code_signature.subject_name", FieldType::kKeyword},
      {"process.parent.pid", FieldType::kLong},
      {"process.parent.thread.Ext.call_stack_summary", FieldType::kKeyword},
      {"process.start", FieldType::kDate},
      {"process.thread.Ext.call_stack", FieldType::kNested},
      {"process.user.id", FieldType::kKeyword},
      {"registry.data.strings", FieldType::kWildcard},
      {"sentinel_one_cloud_funnel.event.meta_event_name", FieldType::kKeyword},
      {"source.geo.location", FieldType::kUnsupported},
      {"threat.technique.subtechnique.id", FieldType::kKeyword},
      {"user.id", FieldType::kKeyword},
      {"winlog.event_data.TargetUserSid", FieldType::kKeyword},
      {"no.such.field", FieldType::kUnknown},
  };
  for (const auto& c : cases) EXPECT_EQ(EcsSchema().TypeOf(c.field), c.type) << c.field;
}

TEST(EcsSchema, IsOpenAndEveryPrefixOfAFieldIsKnown) {
  EXPECT_TRUE(EcsSchema().open());
  const auto names = EcsSchema().Names();
  EXPECT_GT(names.size(), 2000U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (const std::string_view name : names) {
    EXPECT_FALSE(EcsSchema().Find(name)->type_name.empty()) << name;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) continue;
    EXPECT_NE(EcsSchema().Find(name.substr(0, dot)), nullptr) << name;
  }
}

}  // namespace
}  // namespace vedette::event
