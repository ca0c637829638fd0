// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule_loader.h"
#include "service/detection_set.h"

namespace vedette::service {

/// Rules of nothing but a name and a query, for tests.
inline DetectionSet RuleSetOf(const std::vector<std::pair<std::string, std::string>>& rules) {
  std::vector<rules::Rule> loaded;
  for (const auto& [name, query] : rules) {
    auto one = rules::LoadRulesFromText(
        name + ".toml",
        fmt::format("[metadata]\nmaturity = \"production\"\n[rule]\nname = \"{0}\"\n"
                    "rule_id = \"{0}\"\ndescription = \"d\"\nauthor = [\"a\"]\nrisk_score = 21\n"
                    "severity = \"low\"\ntype = \"eql\"\nlanguage = \"eql\"\n"
                    "index = [\"logs-*\"]\nquery = '''{1}'''\n",
                    name, query));
    EXPECT_EQ(one.rules.size(), 1U) << name;
    for (rules::Rule& rule : one.rules) loaded.push_back(std::move(rule));
  }
  std::vector<engine::SkippedRule> skipped;
  DetectionSet set = DetectionSet::Build(loaded, skipped);
  for (const auto& one : skipped) ADD_FAILURE() << one.name << ": " << one.reason;
  return set;
}

/// The number of the rule called `name`.
inline std::size_t NumberOf(const DetectionSet& set, std::string_view name) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set.rule(i).name == name) return i;
  }
  ADD_FAILURE() << "no rule " << name;
  return 0;
}

/// Process events as NDJSON: number i runs `run i now` with process id i, half of them as cp.
inline std::string ProcessEvents(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    lines += fmt::format(
        "{{\"@timestamp\":\"2026-03-01T08:00:00Z\",\"event\":{{\"category\":[\"process\"]}},"
        "\"data_stream\":{{\"type\":\"logs\",\"dataset\":\"endpoint.events.process\","
        "\"namespace\":\"default\"}},"
        "\"process\":{{\"name\":\"{}\",\"command_line\":\"run {} now\",\"pid\":{}}}}}\n",
        i % 2 == 0 ? "cp" : "mv", i, i);
  }
  return lines;
}

}  // namespace vedette::service
