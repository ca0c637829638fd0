// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The ATT&CK Enterprise matrix for lint R014 and coverage: every tactic and every technique of one
/// release, withdrawn ones included. An id that is absent may belong to a later release.
namespace vedette::rules {

/// The release that the table was made from (schema/generate_attack.py).
inline constexpr std::string_view kAttackRelease = "18.1";
/// AttackTechnique::revoked_by of an entry that was withdrawn without a successor.
inline constexpr std::string_view kNoSuccessor = "-";

struct AttackTactic {
  std::string_view id;          ///< TA0003
  std::string_view name;        ///< Persistence
  std::string_view short_name;  ///< persistence; file names and tags begin with its words
};
struct AttackTechnique {
  std::string_view id;          ///< T1542 or T1542.001
  std::string_view name;        ///< a sub-technique's own part: "System Firmware"
  std::string_view tactics;     ///< comma-separated tactic short names; empty: its parent's
  std::string_view revoked_by;  ///< successor's id when the entry is revoked, or kNoSuccessor
};

/// Null when unknown. O(log n) and O(tactics).
const AttackTactic* FindTactic(std::string_view id);
const AttackTechnique* FindTechnique(std::string_view id);
const std::vector<AttackTactic>& AllTactics();
const std::vector<AttackTechnique>& AllTechniques();

/// Does the technique (or its parent) belong to the tactic? True when either is unknown here.
bool TechniqueInTactic(std::string_view technique_id, std::string_view tactic_id);

/// `https://attack.mitre.org/tactics/TA0003/`, `…/techniques/T1542/`, `…/techniques/T1542/001/`.
std::string TacticUrl(std::string_view id);
std::string TechniqueUrl(std::string_view id);

}  // namespace vedette::rules
