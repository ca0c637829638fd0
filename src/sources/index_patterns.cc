// SPDX-License-Identifier: Apache-2.0
#include "sources/index_patterns.h"

#include <algorithm>

#include "base/arena.h"
#include "base/glob.h"

namespace vedette::sources {
namespace {

using event::Value;

std::string_view Text(const Value& document, std::string_view path) {
  Value value = document.GetPath(path);
  if (value.is_list() && !value.list().empty()) value = value.list().front();
  return value.is_string() ? value.text() : std::string_view();
}

void AddName(RecordOrigin& origin, std::string_view name) {
  if (origin.name_count < RecordOrigin::kMostNames) origin.names[origin.name_count++] = name;
}

// The endpoint's data streams; by category where the document does not name its own.
void AddEndpointNames(RecordOrigin& origin, const Value& document, base::Arena& arena) {
  const std::string_view dataset = Text(document, "event.dataset");
  if (dataset.starts_with("endpoint.")) {
    AddName(origin, arena.Copy(std::string("logs-").append(dataset).append("-default")));
    return;
  }
  const std::string_view category = Text(document, "event.category");
  if (category == "process" || category == "file" || category == "network") {
    AddName(origin,
            arena.Copy(std::string("logs-endpoint.events.").append(category).append("-default")));
    return;
  }
  AddName(origin, "logs-endpoint.events.*");
}

void AddSourceNames(RecordOrigin& origin, const Value& document, base::Arena& arena) {
  switch (origin.source) {
    case SourceId::kElasticDefend:
    case SourceId::kVedette:
      return AddEndpointNames(origin, document, arena);
    case SourceId::kEndgame:
      return AddName(origin, "endgame-*");
    case SourceId::kAuditbeat:
      return AddName(origin, "auditbeat-*");
    case SourceId::kAuditdManager:
      return AddName(origin, "logs-auditd_manager.auditd-default");
    case SourceId::kCrowdstrikeFdr:
      return AddName(origin, "logs-crowdstrike.fdr-default");
    case SourceId::kSentineloneCloudFunnel:
      return AddName(origin, "logs-sentinel_one_cloud_funnel.event-default");
    case SourceId::kAuditLog:
      // A log file is what any of the three shippers would have sent.
      AddName(origin, "auditbeat-*");
      AddName(origin, "logs-auditd_manager.auditd-default");
      return AddName(origin, "logs-auditd.log-default");
    case SourceId::kUnknown:
      return;
  }
}

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// ".ds-NAME-2026.02.01-000001" -> NAME; empty if it is not a backing index.
std::string_view DataStreamOf(std::string_view index) {
  for (const std::string_view mounted : {"partial-", "restored-"}) {
    if (index.starts_with(mounted)) index.remove_prefix(mounted.size());
  }
  if (!index.starts_with(".ds-") && !index.starts_with(".fs-")) return {};
  index.remove_prefix(4);
  const std::size_t generation = index.rfind('-');
  if (generation == std::string_view::npos || !IsDigits(index.substr(generation + 1))) return {};
  index = index.substr(0, generation);
  const std::size_t day = index.rfind('-');
  if (day == std::string_view::npos) return {};
  const std::string_view date = index.substr(day + 1);
  if (date.size() != 10 || date[4] != '.' || date[7] != '.') return {};
  return index.substr(0, day);
}

// Splits "cluster:index"; neither part may hold a colon itself.
std::string_view TakeCluster(std::string_view& name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view cluster = name.substr(0, colon);
  name.remove_prefix(colon + 1);
  return cluster;
}

// Whether some text matches both, `*` being a wildcard on either side. One row per pattern
// character; names are short.
bool Intersects(std::string_view a, std::string_view b) {
  std::vector<char> row(b.size() + 1, 0);
  row[0] = 1;
  for (std::size_t j = 0; j < b.size() && b[j] == '*'; ++j) row[j + 1] = 1;
  for (const char x : a) {
    std::vector<char> next(b.size() + 1, 0);
    next[0] = static_cast<char>(x == '*' && row[0] != 0);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const char y = b[j];
      const bool both = x == y && row[j] != 0;
      const bool a_star = x == '*' && (row[j + 1] != 0 || next[j] != 0);
      const bool b_star = y == '*' && (row[j + 1] != 0 || next[j] != 0);
      next[j + 1] = static_cast<char>(both || a_star || b_star);
    }
    row.swap(next);
  }
  return row[b.size()] != 0;
}

// "<logs-{now/d}>" -> "logs-*".
std::string WithoutDateMath(std::string_view pattern) {
  if (pattern.size() < 2 || pattern.front() != '<' || pattern.back() != '>') {
    return std::string(pattern);
  }
  pattern = pattern.substr(1, pattern.size() - 2);
  std::string out;
  int depth = 0;
  for (const char c : pattern) {
    if (c == '{') {
      if (depth++ == 0) out += '*';
    } else if (c == '}') {
      depth = std::max(0, depth - 1);
    } else if (depth == 0) {
      out += c;
    }
  }
  return out;
}

}  // namespace

