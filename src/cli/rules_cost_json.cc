// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "base/json_writer.h"
#include "cli/pipeline_report.h"
#include "cli/rules_cost_view.h"
#include "engine/rule_matcher.h"

namespace vedette::cli {
namespace {

using service::PredicatePrice;
using service::RulePrice;

class CostWriter {
 public:
  CostWriter(const RuleCostReport& report, base::JsonWriter& json) : report_(report), json_(json) {}

  void Head() {
    Count("rules_run", report_.set->size());
    Count("set_bytes", report_.set->conditions().set().bytes());
    if (report_.stats == nullptr) return;
    const service::RuleCostStats& stats = *report_.stats;
    Count("events", stats.counters.events);
    Count("rejected", stats.rejected);
    Count("enriched", stats.enriched);
    json_.Key("matcher");
    WriteMatcherCounters(json_, stats.costs.counters);
    Seconds("match_seconds", stats.match_seconds);
    double rules = 0;
    for (const double seconds : stats.rule_seconds) rules += seconds;
    Share("shared_time_share", stats.match_seconds - rules);
  }

  void Rule(const RulePrice& price) {
    const rules::Rule& rule = report_.set->rule(price.rule);
    json_.Member("rule_id", rule.rule_id);
    json_.Member("name", rule.name);
    if (report_.stats != nullptr) {
      Share("time_share", price.seconds);
      Count("candidates", price.work.candidates);
      Ratio("candidate_share", static_cast<double>(price.work.candidates),
            static_cast<double>(report_.stats->costs.counters.events));
      Count("unindexed", price.work.unindexed);
      Count("hits", price.work.hits);
      Count("asked", price.work.asked);
    }
    Count("bytes", price.bytes);
    json_.Key("conditions");
    json_.BeginArray();
    for (const auto& index : price.indexes) Index(index);
    json_.EndArray();
    Hint(service::IndexHint(price.weakest));
  }

  void Predicate(const PredicatePrice& price) {
    json_.Member("text",
                 service::TextOf(report_.set->conditions().set().predicates()[price.predicate]));
    json_.Member("why", service::KindName(price.kind));
    if (report_.stats != nullptr) {
      Share("time_share", price.seconds);
      Count("asked", price.asked);
    }
    json_.Key("rules");
    json_.BeginArray();
    for (const std::size_t rule : price.rules) json_.String(report_.set->rule(rule).rule_id);
    json_.EndArray();
    Hint(service::RewriteHint(price.kind));
  }

 private:
  void Count(std::string_view key, std::uint64_t value) {
    json_.Key(key);
    json_.Uint(value);
  }
  void Seconds(std::string_view key, double seconds) {
    json_.Key(key);
    if (report_.stats->timed()) {
      json_.Double(std::round(seconds * 1e6) / 1e6);
    } else {
      json_.Null();
    }
  }
  void Ratio(std::string_view key, double part, double whole) {
    json_.Key(key);
    if (whole > 0) {
      json_.Double(std::round(part / whole * 1e4) / 1e4);
    } else {
      json_.Null();
    }
  }
  void Share(std::string_view key, double seconds) {
    Ratio(key, seconds, report_.stats->match_seconds);
  }
  void Names(std::string_view key, const std::vector<std::string>& names) {
    json_.Key(key);
    json_.BeginArray();
    for (const std::string& name : names) json_.String(name);
    json_.EndArray();
  }
  void Hint(std::string_view hint) {
    if (!hint.empty()) json_.Member("hint", hint);
  }
  void Index(const service::ConditionIndex& index) {
    json_.BeginObject();
    json_.Member("index", service::IndexName(index.kind));
    Names("discriminators", index.discriminators);
    Names("low_fields", index.low_fields);
    Names("witness_fields", index.witness_fields);
    Count("witnesses", index.witnesses);
    json_.EndObject();
  }

  const RuleCostReport& report_;
  base::JsonWriter& json_;
};

/// Calls `visit` for as many as are to be shown.
template <class Items, class Visit>
void ForTop(const Items& items, std::size_t top, const Visit& visit) {
  const std::size_t count = top == 0 ? items.size() : std::min(top, items.size());
  for (std::size_t i = 0; i < count; ++i) visit(items[i]);
}

}  // namespace

std::string CostJson(const RuleCostReport& report) {
  std::string out;
  base::JsonWriter json(out);
  CostWriter writer(report, json);
  json.BeginObject();
  writer.Head();
  json.Key("rules");
  json.BeginArray();
  ForTop(report.prices->rules, report.top, [&](const RulePrice& price) {
    json.BeginObject();
    writer.Rule(price);
    json.EndObject();
  });
  json.EndArray();
  json.Key("predicates");
  json.BeginArray();
  ForTop(report.prices->predicates, report.top, [&](const PredicatePrice& price) {
    json.BeginObject();
    writer.Predicate(price);
    json.EndObject();
  });
  json.EndArray();
  json.EndObject();
  return out + "\n";
}

std::string CostLines(const RuleCostReport& report) {
  std::string out;
  const auto line = [&](std::string_view kind, const auto& write) {
    base::JsonWriter json(out);
    CostWriter writer(report, json);
    json.BeginObject();
    json.Member("kind", kind);
    write(writer);
    json.EndObject();
    out += '\n';
  };
  line("run", [](CostWriter& writer) { writer.Head(); });
  ForTop(report.prices->rules, report.top, [&](const RulePrice& price) {
    line("rule", [&](CostWriter& writer) { writer.Rule(price); });
  });
  ForTop(report.prices->predicates, report.top, [&](const PredicatePrice& price) {
    line("predicate", [&](CostWriter& writer) { writer.Predicate(price); });
  });
  return out;
}

}  // namespace vedette::cli
