// SPDX-License-Identifier: Apache-2.0
#include "rules/attack.h"

#include <algorithm>

namespace vedette::rules {

const std::vector<AttackTactic>& AllTactics() {
  static const std::vector<AttackTactic> tactics = {
      {"TA0043", "Reconnaissance", "reconnaissance"},
      {"TA0042", "Resource Development", "resource-development"},
      {"TA0001", "Initial Access", "initial-access"},
      {"TA0002", "Execution", "execution"},
      {"TA0003", "Persistence", "persistence"},
      {"TA0004", "Privilege Escalation", "privilege-escalation"},
      {"TA0005", "Defense Evasion", "defense-evasion"},
      {"TA0006", "Credential Access", "credential-access"},
      {"TA0007", "Discovery", "discovery"},
      {"TA0008", "Lateral Movement", "lateral-movement"},
      {"TA0009", "Collection", "collection"},
      {"TA0011", "Command and Control", "command-and-control"},
      {"TA0010", "Exfiltration", "exfiltration"},
      {"TA0040", "Impact", "impact"},
  };
  return tactics;
}

const std::vector<AttackTechnique>& AllTechniques() {
  static const std::vector<AttackTechnique> techniques = {
#include "rules/attack_table.inc"
  };
  return techniques;
}

const AttackTactic* FindTactic(std::string_view id) {
  for (const AttackTactic& tactic : AllTactics()) {
    if (tactic.id == id) return &tactic;
  }
  return nullptr;
}

const AttackTechnique* FindTechnique(std::string_view id) {
  const auto& all = AllTechniques();
  const auto found = std::lower_bound(
      all.begin(), all.end(), id, [](const AttackTechnique& technique, std::string_view wanted) {
        return technique.id < wanted;
      });
  return found != all.end() && found->id == id ? &*found : nullptr;
}

bool TechniqueInTactic(std::string_view technique_id, std::string_view tactic_id) {
  const AttackTactic* tactic = FindTactic(tactic_id);
  const AttackTechnique* technique = FindTechnique(technique_id);
  if (technique != nullptr && technique->tactics.empty()) {
    technique = FindTechnique(technique_id.substr(0, technique_id.find('.')));
  }
  if (tactic == nullptr || technique == nullptr || technique->tactics.empty()) return true;
  std::string_view rest = technique->tactics;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (rest.substr(0, comma) == tactic->short_name) return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

std::string TacticUrl(std::string_view id) {
  return "https://attack.mitre.org/tactics/" + std::string(id) + "/";
}

std::string TechniqueUrl(std::string_view id) {
  std::string path(id);
  const std::size_t dot = path.find('.');
  if (dot != std::string::npos) path[dot] = '/';
  return "https://attack.mitre.org/techniques/" + path + "/";
}

}  // namespace vedette::rules