RecordOrigin OriginOf(SourceId source, const Value& document, std::string_view index,
                      base::Arena& arena) {
  RecordOrigin origin;
  origin.source = source;
  if (!index.empty()) {
    AddName(origin, index);
    return origin;
  }
  const std::string_view dataset = Text(document, "data_stream.dataset");
  if (dataset.empty()) {
    AddSourceNames(origin, document, arena);
    return origin;
  }
  const std::string_view type = Text(document, "data_stream.type");
  const std::string_view space = Text(document, "data_stream.namespace");
  std::string name(type.empty() ? "logs" : type);
  name.append("-").append(dataset).append("-").append(space.empty() ? "default" : space);
  AddName(origin, arena.Copy(name));
  return origin;
}

IndexSelector::IndexSelector(std::span<const std::string> patterns) {
  for (const std::string& entry : patterns) {
    std::string_view rest = entry;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view text = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      while (text.starts_with(' ')) text.remove_prefix(1);
      while (text.ends_with(' ')) text.remove_suffix(1);
      if (text.empty()) continue;
      Pattern pattern;
      pattern.excludes = text.front() == '-';
      if (pattern.excludes) text.remove_prefix(1);
      // A colon inside date math is a time zone, not a cluster.
      if (!text.starts_with('<')) pattern.cluster = TakeCluster(text);
      if (text.starts_with('-')) {  // "eu:-logs-*"
        pattern.excludes = true;
        text.remove_prefix(1);
      }
      pattern.index = text == "_all" ? "*" : WithoutDateMath(text);
      if (!pattern.excludes) starts_selected_ = false;
      patterns_.push_back(std::move(pattern));
    }
  }
}

bool IndexSelector::Matches(const Pattern& pattern, std::string_view cluster,
                            std::string_view name) {
  if (!cluster.empty() && !pattern.cluster.empty() &&
      !base::WildcardMatch(pattern.cluster, cluster, base::Case::kSensitive, false)) {
    return false;
  }
  // Only what certainly lies in an excluded index is taken out, so there the name's `*` is a
  // character like any other that the pattern must cover.
  if (pattern.excludes || name.find('*') == std::string_view::npos) {
    return base::WildcardMatch(pattern.index, name, base::Case::kSensitive, false);
  }
  return Intersects(pattern.index, name);
}

bool IndexSelector::SelectsName(std::string_view name) const {
  const std::string_view cluster = TakeCluster(name);
  const std::string_view stream = DataStreamOf(name);
  bool selected = starts_selected_;
  for (const Pattern& pattern : patterns_) {
    if (Matches(pattern, cluster, name) || (!stream.empty() && Matches(pattern, cluster, stream))) {
      selected = !pattern.excludes;
    }
  }
  return selected;
}

bool IndexSelector::Selects(const RecordOrigin& origin) const {
  if (patterns_.empty() || origin.name_count == 0) return true;
  const auto names = origin.Names();
  return std::any_of(names.begin(), names.end(),
                     [this](std::string_view name) { return SelectsName(name); });
}

bool SelectsSource(std::span<const std::string> patterns, SourceId source, const Value& document,
                   std::string_view index) {
  base::Arena arena(1024);
  return IndexSelector(patterns).Selects(OriginOf(source, document, index, arena));
}

}  // namespace vedette::sources
