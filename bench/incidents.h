// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What is planted among the everyday events of a corpus: attacks on what a host boots, each in
/// several steps, and work of administrators and package managers that resembles them.
namespace vedette::bench {

enum class StepKind : std::uint8_t {
  kExec,     ///< `executable` runs `line`
  kCreate,   ///< `executable` creates `path`
  kRename,   ///< … renames something to `path`
  kModify,   ///< … writes to `path`
  kConnect,  ///< … connects to somewhere
};

/// One event of an incident. Slots `{…}` of `line` and `path` are those of CommandShape; `{tag}` is
/// the same eight digits in all steps of one incident.
struct IncidentStep {
  StepKind kind = StepKind::kExec;
  std::string_view executable;
  std::string_view line;
  std::string_view path;
  std::string_view parent;  ///< its executable; empty: the root shell
  bool bundled = false;     ///< a bundled rule reports exactly this step
};

struct IncidentKind {
  std::string_view name;
  bool benign = false;
  std::span<const IncidentStep> steps;
};

/// Twelve kinds of attack on the boot chain.
std::span<const IncidentKind> BootAttacks();
/// Three kinds that only look like one; no bundled rule reports any of their steps.
std::span<const IncidentKind> LookAlikes();

}  // namespace vedette::bench
