// SPDX-License-Identifier: Apache-2.0
#include "engine/proof_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/stream_replay.h"
#include "eql/parser.h"
#include "rules/query_check.h"

namespace vedette::engine {
namespace {

using rules::ProofStream;

void RunStreams(const eql::Query& query, event::FieldTable& fields,
                const eql::CheckOptions& options, ProofReport& report) {
  StreamReplay replay(query, fields, options);
  for (const ProofStream& stream : report.proof.streams) {
    std::string why;
    const auto fired = replay.Fires(stream.events, why);
    if (!fired) {
      report.reasons.push_back(why);
    } else if (stream.must_fire() && !*fired) {
      report.reasons.push_back("the events made to fire it do not");
    } else if (!stream.must_fire()) {
      ++report.near_misses;
      if (*fired && stream.may_fire) {
        report.findings.push_back("fires also " + stream.name + ": its conditions overlap");
      } else if (*fired) {
        report.reasons.push_back("still fires " + stream.name);
      }
    }
  }
}

void Judge(ProofReport& report) {
  const rules::Proof& proof = report.proof;
  for (const std::string& text : proof.redundant) {
    report.findings.push_back("cannot be broken alone, the other conditions imply it: " + text);
  }
  for (const std::string& field : proof.needs_several) {
    report.findings.push_back("fires only when `" + field + "` holds several values at once");
  }
  for (const std::string& text : proof.undecided) {
    report.reasons.push_back("no near miss found for " + text);
  }
  if (!proof.contradiction.empty()) {
    report.verdict = ProofReport::Verdict::kNeverFires;
    report.reasons.insert(report.reasons.begin(), "can never fire: " + proof.contradiction);
    return;
  }
  if (!proof.unsupported.empty()) report.reasons.push_back(proof.unsupported);
  report.verdict =
      report.reasons.empty() ? ProofReport::Verdict::kProved : ProofReport::Verdict::kNotProved;
}

}  // namespace

std::string_view VerdictName(ProofReport::Verdict verdict) {
  switch (verdict) {
    case ProofReport::Verdict::kProved:
      return "proved";
    case ProofReport::Verdict::kNeverFires:
      return "never_fires";
    case ProofReport::Verdict::kNotProved:
      return "not_proved";
    case ProofReport::Verdict::kNotEql:
      return "not_eql";
  }
  return "";
}

ProofReport ProveQuery(const base::Source& source, eql::Dialect dialect,
                       const eql::CheckOptions& options, const rules::ProofLimits& limits) {
  ProofReport report;
  eql::ParseResult parsed = eql::Parse(source, dialect);
  std::vector<base::Diagnostic> diagnostics = std::move(parsed.diagnostics);
  event::FieldTable fields(event::EcsSchema());
  if (!parsed.query || !eql::Check(*parsed.query, fields, options, diagnostics)) {
    const auto error = std::find_if(
        diagnostics.begin(), diagnostics.end(),
        [](const base::Diagnostic& d) { return d.severity == base::Severity::kError; });
    report.reasons.push_back("does not compile" +
                             (error == diagnostics.end() ? std::string() : ": " + error->message));
    return report;
  }
  report.proof = rules::MakeProof(*parsed.query, options, limits);
  RunStreams(*parsed.query, fields, options, report);
  Judge(report);
  return report;
}

ProofReport ProveRule(const rules::Rule& rule, const rules::ProofLimits& limits) {
  if (rule.type != rules::RuleType::kEql || rule.query_source == nullptr) {
    ProofReport report;
    report.verdict = ProofReport::Verdict::kNotEql;
    report.reasons.push_back("not an EQL rule");
    return report;
  }
  return ProveQuery(*rule.query_source, rule.dialect(), rules::CheckOptionsFor(rule), limits);
}

}  // namespace vedette::engine
