// SPDX-License-Identifier: Apache-2.0
#include "rules/related_integrations.h"

#include <set>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "event/json_reader.h"
#include "rules/index_supply.h"

namespace vedette::rules {
namespace {

/// `metadata.integration`: one name or a list.
std::set<std::string> Packages(const Rule& rule) {
  std::set<std::string> out;
  const auto written = rule.metadata.find("integration");
  if (written == rule.metadata.end()) return out;
  base::Arena arena(4096);
  event::JsonReader reader({.max_depth = 4});
  const auto value = reader.Read(written->second, arena);
  if (!value.has_value()) return out;
  if (value->is_string()) out.emplace(value->text());
  if (!value->is_list()) return out;
  for (const event::Value& name : value->list()) {
    if (name.is_string()) out.emplace(name.text());
  }
  return out;
}

}  // namespace

std::vector<RelatedIntegration> RelatedIntegrationsOf(const Rule& rule) {
  std::vector<RelatedIntegration> out;
  for (const std::string& package : Packages(rule)) {
    RelatedIntegration related{package, std::string(PackageVersion(package)), {}};
    for (const std::string& pattern : rule.index) {
      for (const IndexSource* source : SourcesOf(pattern)) {
        if (source->package == package) related.integration = source->integration;
      }
    }
    out.push_back(std::move(related));
  }
  return out;
}

}  // namespace vedette::rules
