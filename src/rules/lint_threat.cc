// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "rules/attack.h"
#include "rules/lint_parts.h"

namespace vedette::rules {
namespace {

/// `TA` or `T` and four digits, with `.nnn` when `sub`.
bool WellFormed(std::string_view id, std::string_view prefix, bool sub) {
  if (id.substr(0, prefix.size()) != prefix) return false;
  id.remove_prefix(prefix.size());
  if (id.size() != (sub ? 8U : 4U) || (sub && id[4] != '.')) return false;
  return std::all_of(id.begin(), id.end(),
                     [&](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

void LintReference(const LintContext& lint, const AttackRef& ref, const std::string& key,
                   const std::string& expected) {
  if (ref.reference.empty() || ref.reference == expected) return;
  lint.Error(key + ".reference", "R014", "the reference of " + ref.id + " must be " + expected);
}

void LintTechnique(const LintContext& lint, const Threat& threat, const AttackRef& ref,
                   const std::string& key, bool sub) {
  if (!WellFormed(ref.id, "T", sub)) {
    lint.Error(key + ".id", "R014",
               "`" + ref.id + "` is no " + (sub ? "sub-" : "") + "technique id");
    return;
  }
  LintReference(lint, ref, key, TechniqueUrl(ref.id));
  const AttackTechnique* known = FindTechnique(ref.id);
  if (known == nullptr) {
    lint.Warn(key + ".id", "R014", "ATT&CK " + std::string(kAttackRelease) + " has no " + ref.id)
        .notes.emplace_back("a later release may have it");
    return;
  }
  if (!known->revoked_by.empty()) {
    auto& issue = lint.Error(key + ".id", "R014", ref.id + " is revoked");
    issue.help.push_back(known->revoked_by == kNoSuccessor
                             ? std::string("nothing took its place: leave it out")
                             : "its successor is " + std::string(known->revoked_by));
    return;
  }
  if (ref.name != known->name) {
    // Releases rename techniques now and then: only the public repository must follow at once.
    const std::string message =
        ref.id + " is \"" + std::string(known->name) + "\", not \"" + ref.name + "\"";
    if (lint.profile == Profile::kElastic) {
      lint.Error(key + ".name", "R014", message);
    } else {
      lint.Warn(key + ".name", "R014", message);
    }
  }
  if (!TechniqueInTactic(ref.id, threat.tactic.id)) {
    lint.Error(key + ".id", "R014",
               ref.id + " does not belong to tactic " + threat.tactic.id + " (" +
                   threat.tactic.name + ")");
  }
}

void LintTactic(const LintContext& lint, const Threat& threat, const std::string& key) {
  if (!WellFormed(threat.tactic.id, "TA", false)) {
    lint.Error(key + ".tactic.id", "R014", "`" + threat.tactic.id + "` is no tactic id");
    return;
  }
  const AttackTactic* known = FindTactic(threat.tactic.id);
  if (known == nullptr) {
    lint.Error(key + ".tactic.id", "R014", threat.tactic.id + " is no enterprise tactic");
    return;
  }
  LintReference(lint, threat.tactic, key + ".tactic", TacticUrl(threat.tactic.id));
  if (threat.tactic.name != known->name) {
    lint.Error(key + ".tactic.name", "R014",
               threat.tactic.id + " is \"" + std::string(known->name) + "\", not \"" +
                   threat.tactic.name + "\"");
  }
}

}  // namespace

void LintThreat(const LintContext& lint) {
  // Building blocks are parts of other rules, which carry the mapping.
  if (lint.rule.threat.empty() && lint.rule.building_block_type.empty()) {
    lint.Warn("threat", "R031", "the rule names no ATT&CK tactic or technique");
  }
  std::set<std::string> tactics;
  for (std::size_t i = 0; i < lint.rule.threat.size(); ++i) {
    const Threat& threat = lint.rule.threat[i];
    const std::string key = "threat." + std::to_string(i);
    if (threat.framework == "MITRE ATLAS") continue;  // ids of its own, no table here
    if (threat.framework != "MITRE ATT&CK") {
      lint.Error(key + ".framework", "R014", "`framework` must be \"MITRE ATT&CK\"");
    }
    LintTactic(lint, threat, key);
    if (!tactics.insert(threat.tactic.id).second) {
      lint.Error(key, "R014", "tactic " + threat.tactic.id + " has two entries: merge them");
    }
    for (std::size_t j = 0; j < threat.techniques.size(); ++j) {
      const ThreatTechnique& technique = threat.techniques[j];
      const std::string technique_key = key + ".technique." + std::to_string(j);
      LintTechnique(lint, threat, technique.ref, technique_key, false);
      for (std::size_t k = 0; k < technique.subtechniques.size(); ++k) {
        const AttackRef& sub = technique.subtechniques[k];
        const std::string sub_key = technique_key + ".subtechnique." + std::to_string(k);
        LintTechnique(lint, threat, sub, sub_key, true);
        if (sub.id.rfind(technique.ref.id + ".", 0) != 0) {
          lint.Error(sub_key + ".id", "R014", sub.id + " is not below " + technique.ref.id);
        }
      }
    }
  }
}

}  // namespace vedette::rules
